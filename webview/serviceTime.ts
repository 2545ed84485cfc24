/** Shorter is the way of the word from service to page, or a page that was busy: the clocks are the same. */
const WAY_MS = 2_000;

/**
 * What time it is for the service. All records are told by its clock, and the page may be on another machine with another
 * one: whatever is reckoned from now, such as how long something has been running, is reckoned from here. In epoch
 * milliseconds.
 */
export class ServiceTime {
  readonly #own: () => number;
  #ahead = 0;

  /** `own` is the clock of the page. */
  constructor(own: () => number = Date.now) {
    this.#own = own;
  }

  now(): number {
    return this.#own() + this.#ahead;
  }

  /** The service says what time it is. */
  heard(now: number): void {
    const ahead = now - this.#own();
    this.#ahead = Math.abs(ahead) < WAY_MS ? 0 : ahead;
  }
}
