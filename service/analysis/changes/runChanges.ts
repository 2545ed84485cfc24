/** Changes of level over the runs of a pipeline or one of its phases: since which run, from what to what, how sure. */
import type { RunChange, SeriesChanges } from '../../protocol/changes.ts';
import type { TrendMetric } from '../../protocol/domain.ts';
import { METRICS, type RunPoint } from '../performanceRuns.ts';
import { type ChangePoint, LEAST_VALUES, changePoints } from './changePoints.ts';
import { changeSentence, classOf } from './words.ts';

/** A level before and a level after. */
export const RUNS_NEEDED = 2 * LEAST_VALUES;
/** The newest runs that are looked at. */
const MOST_RUNS = 200;
/** A smaller step is no news, however sure it is. */
const LEAST_PERCENT = 5;
/** Nothing that is worked out from a few runs is certain. */
const MOST_CONFIDENCE = 0.999;

export interface RunSeries {
  pipeline: string;
  /** Null: whole runs. */
  phase_id: string | null;
  name: string;
  metric: TrendMetric;
  /** Oldest first. */
  points: readonly RunPoint[];
  /** By job: its number among all runs of the pipeline there ever were. */
  numbers: ReadonlyMap<string, number>;
}

/** A run with its value and its number among all there ever were. */
interface Valued {
  run: RunPoint;
  value: number;
  number: number;
}

export function runChanges(series: RunSeries): SeriesChanges {
  const { pipeline, phase_id, name, metric } = series;
  const valued = valuedRuns(series);
  const enough = valued.length >= RUNS_NEEDED;
  const found = enough ? pointsOf(valued, metric) : [];
  return {
    ...{ pipeline, phase_id, name, metric },
    unit: METRICS[metric].unit,
    state: enough ? 'known' : 'not_enough_data',
    note: enough ? null : `not enough data (${valued.length} of ${RUNS_NEEDED} runs)`,
    runs: valued.length,
    runs_needed: RUNS_NEEDED,
    changes: found.map((_, i) => changeOf(series, valued, found, i)),
  };
}

/** What failed ran short or long for other reasons; its errors count. */
function valuedRuns({ points, metric, numbers }: RunSeries): Valued[] {
  const counts = (run: RunPoint) =>
    run.status === 'COMPLETED' || (metric === 'error_count' && run.status === 'FAILED');
  const valued = points.flatMap((run, i): Valued[] => {
    const { value } = run;
    if (value === null || !Number.isFinite(value) || value < 0 || !counts(run)) return [];
    return [{ run, value, number: numbers.get(run.job_id) ?? i + 1 }];
  });
  return valued.slice(-MOST_RUNS);
}

function pointsOf(valued: readonly Valued[], metric: TrendMetric): ChangePoint[] {
  const { noise } = METRICS[metric];
  const found = changePoints(
    valued.map(({ value }) => value),
    (before, after) => {
      const step = Math.abs(after - before);
      return step >= noise && step * 100 >= LEAST_PERCENT * before;
    },
  );
  return found.filter((point) => !isTooEarly(point, valued));
}

/**
 * A level needs so many values that the first ones of a clear step are taken for a level together with one that is still of
 * the old: which run was the first is known with the next.
 */
function isTooEarly({ at, before, after }: ChangePoint, valued: readonly Valued[]): boolean {
  const first = valued[at]?.value ?? after;
  const isNewest = at + LEAST_VALUES === valued.length;
  return isNewest && Math.abs(first - before) < Math.abs(first - after);
}

function changeOf(
  series: RunSeries,
  valued: readonly Valued[],
  found: readonly ChangePoint[],
  i: number,
): RunChange {
  const { at, before, after, chance } = found[i] as ChangePoint;
  const { run, number } = valued[at] as Valued;
  const { job_id, started } = run;
  const change = {
    class: classOf(series.metric, after > before),
    direction: after > before ? ('worse' as const) : ('better' as const),
    ...{ job_id, at: new Date(started).toISOString(), run: number, before, after },
    percent: before > 0 ? (100 * (after - before)) / before : null,
    runs_before: at - (found[i - 1]?.at ?? 0),
    runs_after: (found[i + 1]?.at ?? valued.length) - at,
    confidence: Math.min(MOST_CONFIDENCE, 1 - chance),
  };
  return { change_id: idOf(series, job_id), sentence: changeSentence(series, change), ...change };
}

function idOf({ pipeline, phase_id, metric }: RunSeries, job_id: string): string {
  return `change/${[pipeline, phase_id ?? '', metric, job_id].map(encodeURIComponent).join('/')}`;
}

/**
 * The newest change of a series as it could be told first, and the run that made it known: plays the runs back from the
 * change on, so that a restart says what was said before. Null where there is none.
 */
export function firstTold(
  series: RunSeries,
  changes: readonly RunChange[],
): { change: RunChange; run: RunPoint } | null {
  const newest = changes.at(-1);
  if (newest === undefined) return null;
  const { points } = series;
  const begin = points.findIndex(({ job_id }) => job_id === newest.job_id);
  for (let end = begin + 1; end <= points.length; end++) {
    const change = runChanges({ ...series, points: points.slice(0, end) }).changes.at(-1);
    const run = points[end - 1];
    if (run !== undefined && change !== undefined && isSame(change, newest, series))
      return { change, run };
  }
  return null;
}

/**
 * The place of a change moves by a run or two as more is known of it. Places are told by the time at which a run began: its
 * job may have been removed, and runs before it as well.
 */
export function isSame(
  one: RunChange,
  other: RunChange,
  { points }: Pick<RunSeries, 'points'>,
): boolean {
  const [from = 0, to = 0] = [Date.parse(one.at), Date.parse(other.at)].sort((a, b) => a - b);
  const apart = points.filter(({ started }) => started > from && started <= to).length;
  return one.direction === other.direction && apart <= LEAST_VALUES;
}
