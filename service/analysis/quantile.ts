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
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const avg = meanOf(values);
  const [min = null, max = null] = [sorted[0], sorted.at(-1)];
  return { count, avg, min, max, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/** First quartile, median and third quartile of at least one value. */
export function quartilesOf(values: readonly number[]): {
  low: number;
  median: number;
  high: number;
} {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number) => quantile(sorted, q) ?? Number.NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/**
 * The quantile `q` (0-1) of values in ascending order, between neighbours by their distance: definition 7 of Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", 1996, as numpy and R have it.
 */
function quantile(sorted: Float64Array, q: number): number | null {
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (at - Math.floor(at));
}

/** What `of` gives of each item, without what is not known. */
export function known<T>(items: readonly T[], of: (item: T) => number | null): number[] {
  const values: number[] = [];
  for (const item of items) {
    const value = of(item);
    if (value !== null) values.push(value);
  }
  return values;
}

export function meanOf(values: readonly number[]): number | null {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? null : sum / values.length;
}
