/** Runs of a pipeline, or of one of its phases, as points in time, each held against those before it. */
import type { Execution } from '../core/executions.ts';
import { executionTime } from '../core/history.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import type { TrendMetric } from '../protocol/domain.ts';
import type { Held, PerformanceRun } from '../protocol/pipelinePerformance.ts';
import type { JobRecord } from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import { type PastOne, inOrder } from './expected/before.ts';
import { known } from './quantile.ts';
import { type Usual, usualOf, usualOfRun } from './usual.ts';

/** What is closer to the usual is noise, however steady the runs were: it helps nobody to look at it. */
const APART = 1.2;

export interface Metric {
  unit: string;
  of: (one: Execution) => number | null;
  /** In the same unit. */
  noise: number;
}

export const METRICS: Record<TrendMetric, Metric> = {
  execution_time: { unit: 'ms', of: executionTime, noise: 100 },
  memory_usage: { unit: 'MB', of: ({ memory_mb }) => memory_mb, noise: 10 },
  cpu_usage: { unit: 'percent', of: ({ cpu_percent }) => cpu_percent, noise: 5 },
  error_count: { unit: 'errors', of: ({ error_count }) => error_count, noise: 0.5 },
};

export interface RunPoint {
  job_id: string;
  name: string;
  status: Status;
  /** Epoch milliseconds. */
  started: number;
  value: number | null;
}

/** Between which times 8 of 10 runs like it lie, milliseconds; null where that is not known. */
export type RangeOf = (job_id: string) => PerformanceRun['range'];

/** With what its usual time depends on. */
export interface TimedRun extends RunPoint {
  /** Epoch milliseconds. */
  ended: number;
  size: number | null;
  labels: Readonly<Record<string, string>>;
}

/** Runs that ended and whose start is known, oldest first. `rows` are of the pipeline of the jobs. */
export function wholeRuns(
  jobs: readonly JobRecord[],
  rows: readonly HistoryRow[],
  metric: TrendMetric,
): TimedRun[] {
  const valueOf = runValue(rows, metric);
  const runs = jobs.flatMap((job): TimedRun[] => {
    const { job_id, name, status, started_at, duration_ms, items_total: size, labels } = job;
    if (started_at === null || !isEnded(status)) return [];
    const started = Date.parse(started_at);
    const ended = started + (duration_ms ?? 0);
    return [{ job_id, name, status, started, ended, size, labels, value: valueOf(job) }];
  });
  return runs.sort(byStart);
}

/** The newest attempt of a phase in each job, oldest first. Jobs that are gone are called by their id. */
export function phaseRuns(
  { executions }: Pick<HistoryRow, 'executions'>,
  jobs: ReadonlyMap<string, Pick<JobRecord, 'name' | 'labels'>>,
  metric: TrendMetric,
): TimedRun[] {
  const newest = new Map(executions.map((one) => [one.job_id, one]));
  const { of } = METRICS[metric];
  const runs = [...newest.values()].map((one): TimedRun => {
    const { job_id, status, started_at, ended_at: ended, items_done: size } = one;
    const { name = job_id, labels = {} } = jobs.get(job_id) ?? {};
    const started = started_at ?? ended;
    return { job_id, name, status, started, ended, size, labels, value: of(one) };
  });
  return runs.sort(byStart);
}

function byStart(a: RunPoint, b: RunPoint): number {
  return a.started - b.started || (a.job_id < b.job_id ? -1 : 1);
}

/** Of a whole run: its own time and errors; memory of the phase that used most, CPU as the mean of its phases by their time. */
function runValue(
  rows: readonly HistoryRow[],
  metric: TrendMetric,
): (job: JobRecord) => number | null {
  switch (metric) {
    case 'execution_time':
      return ({ duration_ms }) => duration_ms;
    case 'error_count':
      return ({ error_count }) => error_count;
    case 'memory_usage': {
      const highest = memoryOf(rows);
      return ({ job_id }) => highest.get(job_id) ?? null;
    }
    case 'cpu_usage': {
      const loads = loadsOf(rows);
      return ({ job_id }) => {
        const load = loads.get(job_id);
        return load === undefined || load.ms === 0 ? null : load.sum / load.ms;
      };
    }
  }
}

function memoryOf(rows: readonly HistoryRow[]): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { executions } of rows)
    for (const { job_id, memory_mb } of executions)
      if (memory_mb !== null)
        highest.set(job_id, Math.max(memory_mb, highest.get(job_id) ?? -Infinity));
  return highest;
}

function loadsOf(rows: readonly HistoryRow[]): Map<string, { sum: number; ms: number }> {
  const loads = new Map<string, { sum: number; ms: number }>();
  for (const { executions } of rows)
    for (const one of executions) {
      const ms = executionTime(one);
      if (one.cpu_percent === null || ms === null) continue;
      const load = loads.get(one.job_id) ?? { sum: 0, ms: 0 };
      load.sum += one.cpu_percent * ms;
      load.ms += ms;
      loads.set(one.job_id, load);
    }
  return loads;
}

/** The newest `last` of `runs`, which are in the order of their begin, each held against the completed ones before it. */
export function newestRuns(
  runs: readonly TimedRun[],
  last: number,
  { metric, rangeOf }: { metric: TrendMetric; rangeOf: RangeOf },
): PerformanceRun[] {
  const usualAt = usualsOf(runs, metric);
  const first = Math.max(0, runs.length - last);
  return runs.slice(first).map((run, i) => {
    const { job_id, name, status, started, value } = run;
    const held = heldAgainst(value, usualAt(first + i), metric);
    const range = metric === 'execution_time' ? rangeOf(job_id) : null;
    return { job_id, name, status, started_at: new Date(started).toISOString(), ...held, range };
  });
}

/** What was usual before each of the runs, by its place; they are in the order of their begin. */
export function usualsOf(
  runs: readonly TimedRun[],
  metric: TrendMetric,
): (at: number) => Usual | null {
  const isCompleted = ({ status }: RunPoint) => status === 'COMPLETED';
  const valueOf = ({ value }: RunPoint) => value;
  if (metric !== 'execution_time')
    return (at) =>
      usualOf(runs[at]?.value ?? null, known(runs.slice(0, at).filter(isCompleted), valueOf));
  const past = inOrder(
    runs.flatMap(({ job_id, size, labels, ended: ended_at, status, value: ms }): PastOne[] =>
      ms === null || status !== 'COMPLETED' ? [] : [{ job_id, size, labels, ended_at, ms }],
    ),
  );
  return (at) => {
    const run = runs[at];
    return run ? usualOfRun(run.value, past, { ...run, before: run.started }) : null;
  };
}

/** A value beside what was usual before it. */
export function heldAgainst(value: number | null, usual: Usual | null, metric: TrendMetric): Held {
  if (usual === null) return { value, usual: null, ratio: null, side: null };
  const { median, low, high, runs, side } = usual;
  const ratio = value === null || median <= 0 ? null : value / median;
  const isNoise = value !== null && isClose(value, median, METRICS[metric].noise);
  return {
    ...{ value, usual: { median, low, high, runs }, ratio },
    side: side !== null && isNoise ? 'within' : side,
  };
}

function isClose(value: number, median: number, noise: number): boolean {
  const [less, more] = value < median ? [value, median] : [median, value];
  return more - less < noise || more < less * APART;
}
