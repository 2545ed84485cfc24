import { inSlices, PAGE, type Turns } from './slices.ts';

/** The parts of what is shown that can change; an element listens to those it shows. */
export type Part =
  | 'jobs'
  | 'selection'
  | 'phases'
  | 'sub_phases'
  | 'logs'
  | 'artifacts'
  | 'resources'
  | 'alerts'
  /** Rules, channels, silences, notifications: they are asked for by GET. */
  | 'definitions'
  | 'work'
  | 'series'
  /** The critical path of the shown job: it is asked for by GET. */
  | 'path'
  | 'layout'
  | 'goal'
  | 'connection'
  | 'view'
  | 'notice';

/** Between two renderings of records at least this long, and at least half as long as the last one took. */
const QUIET_MS = 60;
const MOST_QUIET_MS = 500;

export interface Timing extends Turns {
  /** Runs `work` once, `ms` later. */
  after(ms: number, work: () => void): void;
}

const REAL: Timing = { ...PAGE, after: (ms, work) => void setTimeout(work, ms) };

/** Does what a change asks for; a promise where that takes until later. */
export type Listener = () => unknown;

/**
 * Tells listeners what changed: at once after a pause, else gathered, and not for more than two thirds of the time.
 * One after the other, in slices: all of a large page at once would be felt.
 */
export class Notifier {
  readonly #timing: Timing;
  readonly #quiet: number;
  readonly #listeners = new Map<Listener, ReadonlySet<Part>>();
  readonly #changed = new Set<Part>();
  /** Before this moment nobody is told again. */
  #quietUntil = -Infinity;
  #planned = false;

  /** `quiet` is the least time between two tellings, milliseconds. */
  constructor(timing: Timing = REAL, quiet = QUIET_MS) {
    this.#timing = timing;
    this.#quiet = quiet;
  }

  /** Returns the function that ends the subscription. */
  subscribe(parts: readonly Part[], listener: Listener): () => void {
    this.#listeners.set(listener, new Set(parts));
    return () => void this.#listeners.delete(listener);
  }

  changed(...parts: Part[]): void {
    for (const part of parts) this.#changed.add(part);
    this.#plan();
  }

  /** For what the person did themselves: shown in the same moment, without a place in the queue. */
  now(...parts: Part[]): void {
    for (const listener of this.#of(parts)) listener();
  }

  #plan(): void {
    if (this.#planned || this.#changed.size === 0) return;
    this.#planned = true;
    const wait = this.#quietUntil - this.#timing.now();
    if (wait <= 0) void this.#tell();
    else this.#timing.after(wait, () => void this.#tell());
  }

  async #tell(): Promise<void> {
    const begin = this.#timing.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      await inSlices(this.#of(changed), this.#timing);
      await this.#timing.drawn();
    } finally {
      const end = this.#timing.now();
      this.#quietUntil = end + Math.min(MOST_QUIET_MS, Math.max(this.#quiet, (end - begin) / 2));
      this.#planned = false;
      this.#plan();
    }
  }

  /** Who listens to one of these, without those that leave meanwhile. */
  *#of(parts: readonly Part[]): Generator<Listener> {
    for (const [listener, wanted] of [...this.#listeners])
      if (this.#listeners.has(listener) && parts.some((part) => wanted.has(part))) yield listener;
  }
}
