/** Durations that are not known yet, as a log-normal distribution: its quantiles, and those of what is still running. */

/** `ln(duration in ms)` lies around `mu`, with the standard deviation `sigma`. */
export interface Likely {
  mu: number;
  sigma: number;
}

/** The standard normal value that 90 % lie below. */
export const Z90 = 1.2815515655446004;
/** Durations beyond it (3,000 years) are no news, and dates end. */
const MOST_LOG = Math.log(1e14);
const LEAST_MS = 1;

/** Milliseconds that the share `q` (0-1) of durations lies below. */
export function quantileOf({ mu, sigma }: Likely, q: number): number {
  return msOf(mu + sigma * normalQuantile(q));
}

/**
 * The same of a duration that has lasted `elapsed` ms already: always more than that. Beyond the 90 % it is taken for
 * evidence that the spread is larger than was thought, so that the range widens while it goes on: with a fixed spread the
 * rest would be expected to become ever shorter against what has passed.
 */
export function quantileBeyond(likely: Likely, elapsed: number, q: number): number {
  if (!(elapsed > 0)) return quantileOf(likely, q);
  const { mu } = likely;
  const gone = Math.log(elapsed);
  const sigma = Math.max(likely.sigma, 1e-6, (gone - mu) / Z90);
  const below = normalCdf((gone - mu) / sigma);
  const ms = msOf(mu + sigma * normalQuantile(below + q * (1 - below)));
  return Math.max(elapsed, ms);
}

/** Two independent guesses at the same duration, each counting by how sure it is (inverse variance). */
export function combined(a: Likely, b: Likely): Likely {
  const [va, vb] = [a.sigma ** 2, b.sigma ** 2];
  if (!(va > 0)) return a;
  if (!(vb > 0)) return b;
  return { mu: (a.mu * vb + b.mu * va) / (va + vb), sigma: Math.sqrt((va * vb) / (va + vb)) };
}

/** Milliseconds, at least 1: an end is never in the past. */
export function msOf(log: number): number {
  return Math.max(LEAST_MS, Math.exp(Math.min(log, MOST_LOG)));
}

/** What is left of a duration that has lasted so long, as a distribution of its own. */
export function restLikely(likely: Likely, elapsed: number): Likely {
  const at = (q: number) => quantileBeyond(likely, elapsed, q) - elapsed;
  return likelyOf(at(0.1), at(0.5), at(0.9));
}

/** The log-normal distribution with that median, as wide as the two tenths are apart. */
export function likelyOf(low: number, median: number, high: number): Likely {
  const [bottom, middle, top] = [low, median, high].map((ms) => Math.log(Math.max(LEAST_MS, ms)));
  const spread = ((top ?? 0) - (bottom ?? 0)) / (2 * Z90);
  return { mu: middle ?? 0, sigma: Math.max(0.01, spread) };
}

/** The standard normal distribution, error below 7.5e-8: Abramowitz and Stegun, 1964, formula 26.2.17. */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = Math.exp((-z * z) / 2) * 0.3989422804014327 * poly;
  return z >= 0 ? 1 - tail : tail;
}

/** Its inverse, error below 4.5e-4: Abramowitz and Stegun, 1964, formula 26.2.23. Cut off at 1e-9 from both ends. */
export function normalQuantile(q: number): number {
  const share = Math.min(1 - 1e-9, Math.max(1e-9, q));
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const z =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return share < 0.5 ? -z : z;
}
