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
  | 'work'
  | 'series'
  | 'layout'
  | 'goal'
  | 'connection'
  | 'view'
  | 'notice';

/** People do not read faster: between two renderings of records at least this long. */
const QUIET_MS = 250;

export interface Timing {
  now(): number;
  /** Runs `work` once, `ms` later. */
  after(ms: number, work: () => void): void;
}

const REAL: Timing = {
  now: () => performance.now(),
  after: (ms, work) => void setTimeout(work, ms),
};

/** Tells listeners what changed: at once after a pause, else gathered, at most four times a second. */
export class Notifier {
  readonly #timing: Timing;
  readonly #listeners = new Map<() => void, ReadonlySet<Part>>();
  readonly #changed = new Set<Part>();
  #last = -Infinity;
  #planned = false;

  constructor(timing: Timing = REAL) {
    this.#timing = timing;
  }

  /** Returns the function that ends the subscription. */
  subscribe(parts: readonly Part[], listener: () => void): () => void {
    this.#listeners.set(listener, new Set(parts));
    return () => void this.#listeners.delete(listener);
  }

  changed(...parts: Part[]): void {
    for (const part of parts) this.#changed.add(part);
    if (this.#planned || this.#changed.size === 0) return;
    const wait = this.#last + QUIET_MS - this.#timing.now();
    if (wait <= 0) {
      this.#tell();
      return;
    }
    this.#planned = true;
    this.#timing.after(wait, () => {
      this.#planned = false;
      this.#tell();
    });
  }

  /** For what the person did themselves: shown in the same moment, without a place in the queue. */
  now(...parts: Part[]): void {
    for (const [listener, wanted] of [...this.#listeners])
      if (parts.some((part) => wanted.has(part))) listener();
  }

  #tell(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#last = this.#timing.now();
    this.now(...changed);
  }
}
