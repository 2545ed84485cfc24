/** Whether a trend leads to a limit, and when it will be there. */
import { meanOf } from '../quantile.ts';
import { type Slope, slopeOf } from './slope.ts';
import type { Slots } from './slots.ts';

export interface Limit {
  value: number;
  /** `above`: to go over it is bad. */
  direction: 'above' | 'below';
}

/** What is said of a limit ahead. Times are epoch milliseconds. */
export interface Approach {
  is: 'approaching';
  /** When the limit is reached, and the range in which it is in 9 of 10 cases if the trend goes on. */
  at: number;
  earliest: number;
  latest: number;
  /** The trend, units a second, and where it stands now. */
  per_second: number;
  level: number;
  /** 0-1: how regular the trend is, times how narrow the range. */
  confidence: number;
  /** Milliseconds of the past that it is out of, and in how many pieces. */
  span: number;
  points: number;
}

/** `unknown`: not enough points. `steady`: no trend that leads there soon, or none that stands out of the noise. */
export type Outlook =
  | { is: 'unknown'; points: number; wanted: number }
  | { is: 'steady' }
  | { is: 'reached' }
  | Approach;

/** Means that a trend is seen from; 12 of 2 seconds are 24 seconds. */
export const LEAST_POINTS = 12;
/** Nothing is foretold for longer than so many times the time that was seen. */
const REACH = 5;
/** What the trend made out must be so many times the noise around it. */
const ABOVE_NOISE = 4;
/** Of two points the later one lies nearer to the limit so much more often than farther. */
const REGULAR = 0.6;
/** The newest third must still go on at this share of the whole trend: a trend that flattens is none any more. */
const STILL = 0.5;
/** Beyond this the range says nothing. */
const WIDEST = 1.5;

/** `shorter`: a newer, shorter stretch, which must not contradict. */
export function outlookOf(
  slots: Slots,
  { value: limit, direction }: Limit,
  shorter: Slots | null = null,
): Outlook {
  if (slots.size < LEAST_POINTS) return { is: 'unknown', points: slots.size, wanted: LEAST_POINTS };
  const { times, values } = slots.means();
  // Everything that follows speaks of a limit above.
  const sign = direction === 'above' ? 1 : -1;
  const heights = values.map((one) => one * sign);
  // A mean beyond it is of a while ago, or the limit would be reached.
  if (isReached({ value: limit, direction }, values.at(-1) ?? 0)) return { is: 'steady' };
  if (!mayReach(heights, limit * sign)) return { is: 'steady' };
  const trend = slopeOf(times, heights);
  const third = Math.max(5, Math.ceil(times.length / 3));
  const newest = slopeOf(times.slice(-third), heights.slice(-third));
  if (trend === null || newest === null) return { is: 'steady' };
  const span = slots.span;
  const least = STILL * trend.slope;
  if (!standsOut(trend, span) || newest.slope < least) return { is: 'steady' };
  if (shorter !== null && highest(shorter, sign) < least) return { is: 'steady' };
  const way = limit * sign - trend.level;
  const last = times.at(-1) ?? 0;
  const [at, earliest, latest] = [trend.slope, trend.high, trend.low].map(
    (slope) => last + Math.max(0, way) / slope,
  ) as [number, number, number];
  const width = (latest - earliest) / Math.max(1, at - last);
  if (at - last > REACH * span || width > WIDEST) return { is: 'steady' };
  return {
    is: 'approaching',
    ...{ at, earliest, latest, span, points: times.length },
    per_second: trend.slope * sign * 1000,
    level: trend.level * sign,
    confidence: trend.rising * (1 - width / (2 * WIDEST)),
  };
}

/** False of what is no number. */
export function isReached({ value: limit, direction }: Limit, value: number): boolean {
  return direction === 'above' ? value >= limit : value <= limit;
}

function standsOut({ slope, low, scatter, rising }: Slope, span: number): boolean {
  return low > 0 && rising >= REGULAR && slope * span >= ABOVE_NOISE * scatter;
}

/** The steepest that the trend of the stretch may be. */
function highest(slots: Slots, sign: number): number {
  if (slots.size < LEAST_POINTS) return Infinity;
  const { times, values } = slots.means();
  return slopeOf(times, sign > 0 ? values : values.map((one) => -one))?.high ?? Infinity;
}

/** A quick look that spares most series the slow one: whether first and last third differ enough at all. */
function mayReach(heights: readonly number[], limit: number): boolean {
  const third = Math.floor(heights.length / 3);
  const first = meanOf(heights.slice(0, third)) ?? limit;
  const last = meanOf(heights.slice(-third)) ?? limit;
  return last - first > (limit - last) / (4 * REACH);
}
