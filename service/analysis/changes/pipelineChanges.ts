/** The series of runs that a pipeline has: whole runs and each phase, by each metric. Only what the history of phases keeps. */
import type { HistoryRow } from '../../core/historyRow.ts';
import type { TrendMetric } from '../../protocol/domain.ts';
import { TREND_METRICS } from '../../protocol/domain.ts';
import type { JobRecord } from '../../protocol/record.ts';
import { phaseRuns, wholeRuns } from '../performanceRuns.ts';
import type { RunSeries } from './runChanges.ts';

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

/** `rows` are of the pipeline of the key; `job` gives the record of a job that is still known. */
export function seriesOf(
  { pipeline, phase_id, metric }: SeriesKey,
  rows: readonly HistoryRow[],
  job: (job_id: string) => JobRecord | null,
): RunSeries {
  if (phase_id === null) {
    const ids = new Set(rows.flatMap(({ executions }) => executions.map(({ job_id }) => job_id)));
    const jobs = [...ids].flatMap((id) => job(id) ?? []);
    const points = wholeRuns(jobs, rows, metric);
    const gone = Math.max(0, ...rows.map(goneOf));
    return { pipeline, phase_id, name: pipeline, metric, points, gone };
  }
  const row = rows.find((one) => one.phase_id === phase_id);
  const points = row === undefined ? [] : phaseRuns(row, new Map(), metric);
  const gone = row === undefined ? 0 : goneOf(row);
  return { pipeline, phase_id, name: row?.name ?? phase_id, metric, points, gone };
}

/** Executions that are kept no more. */
function goneOf({ counts, executions }: HistoryRow): number {
  const ever = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Math.max(0, ever - executions.length);
}
