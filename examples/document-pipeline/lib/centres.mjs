// @ts-check

/** The centres of k-means clusters on the unit sphere. */
export class Centres {
  /** @type {Float32Array} the centres, one after the other */
  values;
  /** How many vectors each centre has seen: a centre that has seen many moves less. */
  #seen;

  /**
   * @param {number} k
   * @param {number} dimensions
   */
  constructor(k, dimensions) {
    this.k = k;
    this.dimensions = dimensions;
    this.values = new Float32Array(k * dimensions);
    this.#seen = new Float64Array(k);
  }

  /**
   * Starts each centre at one of the vectors given.
   * @param {Float32Array[]} seeds vectors, one after the other, by worker
   * @param {() => number} random
   */
  start(seeds, random) {
    const usable = seeds.filter(({ length }) => length > 0);
    for (let centre = 0; centre < this.k; centre++) {
      const at = centre * this.dimensions;
      const from = usable[Math.floor(random() * usable.length)]?.subarray(at, at + this.dimensions);
      if (from) this.values.set(from, at);
    }
  }

  /**
   * Moves each centre towards the mean of the vectors that were nearest to it.
   * @param {Float32Array} sums
   * @param {Uint32Array} counts
   */
  move(sums, counts) {
    counts.forEach((count, centre) => {
      if (count === 0) return;
      const seen = (this.#seen[centre] ?? 0) + count;
      this.#seen[centre] = seen;
      const at = centre * this.dimensions;
      const values = this.values.subarray(at, at + this.dimensions);
      const sum = sums.subarray(at, at + this.dimensions);
      const rate = count / seen;
      values.forEach(
        (value, i) => (values[i] = value * (1 - rate) + ((sum[i] ?? 0) / count) * rate),
      );
      toLengthOne(values);
    });
  }
}

/** @param {Float32Array} values */
function toLengthOne(values) {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) values.forEach((value, i) => (values[i] = value / length));
}
