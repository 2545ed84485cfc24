/** The series of runs that a pipeline has: whole runs and each phase, by each metric. Only what the history of phases keeps. */
import type { HistoryRow } from '../../core/historyRow.ts';
import type { TrendMetric } from '../../protocol/domain.ts';
import { TREND_METRICS } from '../../protocol/domain.ts';
import type { JobRecord } from '../../protocol/record.ts';
import { phaseRuns, wholeRuns } from '../performanceRuns.ts';
import type { RunSeries } from './runChanges.ts';

/** What is kept of the runs of a pipeline, with their numbers among all it ever had. */
export interface PipelineRuns {
  rows: readonly HistoryRow[];
  /** By job; the first run is 1. */
  numbers: ReadonlyMap<string, number>;
}

export interface SeriesKey {
  pipeline: string;
  phase_id: string | null;
  metric: TrendMetric;
}

export interface SeriesFilter {
  phase_id?: string | null | undefined;
  metric?: TrendMetric | undefined;
}

/** `rows` are of the pipeline; whole runs come first, then the phases by id. */
export function seriesKeys(
  pipeline: string,
  rows: readonly HistoryRow[],
  { phase_id, metric }: SeriesFilter = {},
): SeriesKey[] {
  const phases = rows.map((row) => row.phase_id).sort();
  const all = rows.length === 0 ? [] : [null, ...phases];
  const wanted = phase_id === undefined ? all : all.filter((one) => one === phase_id);
  const metrics = metric === undefined ? TREND_METRICS : [metric];
  return wanted.flatMap((one) => metrics.map((of) => ({ pipeline, phase_id: one, metric: of })));
}

/**
 * Numbers the runs of a pipeline, of whose phases `rows` are: one numbering for the whole and all phases, in the order of
 * their starts. It counts from the newest back, so no job that is removed moves it. Of runs so old that only phases that
 * seldom run keep them the numbers are about.
 */
export function pipelineRuns(rows: readonly HistoryRow[]): PipelineRuns {
  const starts = new Map<string, number>();
  for (const { executions } of rows)
    for (const { job_id, started_at, ended_at } of executions) {
      const start = started_at ?? ended_at;
      starts.set(job_id, Math.min(start, starts.get(job_id) ?? Infinity));
    }
  const known = [...starts].sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1));
  const ever = Math.max(known.length, ...rows.map(everOf));
  const first = ever - known.length + 1;
  return { rows, numbers: new Map(known.map(([job_id], n) => [job_id, first + n])) };
}

/** `runs` are of the pipeline of the key; `job` gives the record of a job that is still known. */
export function seriesOf(
  { pipeline, phase_id, metric }: SeriesKey,
  { rows, numbers }: PipelineRuns,
  job: (job_id: string) => JobRecord | null,
): RunSeries {
  if (phase_id === null) {
    const jobs = [...numbers.keys()].flatMap((id) => job(id) ?? []);
    const points = wholeRuns(jobs, rows, metric);
    return { pipeline, phase_id, name: pipeline, metric, points, numbers };
  }
  const row = rows.find((one) => one.phase_id === phase_id);
  const points = row === undefined ? [] : phaseRuns(row, new Map(), metric);
  return { pipeline, phase_id, name: row?.name ?? phase_id, metric, points, numbers };
}

/** Runs that ever had the phase. Of those that are kept no more each attempt counts: which were of one run is not known. */
function everOf({ counts, executions }: HistoryRow): number {
  const ever = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const kept = new Set(executions.map(({ job_id }) => job_id)).size;
  return Math.max(0, ever - executions.length) + kept;
}
