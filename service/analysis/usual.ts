/** What was usual before a run, and whether the run is beyond it. */
import { quartilesOf } from './quantile.ts';

/** What is usual is said from as many runs on, and by as many at most. */
const LEAST_BEFORE = 3;
export const MOST_BEFORE = 20;
/** Beyond 1.5 times the distance of the quartiles (Tukey, "Exploratory Data Analysis", 1977), of 5 runs or more. */
const FENCE = 1.5;
const LEAST_FOR_OUTLIER = 5;

export interface Usual {
  /** Median and quartiles of the runs before. */
  median: number;
  low: number;
  high: number;
  /** How many runs it is out of. */
  runs: number;
  /** Where the value lies against Tukey's fences; null of fewer than 5 runs, and for no value. */
  side: 'below' | 'within' | 'above' | null;
}

/** Holds a value against those before it, the newest of them last; null where they are fewer than 3. */
export function usualOf(value: number | null, before: readonly number[]): Usual | null {
  const newest = before.slice(-MOST_BEFORE);
  if (newest.length < LEAST_BEFORE) return null;
  const { low, median, high } = quartilesOf(newest);
  const reach = FENCE * (high - low);
  const judged = value !== null && newest.length >= LEAST_FOR_OUTLIER;
  const fences = { low: low - reach, high: high + reach };
  return {
    ...{ median, low, high, runs: newest.length },
    side: judged ? sideOf(value, fences) : null,
  };
}

function sideOf(value: number, { low, high }: { low: number; high: number }): Usual['side'] {
  if (value > high) return 'above';
  return value < low ? 'below' : 'within';
}
