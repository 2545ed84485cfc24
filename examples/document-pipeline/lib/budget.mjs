// @ts-check

/** A clock that cannot jump, in seconds. */
export const seconds = () => performance.now() / 1_000;

/**
 * Divides the time a run shall take. Phases whose work can be made finer (more hash functions, more k-means runs)
 * measure how long one round takes and choose how many rounds fit.
 */
export class Budget {
  #start = seconds();

  /** @param {number} total seconds the whole run shall take */
  constructor(total) {
    this.total = total;
  }

  /**
   * How many rounds of equal work fit until `share` of the run's time is over, at the speed measured so far.
   * @param {{ share: number, done: number, spent: number, min: number, max?: number }} measured
   * `spent` is the seconds that `done` rounds took.
   */
  rounds({ share, done, spent, min, max = Infinity }) {
    if (done === 0) return min;
    const left = this.#start + this.total * share - seconds();
    const more = Math.floor(left / Math.max(spent / done, 1e-6));
    return Math.min(max, Math.max(min, done + Math.max(0, more)));
  }
}
