/**
 * Epoch time for what is stored and judged. It follows the wall clock, except that it never runs back: when the clock is
 * set back, time goes on from where it was until the clock has caught up. Jumps forward (a clock set right, a machine
 * that slept) are remembered: nothing was heard and nothing ran meanwhile.
 */
import type { Clock } from './clock.ts';

interface Jump {
  /** Epoch milliseconds before and after it. */
  from: number;
  to: number;
}

/** A clock that is slewed, or a process that waits for the processor, stays far below. */
const JUMP_MS = 5000;
/** More jumps than this are not remembered. */
const MAX_JUMPS = 32;

export class SteadyTime {
  readonly #clock: Clock;
  #now: number;
  #elapsed: number;
  #jumps: Jump[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#now = clock.now();
    this.#elapsed = clock.elapsed();
  }

  /** Epoch milliseconds, never less than before. */
  now(): number {
    const elapsed = this.#clock.elapsed();
    const expected = this.#now + elapsed - this.#elapsed;
    const wall = this.#clock.now();
    if (wall - expected > JUMP_MS) this.#jumped({ from: expected, to: wall });
    this.#now = Math.max(wall, expected);
    this.#elapsed = elapsed;
    return Math.floor(this.#now);
  }

  /** Goes on after `time`, as far as that is later: the clock may have been set back while no service ran. */
  notBefore(time: number): void {
    if (time - this.#now < MAX_AHEAD_MS) this.#now = Math.max(this.#now, time);
  }

  /** Epoch milliseconds of the end of the last jump; 0 when there was none. */
  get jumpedAt(): number {
    return this.#jumps.at(-1)?.to ?? 0;
  }

  /** Milliseconds that passed between two times, without those that the clock only jumped over. */
  passed(from: number, to: number): number {
    let passed = to - from;
    for (const jump of this.#jumps) {
      if (jump.from >= from && jump.to <= to) passed -= jump.to - jump.from;
    }
    return Math.max(0, passed);
  }

  #jumped(jump: Jump): void {
    this.#jumps.push(jump);
    if (this.#jumps.length > MAX_JUMPS) this.#jumps.shift();
  }
}

/** Times further ahead come from a clock that was wrong altogether. */
const MAX_AHEAD_MS = 86_400_000;
