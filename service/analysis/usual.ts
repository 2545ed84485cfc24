/** What was usual before a run, and whether the run is beyond it. */
import { type AskedRun, LEAST_RUNS, type PastOne, timesBefore } from './expected/before.ts';
import { PARAMETERS } from './expected/parameters.ts';
import { middleHalf, usualTime } from './expected/usualTime.ts';
import { quartilesOf } from './quantile.ts';

/** By as many of the newest at most, as for times. */
const MOST_BEFORE = PARAMETERS.mostRuns;
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
  if (newest.length < LEAST_RUNS) return null;
  return beside(value, { ...quartilesOf(newest), runs: newest.length });
}

/**
 * The same for the milliseconds of a run, or of a phase: median and quartiles are of the runs before it as they count for
 * it, by size, labels and age, so that the median is the `expected_ms` of its record. Whole milliseconds.
 */
export function usualOfRun(
  ms: number | null,
  past: readonly PastOne[],
  run: AskedRun,
): Usual | null {
  const times = timesBefore(past, run);
  if (times.length < LEAST_RUNS) return null;
  const [usual, half] = [usualTime(times, run.size), middleHalf(times, run.size)];
  if (usual === null || half === null) return null;
  const [median = 0, low = 0, high = 0] = [usual.ms, half.low, half.high].map(Math.round);
  return beside(ms, { median, low, high, runs: usual.runs });
}

function beside(value: number | null, usual: Omit<Usual, 'side'>): Usual {
  const { low, high, runs } = usual;
  const reach = FENCE * (high - low);
  const judged = value !== null && runs >= LEAST_FOR_OUTLIER;
  return {
    ...usual,
    side: judged ? sideOf(value, { low: low - reach, high: high + reach }) : null,
  };
}

function sideOf(value: number, { low, high }: { low: number; high: number }): Usual['side'] {
  if (value > high) return 'above';
  return value < low ? 'below' : 'within';
}
