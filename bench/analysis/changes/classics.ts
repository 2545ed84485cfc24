/** The two methods ours is held against: a change of the mean of values with variance 1, as the R package changepoint has them. */

/** Sums from the start, so that the cost of any segment is known at once. */
class Costs {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  /** Values with mean 0 and variance 1, as the benchmark of the dataset gives them to every method. */
  constructor(values: readonly number[]) {
    const n = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
    const deviation = Math.sqrt(variance) || 1;
    this.#sums = new Float64Array(n + 1);
    this.#squares = new Float64Array(n + 1);
    values.forEach((value, i) => {
      const scaled = (value - mean) / deviation;
      this.#sums[i + 1] = (this.#sums[i] ?? 0) + scaled;
      this.#squares[i + 1] = (this.#squares[i] ?? 0) + scaled * scaled;
    });
  }

  /** Squared distances of the values in [from, to) from their mean: twice the negative log likelihood. */
  of(from: number, to: number): number {
    const sum = (this.#sums[to] ?? 0) - (this.#sums[from] ?? 0);
    const squares = (this.#squares[to] ?? 0) - (this.#squares[from] ?? 0);
    return squares - (sum * sum) / (to - from);
  }
}

/** BIC: a point adds its place and one mean. */
function penaltyOf(values: readonly number[]): number {
  return 2 * Math.log(values.length);
}

/** PELT (Killick, Fearnhead and Eckley, 2012): the cheapest of all segmentations, candidates dropped that cannot win any more. */
export function pelt(values: readonly number[]): number[] {
  const [costs, penalty, n] = [new Costs(values), penaltyOf(values), values.length];
  const cheapest = new Float64Array(n + 1).fill(-penalty, 0, 1);
  const last = new Int32Array(n + 1);
  let candidates = [0];
  for (let to = 1; to <= n; to++) {
    const prices = candidates.map((from) => (cheapest[from] ?? 0) + costs.of(from, to));
    const best = Math.min(...prices);
    cheapest[to] = best + penalty;
    last[to] = candidates[prices.indexOf(best)] ?? 0;
    candidates = [...candidates.filter((_, i) => (prices[i] ?? 0) <= (cheapest[to] ?? 0)), to];
  }
  const points: number[] = [];
  for (let to = last[n] ?? 0; to > 0; to = last[to] ?? 0) points.push(to);
  return points.reverse();
}

/** Binary segmentation (Scott and Knott, 1974): splits the part that gains most, as long as it gains more than the penalty. */
export function binarySegmentation(values: readonly number[]): number[] {
  const [costs, penalty] = [new Costs(values), penaltyOf(values)];
  const points: number[] = [];
  const divide = (from: number, to: number): void => {
    let best = { at: 0, gain: penalty };
    for (let at = from + 1; at < to; at++) {
      const gain = costs.of(from, to) - costs.of(from, at) - costs.of(at, to);
      if (gain > best.gain) best = { at, gain };
    }
    if (best.at === 0) return;
    divide(from, best.at);
    points.push(best.at);
    divide(best.at, to);
  };
  if (values.length > 1) divide(0, values.length);
  return points;
}
