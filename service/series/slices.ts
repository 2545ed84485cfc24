/** Long work in short pieces. */

/** Milliseconds of work between two pauses. */
const SLICE_MS = 5;

/** Lets others run when the last time is a while ago. */
export class Slices {
  readonly #pause: () => Promise<void>;
  #since = performance.now();

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  async step(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return;
    await this.#pause();
    this.#since = performance.now();
  }
}
