/** A straight line through points, of which up to 29 % may be anything. */

export interface Slope {
  /** Units a millisecond; `low` and `high` bound it in 9 of 10 cases. */
  slope: number;
  low: number;
  high: number;
  /** Of the line, at the time of the last point. */
  level: number;
  /** How far the points lie from the line, as a standard deviation would be. */
  scatter: number;
  /** -1 to 1: how often the later of two points is the higher one, less how often it is the lower one. */
  rising: number;
}

/** Of the normal distribution, for 90 %. */
const Z = 1.645;
/** Makes a median of distances what a standard deviation is, for normal errors. */
const MAD_TO_SIGMA = 1.4826;

/**
 * The median of the slopes of all pairs, with bounds from the distribution of Kendall's S (Sen, "Estimates of the
 * Regression Coefficient Based on Kendall's Tau", JASA 63, 1968; Theil 1950). Null of fewer than 3 points of different
 * times. The cost grows with the square of the points: give it tens, not thousands.
 */
export function slopeOf(times: readonly number[], values: readonly number[]): Slope | null {
  const slopes: number[] = [];
  let balance = 0;
  for (let i = 0; i < times.length; i++) {
    for (let j = i + 1; j < times.length; j++) {
      const span = (times[j] ?? NaN) - (times[i] ?? NaN);
      const rise = (values[j] ?? NaN) - (values[i] ?? NaN);
      if (!(span > 0) || !Number.isFinite(rise)) continue;
      slopes.push(rise / span);
      balance += Math.sign(rise);
    }
  }
  if (slopes.length < 3) return null;
  const sorted = Float64Array.from(slopes).sort();
  const n = times.length;
  const reach = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (place: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(place)))] ?? NaN;
  const slope = middle(sorted);
  const end = times.at(-1) ?? 0;
  const levels = times.map((time, i) => (values[i] ?? 0) + slope * (end - time));
  const level = middle(Float64Array.from(levels).sort());
  const off = middle(Float64Array.from(levels, (one) => Math.abs(one - level)).sort());
  return {
    slope,
    low: at((sorted.length - reach) / 2),
    high: at((sorted.length + reach) / 2),
    level,
    scatter: off * MAD_TO_SIGMA,
    rising: balance / sorted.length,
  };
}

function middle(sorted: Float64Array): number {
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? NaN) + (sorted[Math.ceil(half)] ?? NaN)) / 2;
}
