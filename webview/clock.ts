import type { Listener } from './notifier.ts';
import type { ServiceTime } from './serviceTime.ts';
import { inSlices } from './slices.ts';

/** Times on the screen grow together: one timer for the whole page, and none while the page is hidden. */
const RUNNING_MS = 500;
const RESTING_MS = 10_000;

export class Clock {
  readonly #runs: () => boolean;
  readonly #time: ServiceTime;
  readonly #listeners = new Set<Listener>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `runs` says whether a time on the screen grows by the second. */
  constructor(runs: () => boolean, time: ServiceTime) {
    this.#runs = runs;
    this.#time = time;
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  /** The service's time, epoch milliseconds. */
  now(): number {
    return this.#time.now();
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#plan();
    return () => void this.#listeners.delete(listener);
  }

  /** To be called when something starts or ends to run. */
  wake(): void {
    this.#plan();
  }

  #tick(): void {
    // The next tick is planned when this one is done: a slow page has fewer of them.
    void inSlices(this.#all()).finally(() => this.#plan());
  }

  *#all(): Generator<Listener> {
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) yield listener;
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (document.hidden || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => this.#tick(), this.#runs() ? RUNNING_MS : RESTING_MS);
  }
}
