/** How long something usually takes, from how long it took before. */
import { type Likely, msOf, quantileOf } from './likely.ts';
import { PARAMETERS } from './parameters.ts';

/** One duration of the past. */
export interface PastTime {
  ms: number;
  /** What was done in it: items, or bytes; null where it was not told. */
  size: number | null;
  /** How much like the run in question it was, above 0 to 1: labels in common. */
  likeness: number;
  /** Epoch milliseconds. */
  ended_at: number;
}

export interface UsualTime extends Likely {
  /** Milliseconds: the usual time, and between which times 8 of 10 lie. */
  ms: number;
  low: number;
  high: number;
  /** How many runs it is out of. */
  runs: number;
}

/** What takes less is taken for so long: clocks do not measure it. */
const LEAST_MS = 1;
/** Median absolute deviation to standard deviation of a normal distribution. */
const MAD_TO_SD = 1.4826;
/** Sizes tell something from so many runs on, where the largest is so many times the least. */
const SIZES_FROM = 3;
const SIZES_APART = 1.2;
/** What is so many times larger than all that was seen, or smaller, is taken for no more than that: nobody knows. */
const MOST_BEYOND = 100;

/**
 * From durations in the order of their end, the newest last; null where there is none. The centre is a weighted median of
 * logarithms and the spread a weighted median of their distances from it (Hampel, "The Influence Curve and its Role in
 * Robust Estimation", 1974), so that a few odd runs change neither; newer runs count more, so that what became slower for
 * good is usual soon. The spread is mixed with a prior one, and widened by how little the centre is known, as the
 * predictive distribution of a normal mean is (Gelman et al., "Bayesian Data Analysis", section 3.3). Where sizes are told
 * of enough runs, durations are brought to the size in question by a power of it (Theil, 1950, and Sen, 1968: the median
 * of the slopes of all pairs, on logarithms, between 0 and 1.5).
 */
export function usualTime(past: readonly PastTime[], size: number | null = null): UsualTime | null {
  const { logs, weights } = weighed(past, size);
  if (logs.length === 0) return null;
  const mu = weightedMedian(logs, weights);
  const off = logs.map((log) => Math.abs(log - mu));
  const own = MAD_TO_SD * weightedMedian(off, weights);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const effective = sum ** 2 / weights.reduce((total, weight) => total + weight ** 2, 0);
  const { priorSpread, priorRuns } = PARAMETERS;
  const degrees = Math.max(0, effective - 1);
  const variance = (priorRuns * priorSpread ** 2 + degrees * own ** 2) / (priorRuns + degrees);
  const likely = { mu, sigma: Math.sqrt(variance * (1 + 1 / effective)) };
  const [low, high] = [quantileOf(likely, 0.1), quantileOf(likely, 0.9)];
  return { ...likely, ms: msOf(mu), low, high, runs: logs.length };
}

/** Milliseconds between which the middle half of the same durations lies, as they count for it; null where there is none. */
export function middleHalf(
  past: readonly PastTime[],
  size: number | null = null,
): { low: number; high: number } | null {
  const { logs, weights } = weighed(past, size);
  if (logs.length === 0) return null;
  const at = (share: number) => msOf(weightedQuantile(logs, weights, share));
  return { low: at(0.25), high: at(0.75) };
}

/** The newest of them as logarithms, brought to the size, and how much each counts. */
function weighed(past: readonly PastTime[], size: number | null) {
  const held = past.filter(({ ms }) => Number.isFinite(ms) && ms >= 0).slice(-PARAMETERS.mostRuns);
  const weights = held.map(
    ({ likeness }, at) => likeness * 0.5 ** ((held.length - 1 - at) / PARAMETERS.halfLife),
  );
  return { logs: toSize(held, size), weights };
}

function toSize(past: readonly PastTime[], size: number | null): number[] {
  const logs = past.map(({ ms }) => Math.log(Math.max(LEAST_MS, ms)));
  if (size === null || !(size > 0) || !Number.isFinite(size)) return logs;
  const sizes = past.map((one) => (isSize(one.size) ? Math.log(one.size) : null));
  const power = powerOf(logs, sizes);
  if (power === null) return logs;
  const known = sizes.filter((one) => one !== null);
  const reach = Math.log(MOST_BEYOND);
  const now = Math.min(
    Math.max(...known) + reach,
    Math.max(Math.min(...known) - reach, Math.log(size)),
  );
  return logs.map((log, at) => {
    const then = sizes[at] ?? null;
    return then === null ? log : log + power * (now - then);
  });
}

function isSize(size: number | null): size is number {
  return size !== null && size > 0 && Number.isFinite(size);
}

/** How durations grow with sizes; null where sizes do not differ enough to tell. */
function powerOf(logs: readonly number[], sizes: readonly (number | null)[]): number | null {
  const pairs = logs.flatMap((y, at) => {
    const x = sizes[at] ?? null;
    return x === null ? [] : [{ x, y }];
  });
  if (pairs.length < SIZES_FROM) return pairs.length > 0 ? 1 : null;
  const slopes: number[] = [];
  for (const [at, a] of pairs.entries())
    for (const b of pairs.slice(at + 1))
      if (Math.abs(a.x - b.x) > Math.log(SIZES_APART)) slopes.push((a.y - b.y) / (a.x - b.x));
  if (slopes.length === 0) return 1;
  const even = slopes.map(() => 1);
  return Math.min(1.5, Math.max(0, weightedMedian(slopes, even)));
}

/** The value at which half of the weight is reached; between two where it is reached just there. At least one value. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  return weightedQuantile(values, weights, 0.5);
}

/** The same at another share of the weight, above 0 to below 1. */
function weightedQuantile(
  values: readonly number[],
  weights: readonly number[],
  share: number,
): number {
  const order = values
    .map((value, at) => ({ value, weight: weights[at] ?? 0 }))
    .sort((a, b) => a.value - b.value);
  const wanted = order.reduce((sum, { weight }) => sum + weight, 0) * share;
  let reached = 0;
  for (const [at, { value, weight }] of order.entries()) {
    reached += weight;
    const next = order[at + 1]?.value;
    if (next === undefined || reached > wanted * (1 + 1e-9)) return value;
    if (reached >= wanted * (1 - 1e-9)) return (value + next) / 2;
  }
  return Number.NaN;
}
