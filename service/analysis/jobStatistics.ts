/** Figures of a set of jobs: in total, by pipeline, by day, and the newest runs with what was usual before each. */
import type {
  DayOfJobs,
  JobStatistics,
  PipelineOfJobs,
  RunInTime,
} from '../protocol/jobStatistics.ts';
import type { JobRecord } from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import { executionStatistics } from './executions.ts';
import { pastTimes } from './expected/before.ts';
import { heldAgainst } from './performanceRuns.ts';
import { known, spreadOf } from './quantile.ts';
import { percentOf } from './rates.ts';
import { type Usual, usualOfRun } from './usual.ts';

const MAX_DAYS = 366;
const MAX_PIPELINES = 50;
const MAX_RUNS = 200;

/**
 * `offset_ms` moves the days from UTC to those of the person who asks. `all` has all jobs of the same pipelines: what is usual
 * does not depend on which of them are asked for.
 */
export function jobStatistics(
  jobs: readonly JobRecord[],
  offset_ms = 0,
  all: readonly JobRecord[] = jobs,
): JobStatistics {
  const ended = inTime(jobs);
  const pipelines = groupBy(jobs, ({ pipeline }) => pipeline);
  const days = groupBy(
    jobs.filter(({ started_at }) => started_at !== null),
    (job) => dayOf(job, offset_ms),
  );
  return {
    ...executionStatistics(jobs),
    by_pipeline: [...pipelines]
      .map(([pipeline, runs]) => pipelineOf(pipeline, runs))
      .sort((a, b) => b.runs - a.runs || (a.pipeline < b.pipeline ? -1 : 1))
      .slice(0, MAX_PIPELINES),
    pipelines_total: pipelines.size,
    by_day: [...days]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(-MAX_DAYS)
      .map(([day, runs]) => ({ day, ...figuresOf(runs) })),
    days_total: days.size,
    runs: withUsual(ended.slice(-MAX_RUNS), all),
    runs_total: ended.length,
  };
}

function dayOf({ started_at }: JobRecord, offset_ms: number): string {
  if (offset_ms === 0) return (started_at ?? '').slice(0, 10);
  return new Date(Date.parse(started_at ?? '') + offset_ms).toISOString().slice(0, 10);
}

function pipelineOf(pipeline: string, runs: readonly JobRecord[]): PipelineOfJobs {
  return { pipeline, ...figuresOf(runs) };
}

function figuresOf(runs: readonly JobRecord[]): Omit<DayOfJobs, 'day'> {
  const count = (status: Status) => runs.filter((run) => run.status === status).length;
  const [completed, failed] = [count('COMPLETED'), count('FAILED')];
  const { p50, p95 } = spreadOf(known(runs, ({ duration_ms }) => duration_ms));
  return {
    runs: runs.length,
    completed,
    failed,
    success_rate_percent: percentOf(completed, completed + failed),
    p50_duration_ms: p50,
    p95_duration_ms: p95,
  };
}

/** Those that ended and whose start is known, the first one first. */
function inTime(jobs: readonly JobRecord[]): JobRecord[] {
  const key = ({ started_at, job_id }: JobRecord) => `${started_at}\n${job_id}`;
  return jobs
    .filter(({ started_at, status }) => started_at !== null && isEnded(status))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Each run beside what was usual before it. */
function withUsual(runs: readonly JobRecord[], all: readonly JobRecord[]): RunInTime[] {
  const wanted = new Set(runs.map(({ pipeline }) => pipeline));
  const some = all.filter(({ pipeline }) => wanted.has(pipeline));
  const past = new Map(
    [...groupBy(some, ({ pipeline }) => pipeline)].map(
      ([pipeline, group]) => [pipeline, pastTimes(group, []).totals] as const,
    ),
  );
  return runs.map((job) => {
    const { job_id, labels, items_total: size, duration_ms } = job;
    const run = { job_id, labels, size, before: Date.parse(job.started_at ?? '') };
    const usual = usualOfRun(duration_ms, past.get(job.pipeline) ?? [], run);
    return { ...placeOf(job), ...besideUsual(duration_ms, usual) };
  });
}

function placeOf({ job_id, name, pipeline, status, started_at, ...job }: JobRecord) {
  const { duration_ms, expected_ms, expected_low_ms, expected_high_ms } = job;
  return {
    ...{ job_id, name, pipeline, status, started_at: started_at ?? '', duration_ms },
    ...{ expected_ms, expected_low_ms, expected_high_ms },
  };
}

function besideUsual(duration_ms: number | null, found: Usual | null) {
  const { usual, side } = heldAgainst(duration_ms, found, 'execution_time');
  return {
    usual_ms: usual?.median ?? null,
    usual_low_ms: usual?.low ?? null,
    usual_high_ms: usual?.high ?? null,
    outlier: side === 'above' || side === 'below',
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
