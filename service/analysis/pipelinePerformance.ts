/** One pipeline over its runs: what each took or used, phase by phase, and when. */
import type { HistoryRow } from '../core/historyRow.ts';
import type { TrendMetric } from '../protocol/domain.ts';
import type { PerformanceRun, PipelinePerformance } from '../protocol/pipelinePerformance.ts';
import type { JobRecord } from '../protocol/record.ts';
import { hoursOfRuns } from './performanceHours.ts';
import { phasesOfRuns } from './performancePhases.ts';
import {
  METRICS,
  type RangeOf,
  type TimedRun,
  heldAgainst,
  newestRuns,
  phaseRuns,
  usualsOf,
  wholeRuns,
} from './performanceRuns.ts';
import { percentOf } from './rates.ts';

export interface PerformanceQuery {
  pipeline: string;
  metric: TrendMetric;
  /** Most runs. */
  last: number;
  /** What runs and hours are of; null for whole runs. */
  phase_id: string | null;
  /** The job that is held against those before it. */
  job_id: string | null;
  /** Most phases. */
  limit: number;
  /** Most days of the hours, and how far they are ahead of UTC. */
  days: number;
  offset_ms: number;
}

export interface PipelinePast {
  /** Of the pipeline, in any order. */
  jobs: readonly JobRecord[];
  rows: readonly HistoryRow[];
  /** What is known of the phase that is asked for; of whole runs their records say it. */
  phaseRange?: RangeOf;
}

export function pipelinePerformance(
  { jobs, rows, phaseRange = () => null }: PipelinePast,
  query: PerformanceQuery,
): PipelinePerformance {
  const { pipeline, metric, last, phase_id, job_id, limit } = query;
  const known = new Map(jobs.map((job) => [job.job_id, job]));
  const points = pointsOf({ jobs, rows, known }, query);
  const rangeOf = phase_id === null ? jobRange(known) : phaseRange;
  const runs = newestRuns(points, last, { metric, rangeOf });
  return {
    ...{ pipeline, metric, unit: METRICS[metric].unit, phase_id },
    runs,
    runs_total: points.length,
    ...endsOf(runs),
    shown: shownRun(points, job_id, metric),
    ...phasesOfRuns(rows, { metric, runs: points.slice(-last), job_id, limit, jobs: known }),
    ...hoursOfRuns(points, query),
  };
}

function jobRange(byId: ReadonlyMap<string, JobRecord>): RangeOf {
  return (id) => {
    const { expected_low_ms: low = null, expected_high_ms: high = null } = byId.get(id) ?? {};
    return low === null || high === null ? null : { low, high };
  };
}

function pointsOf(
  {
    jobs,
    rows,
    known,
  }: Omit<PipelinePast, 'phaseRange'> & { known: ReadonlyMap<string, JobRecord> },
  { metric, phase_id }: PerformanceQuery,
): TimedRun[] {
  if (phase_id === null) return wholeRuns(jobs, rows, metric);
  const executions = rows.find((row) => row.phase_id === phase_id)?.executions ?? [];
  return phaseRuns({ executions }, known, metric);
}

function endsOf(runs: readonly PerformanceRun[]) {
  const completed = runs.filter(({ status }) => status === 'COMPLETED').length;
  const failed = runs.filter(({ status }) => status === 'FAILED').length;
  return { completed, failed, success_rate_percent: percentOf(completed, completed + failed) };
}

/** It may be older than the runs that are listed. */
function shownRun(
  points: readonly TimedRun[],
  job_id: string | null,
  metric: TrendMetric,
): PipelinePerformance['shown'] {
  const at = points.findIndex((run) => run.job_id === job_id);
  const run = points[at];
  if (run === undefined) return null;
  return { job_id: run.job_id, ...heldAgainst(run.value, usualsOf(points, metric)(at), metric) };
}
