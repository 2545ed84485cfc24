/**
 * What had ended before a run, as it counts for what is usual for it. Records, the performance, the summary and the rules all
 * ask here, so that one run has one usual time. It depends on what had ended when the run began, never on when it is asked.
 */
import type { HistoryRow } from '../../core/historyRow.ts';
import type { JobRecord } from '../../protocol/record.ts';
import { PARAMETERS } from './parameters.ts';
import { type PastTime, type UsualTime, usualTime } from './usualTime.ts';

/** What is usual is said from so many runs on. */
export const LEAST_RUNS = 3;
/** How much a run counts that shares no label. */
const LEAST_LIKENESS = 0.3;

type Labels = Readonly<Record<string, string>>;

/** A run that was completed, or a phase of it. */
export interface PastOne {
  job_id: string;
  ms: number;
  /** Items, or bytes; null where it was not told. */
  size: number | null;
  labels: Labels;
  /** Epoch milliseconds. */
  ended_at: number;
}

/** Of one pipeline, each in the order of their end. */
export interface PastTimes {
  totals: readonly PastOne[];
  /** By phase id. */
  phases: ReadonlyMap<string, readonly PastOne[]>;
}

/** The run that is asked about. */
export interface AskedRun {
  job_id: string;
  size: number | null;
  labels: Labels;
  /** Epoch milliseconds: its begin. What had not ended by then is none before it. */
  before: number;
}

/** `jobs` and `rows` are of the pipeline, in any order. Of a phase the newest attempt in each job counts. */
export function pastTimes(jobs: readonly JobRecord[], rows: readonly HistoryRow[]): PastTimes {
  const labels = new Map(jobs.map((job) => [job.job_id, job.labels]));
  const totals = jobs.flatMap((job): PastOne[] => {
    const { job_id, status, duration_ms: ms, ended_at } = job;
    if (status !== 'COMPLETED' || ms === null || ended_at === null) return [];
    return [
      { job_id, ms, size: job.items_total, labels: job.labels, ended_at: Date.parse(ended_at) },
    ];
  });
  const phases = rows.map((row) => [row.phase_id, phaseTimes(row, labels)] as const);
  return { totals: inOrder(totals), phases: new Map(phases) };
}

/** `labels`: of the jobs that are still known. */
export function phaseTimes(
  { executions }: Pick<HistoryRow, 'executions'>,
  labels: ReadonlyMap<string, Labels>,
): PastOne[] {
  const newest = new Map(executions.map((one) => [one.job_id, one]));
  const times = [...newest.values()].flatMap((one): PastOne[] => {
    const { job_id, status, started_at, ended_at, items_done: size } = one;
    if (status !== 'COMPLETED' || started_at === null) return [];
    const ms = Math.max(0, ended_at - started_at);
    return [{ job_id, ms, size, labels: labels.get(job_id) ?? {}, ended_at }];
  });
  return inOrder(times);
}

/** By their end; those of the same instant have an order as well. */
export function inOrder(times: PastOne[]): PastOne[] {
  return times.sort((a, b) => a.ended_at - b.ended_at || (a.job_id < b.job_id ? -1 : 1));
}

/** The newest of `past` that count for the run, the newest last. O(those that ended since it began). */
export function timesBefore(past: readonly PastOne[], run: AskedRun): PastTime[] {
  const times: PastTime[] = [];
  for (let at = past.length - 1; at >= 0 && times.length < PARAMETERS.mostRuns; at--) {
    const one = past[at];
    if (one === undefined || !(one.ended_at <= run.before) || one.job_id === run.job_id) continue;
    const { ms, size, ended_at } = one;
    if (Number.isFinite(ms))
      times.push({ ms, size, ended_at, likeness: likenessOf(one.labels, run.labels) });
  }
  return times.reverse();
}

/** What is usual for the run; null of fewer than 3 before it. */
export function usualFor(past: readonly PastOne[], run: AskedRun): UsualTime | null {
  const times = timesBefore(past, run);
  return times.length < LEAST_RUNS ? null : usualTime(times, run.size);
}

/** How much alike two runs are by their labels, 0.3 to 1: the share of labels with equal values. */
export function likenessOf(a: Labels, b: Labels): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  if (names.size === 0) return 1;
  let equal = 0;
  for (const name of names) if (a[name] !== undefined && a[name] === b[name]) equal++;
  return LEAST_LIKENESS + ((1 - LEAST_LIKENESS) * equal) / names.size;
}
