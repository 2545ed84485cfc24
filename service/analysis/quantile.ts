/** Exact figures of a list of values; null where there is none. */

export interface Spread {
  count: number;
  avg: number | null;
  min: number | null;
  max: number | null;
  p50: number | null;
  p95: number | null;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const avg = count === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / count;
  const [min = null, max = null] = [sorted[0], sorted.at(-1)];
  return { count, avg, min, max, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/**
 * The quantile `q` (0-1) of values in ascending order, between neighbours by their distance: definition 7 of Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", 1996, as numpy and R have it.
 */
function quantile(sorted: readonly number[], q: number): number | null {
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (at - Math.floor(at));
}
