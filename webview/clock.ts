/** Times on the screen grow together: one timer for the whole page, and none while the page is hidden. */
const RUNNING_MS = 500;
const RESTING_MS = 10_000;

export class Clock {
  readonly #runs: () => boolean;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `runs` says whether a time on the screen grows by the second. */
  constructor(runs: () => boolean) {
    this.#runs = runs;
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  now(): number {
    return Date.now();
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#plan();
    return () => void this.#listeners.delete(listener);
  }

  /** To be called when something starts or ends to run. */
  wake(): void {
    this.#plan();
  }

  #tick(): void {
    for (const listener of [...this.#listeners]) listener();
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (document.hidden || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => this.#tick(), this.#runs() ? RUNNING_MS : RESTING_MS);
  }
}
