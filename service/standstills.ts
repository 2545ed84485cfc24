/**
 * When this service did not run although time went on: it was stopped, the machine slept, its clock was set. Nobody was
 * heard then, and what was sent still waits in its sockets.
 */
import type { SteadyTime } from './steadyTime.ts';

interface Standstill {
  /** Epoch milliseconds of its end, and how long it was. */
  end: number;
  ms: number;
}

const TICK_MS = 1000;
/** A standstill of this share of the time that makes somebody silent, or of so many milliseconds, may be the reason. */
const LONG_SHARE = 1 / 4;
const LONG_MS = 500;
/** So many are remembered. */
const MAX_KEPT = 32;

export class Standstills {
  readonly #time: Pick<SteadyTime, 'now' | 'passed' | 'jumpedAt'>;
  readonly #elapsed: () => number;
  readonly #startedAt: number;
  /** The last tick on the machine's own monotonic clock, which goes on while this process is stopped. */
  #tickedAt: number;
  #kept: Standstill[] = [];

  constructor(
    time: Pick<SteadyTime, 'now' | 'passed' | 'jumpedAt'>,
    elapsed: () => number = () => performance.now(),
  ) {
    this.#time = time;
    this.#elapsed = elapsed;
    this.#startedAt = time.now();
    this.#tickedAt = elapsed();
  }

  /** To be called every second. */
  tick(now: number): void {
    const at = this.#elapsed();
    const ms = at - this.#tickedAt - TICK_MS;
    this.#tickedAt = at;
    if (ms < LONG_MS) return;
    this.#kept.push({ ms, end: now });
    if (this.#kept.length <= MAX_KEPT) return;
    const shortest = this.#kept.reduce((a, b) => (b.ms < a.ms ? b : a));
    this.#kept = this.#kept.filter((one) => one !== shortest);
  }

  /** Epoch milliseconds since when somebody who was silent for `after` would have been heard. */
  listeningSince(after: number): number {
    const long = this.#kept.findLast(({ ms }) => ms >= after * LONG_SHARE);
    return Math.max(this.#startedAt, this.#time.jumpedAt, long?.end ?? 0);
  }

  /** Milliseconds from one time to another in which the service ran. */
  passed(from: number, to: number): number {
    let passed = this.#time.passed(from, to);
    for (const { ms, end } of this.#kept)
      if (end > from && end <= to) passed -= Math.min(ms, end - from);
    return Math.max(0, passed);
  }
}
