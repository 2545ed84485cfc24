/** Which points or buckets answer a query, and in which steps. */
import { ProductError } from '../protocol/errors.ts';
import { MAX_POINTS } from '../protocol/series.ts';
import { DAY, type Tier } from './tiers.ts';
import type { SeriesQuery } from './types.ts';

/** Most buckets of a series that are read only to keep a step exactly as it was asked for. */
const MAX_READ = 20_000;
/** Most buckets of a series that are read to show its points. */
const MAX_SHOWN = 10_000;

export interface Plan {
  /** Place in the list of tiers; null for the points as they were measured. */
  tier: number | null;
  /** Milliseconds of a step, a multiple of the tier's buckets: at least what was asked for. */
  step: number;
  /** The first and last step, as their begin divided by `step`. */
  first: number;
  last: number;
  /** Epoch milliseconds from which on points are read. */
  from: number;
}

export interface PlanContext {
  tiers: readonly Tier[];
  now: number;
  /** True when every point of the range is still there as it was measured. */
  hasRaw: boolean;
}

/** Throws QUERY_INVALID when the step makes more than 2,000 points. */
export function planQuery(query: SeriesQuery, { tiers, now, hasRaw }: PlanContext): Plan {
  if (query.aggregation === 'raw') return planRaw(query, { tiers, now, hasRaw });
  if (query.whole === true) return planWhole(query, { tiers, now, hasRaw });
  checkStep(query.to - query.from, query.step_ms);
  const fine = tiers[0]?.width ?? 1;
  if (hasRaw && query.step_ms % fine !== 0) return stepsOf(query, null, query.step_ms);
  const tier = pickTier(query, tiers, now);
  const width = tiers[tier]?.width ?? fine;
  return stepsOf(query, tier, Math.ceil(query.step_ms / width) * width);
}

/** Throws QUERY_INVALID, naming the smallest step, when a range in milliseconds has more than 2,000 of them. */
export function checkStep(range: number, step: number): void {
  if (step >= 1 && range / step <= MAX_POINTS) return;
  const smallest = smallestStep(range);
  throw new ProductError('QUERY_INVALID', {
    detail: `"step" is too small: an answer has at most ${MAX_POINTS} points a series. Give at least ${smallest} ms for this range.`,
    errors: [{ path: '/step', message: `Give at least ${smallest} ms.` }],
  });
}

export function smallestStep(range: number): number {
  return Math.max(1, Math.ceil(range / MAX_POINTS));
}

/** The coarsest tier whose buckets divide the step and which still has the begin of the range. */
function pickTier(query: SeriesQuery, tiers: readonly Tier[], now: number): number {
  const { step_ms, from, to } = query;
  let tier = Math.max(
    0,
    tiers.findLastIndex(({ width }) => width <= step_ms),
  );
  const exact = tiers.findLastIndex(
    ({ width, retention }) =>
      step_ms % width === 0 && from >= now - retention && (to - from) / width <= MAX_READ,
  );
  if (exact >= 0) tier = exact;
  while (tier < tiers.length - 1 && from < now - (tiers[tier]?.retention ?? 0)) tier++;
  return tier;
}

function planRaw(query: SeriesQuery, { tiers, now, hasRaw }: PlanContext): Plan {
  if (hasRaw) return stepsOf(query, null, 1);
  const { from, to } = query;
  const kept = tiers.findIndex(
    ({ width, retention }) => from >= now - retention && (to - from) / width <= MAX_SHOWN,
  );
  const tier = kept < 0 ? tiers.length - 1 : kept;
  return stepsOf(query, tier, tiers[tier]?.width ?? 1);
}

/** No time there is lies beyond one step of this length: a multiple of every tier's buckets. */
const FOREVER = 1_000_000 * DAY;
/** So many buckets of a range at least: what its first one holds from before the range weighs little then. */
const LEAST_READ = 300;

/** One step that begins where the range does: to the millisecond, or to the buckets that are read. */
function planWhole(query: SeriesQuery, { tiers, now, hasRaw }: PlanContext): Plan {
  if (query.aggregation === 'rate') throw new Error('A rate is a matter of steps.');
  const { from, to } = query;
  const one = { step: FOREVER, first: 0, last: 0 };
  if (hasRaw) return { ...one, tier: null, from };
  const enough = tiers.findLastIndex(({ width }) => (to - from) / width >= LEAST_READ);
  const kept = tiers.findIndex(({ retention }, tier) => tier >= enough && from >= now - retention);
  const tier = kept < 0 ? tiers.length - 1 : kept;
  const width = tiers[tier]?.width ?? 1;
  return { ...one, tier, from: Math.floor(from / width) * width };
}

function stepsOf({ from, to, aggregation }: SeriesQuery, tier: number | null, step: number): Plan {
  const last = Math.floor(to / step);
  const first = Math.floor(from / step);
  // Steps begin at multiples of their length: a range of exactly 2,000 touches 2,001, the first of them in part.
  const isOneTooMany = aggregation !== 'raw' && last - first + 1 > MAX_POINTS;
  const begin = isOneTooMany ? last - MAX_POINTS + 1 : first;
  return { tier, step, first: begin, last, from: begin * step };
}
