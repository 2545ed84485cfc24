/** The numbers behind boxes, violins and histograms. Values that are no numbers are left out by the callers' `finite`. */

export function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

export function sorted(values: readonly (number | null)[]): number[] {
  return finite(values).sort((a, b) => a - b);
}

/**
 * The value below which a share of the sorted values lies, between two values by interpolation: R's and NumPy's default
 * (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996).
 */
export function quantile(ascending: readonly number[], share: number): number {
  const place = (ascending.length - 1) * share;
  const low = ascending[Math.floor(place)] ?? NaN;
  const high = ascending[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

export interface Box {
  count: number;
  low: number;
  p25: number;
  median: number;
  p75: number;
  high: number;
  /** Beyond the whiskers, lowest first. */
  outliers: readonly number[];
  mean: number;
}

/**
 * `low` and `high` are the ends of the whiskers: the last values within 1.5 times the box beyond it; what is farther out
 * is an outlier (Tukey, Exploratory Data Analysis, 1977). Null without values.
 */
export function boxOf(values: readonly (number | null)[]): Box | null {
  const all = sorted(values);
  if (all.length === 0) return null;
  const p25 = quantile(all, 0.25);
  const p75 = quantile(all, 0.75);
  const reach = 1.5 * (p75 - p25);
  const within = all.filter((value) => value >= p25 - reach && value <= p75 + reach);
  return {
    count: all.length,
    // A box may lie between values: its whiskers then begin at the box.
    low: Math.min(within[0] ?? p25, p25),
    high: Math.max(within.at(-1) ?? p75, p75),
    ...{ p25, p75, median: quantile(all, 0.5), mean: meanOf(all) },
    outliers: all.filter((value) => value < p25 - reach || value > p75 + reach),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((mean, value, index) => mean + (value - mean) / (index + 1), 0);
}

function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * How wide the kernel is: 0.9 min(s, IQR / 1.34) n^(-1/5), the rule of thumb of Silverman (Density Estimation for Statistics
 * and Data Analysis, 1986, equation 3.31). 0 where all values are one.
 */
export function bandwidth(ascending: readonly number[]): number {
  const spread = (quantile(ascending, 0.75) - quantile(ascending, 0.25)) / 1.34;
  const deviation = deviationOf(ascending);
  // Half of the values may be one: then the deviation alone says how far they spread.
  const scale = spread > 0 ? Math.min(deviation, spread) : deviation;
  return 0.9 * scale * ascending.length ** -0.2;
}

/** How dense the values lie at `at`. Densities are per unit of the values: their area is 1. */
export interface Density {
  at: number;
  density: number;
}

/** Beyond this many bandwidths a Gaussian adds less than a thousandth of its top. */
const REACH = 4;

/**
 * A Gaussian kernel density at `steps` places over the values' range, which is cut at the lowest and highest value: nothing
 * shorter or longer was seen. Empty without values; one place without spread.
 */
export function densityOf(values: readonly (number | null)[], steps = 64): Density[] {
  const all = sorted(values);
  const [lowest] = all;
  const highest = all.at(-1);
  if (lowest === undefined || highest === undefined) return [];
  const width = bandwidth(all);
  if (width === 0 || lowest === highest) return [{ at: lowest, density: 1 }];
  const factor = 1 / (all.length * width * Math.sqrt(2 * Math.PI));
  // Values that lie closer together than numbers can divide are one place.
  if (!Number.isFinite(factor)) return [{ at: lowest, density: 1 }];
  return Array.from({ length: steps }, (_, step) => {
    const at = lowest + ((highest - lowest) * step) / (steps - 1);
    return { at, density: factor * kernelSum(all, at, width) };
  });
}

function kernelSum(ascending: readonly number[], at: number, width: number): number {
  let sum = 0;
  for (let n = firstFrom(ascending, at - REACH * width); n < ascending.length; n++) {
    const apart = ((ascending[n] as number) - at) / width;
    if (apart > REACH) break;
    sum += Math.exp(-0.5 * apart * apart);
  }
  return sum;
}

/** Index of the first value at or above `value`. */
function firstFrom(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Values from `from` up to, and in the last bin with, `to`. */
export interface Bin {
  from: number;
  to: number;
  count: number;
}

/**
 * Bins of one width after Freedman and Diaconis (2 IQR n^(-1/3); "On the histogram as a density estimator", 1981), at most
 * `most`; without a spread between the quartiles after Sturges. Every value is in one bin.
 */
export function histogram(values: readonly (number | null)[], most = 40): Bin[] {
  const all = sorted(values);
  const [lowest] = all;
  const highest = all.at(-1);
  if (lowest === undefined || highest === undefined) return [];
  const range = highest - lowest;
  if (range === 0) return [{ from: lowest, to: highest, count: all.length }];
  const count = Math.max(1, Math.min(most, binCount(all, range)));
  const bins = Array.from({ length: count }, (_, index) => ({
    from: lowest + (range * index) / count,
    to: index === count - 1 ? highest : lowest + (range * (index + 1)) / count,
    count: 0,
  }));
  for (const value of all) {
    const bin = bins[Math.min(count - 1, Math.floor(((value - lowest) / range) * count))];
    if (bin !== undefined) bin.count++;
  }
  return bins;
}

function binCount(ascending: readonly number[], range: number): number {
  const spread = quantile(ascending, 0.75) - quantile(ascending, 0.25);
  const width = 2 * spread * ascending.length ** (-1 / 3);
  if (width > 0) return Math.ceil(range / width);
  return Math.ceil(Math.log2(ascending.length)) + 1;
}
