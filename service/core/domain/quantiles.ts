/**
 * A quantile sketch as plain rows: values fall into bins that grow by a constant factor, so that any quantile is right to
 * 1 % of its value (DDSketch: Masson, Rim, Lee, VLDB 2019). Bins are counts: what was added can be taken out again, and
 * the order of both does not matter.
 */

export interface Quantiles {
  count: number;
  /** How many were 0, or too small to tell from it. */
  zeros: number;
  /** Bin -> count; the bin of x is ceil(log(x) / log(GAMMA)). */
  bins: Map<number, number>;
}

/** A little better than the 1 % that is promised, so that rounding cannot break the promise. */
const ACCURACY = 0.009;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
const SMALLEST = 1e-9;

export function newQuantiles(): Quantiles {
  return { count: 0, zeros: 0, bins: new Map() };
}

/** Adds a value `times` times; takes it out when that is negative. Only take out what was added. */
export function countValue(quantiles: Quantiles, value: number, times: number): void {
  quantiles.count += times;
  if (value < SMALLEST) {
    quantiles.zeros += times;
    return;
  }
  const bin = Math.ceil(Math.log(value) / LOG_GAMMA);
  const count = (quantiles.bins.get(bin) ?? 0) + times;
  if (count === 0) quantiles.bins.delete(bin);
  else quantiles.bins.set(bin, count);
}

/** The value below which the share `q` (0-1) of the values lies; null without values. */
export function quantile(quantiles: Quantiles, q: number): number | null {
  return quantilesAt(quantiles, [q])[0] ?? null;
}

/** Several quantiles in one pass; `shares` in rising order. */
export function quantilesAt(
  { count, zeros, bins }: Quantiles,
  shares: readonly number[],
): (number | null)[] {
  if (count <= 0) return shares.map(() => null);
  const ordered = [...bins].sort(([a], [b]) => a - b);
  let at = -1;
  let below = zeros;
  return shares.map((share) => {
    const rank = share * (count - 1);
    while (below <= rank && at < ordered.length - 1) below += ordered[++at]?.[1] ?? 0;
    return at < 0 ? 0 : valueOf(ordered[at]?.[0] ?? 0);
  });
}

/** The middle of a bin: no value of the bin is farther from it than ACCURACY. */
function valueOf(bin: number): number {
  return (2 * GAMMA ** bin) / (GAMMA + 1);
}
