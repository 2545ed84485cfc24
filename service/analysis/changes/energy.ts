/** Where a stretch of values falls best into two parts: the search of E-Divisive. */

export interface Split {
  /** Index of the first value of the second part, and of the first one after it. */
  at: number;
  end: number;
  /** The divergence of the two parts, more than 0. */
  divergence: number;
}

/**
 * The two neighbouring parts `[from, at)` and `[at, end)` of `values[from..to)` that are the furthest apart, each of
 * `least` values or more; null where the stretch is too short or nothing tells parts apart. The second part may end before
 * the stretch does, so that what returns to where it was is seen as well. Matteson and James, "A Nonparametric Approach
 * for Multiple Change Point Analysis of Multivariate Data" (2014), with alpha = 1. Time and memory grow with the square of
 * the length.
 */
export function bestSplit(
  values: Float64Array,
  [from, to]: readonly [number, number],
  least: number,
): Split | null {
  const sums = new Distances(values.subarray(from, to));
  const length = to - from;
  let best: Split | null = null;
  for (let at = least; at <= length - least; at++)
    for (let end = at + least; end <= length; end++) {
      const divergence = sums.divergence(at, end);
      if (divergence > (best?.divergence ?? 0))
        best = { at: from + at, end: from + end, divergence };
    }
  return best;
}

/** Distances of all pairs, summed so that each question is answered at once. */
class Distances {
  readonly #width: number;
  /** At [i, j]: of the first i values to the first j. */
  readonly #sums: Float64Array;

  constructor(values: Float64Array) {
    const width = values.length + 1;
    const sums = new Float64Array(width * width);
    for (let i = 1; i < width; i++) {
      let row = 0;
      for (let j = 1; j < width; j++) {
        row += Math.abs((values[i - 1] ?? 0) - (values[j - 1] ?? 0));
        sums[i * width + j] = (sums[(i - 1) * width + j] ?? 0) + row;
      }
    }
    this.#width = width;
    this.#sums = sums;
  }

  /** The Q of the paper: how far the parts are from each other, less how far their values are among themselves. */
  divergence(at: number, end: number): number {
    const [m, n] = [at, end - at];
    const first = this.#of(at, at);
    const across = this.#of(at, end) - first;
    const second = this.#of(end, end) - first - 2 * across;
    const among = (m > 1 ? first / (m * (m - 1)) : 0) + (n > 1 ? second / (n * (n - 1)) : 0);
    return ((m * n) / (m + n)) * ((2 * across) / (m * n) - among);
  }

  #of(i: number, j: number): number {
    return this.#sums[i * this.#width + j] ?? 0;
  }
}
