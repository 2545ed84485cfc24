/** One row of the history: the newest executions of one phase of one pipeline, and counts of all there ever were. */
import type { EndedPhase, Execution } from './executions.ts';
import type { EndKind } from './marks.ts';

export interface HistoryRow {
  pipeline: string;
  phase_id: string;
  /** As the execution that ended last gave it. */
  name: string;
  /** In order of their end. */
  executions: Execution[];
  /** Of all executions ever recorded, those that are not kept as well. */
  counts: Record<EndKind, number>;
  /** Executions that had to go, so that none is counted twice when something late is heard of it. */
  left: number[];
}

/** As many as have gone are known again: beyond that, what comes very late is counted as new. */
const MAX_LEFT = 1000;

const KINDS = ['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const satisfies EndKind[];

export function newHistoryRow(pipeline: string, phase_id: string): HistoryRow {
  const counts = { COMPLETED: 0, FAILED: 0, SKIPPED: 0, CANCELLED: 0 };
  return { pipeline, phase_id, name: phase_id, executions: [], counts, left: [] };
}

/** By end; executions of the same instant have an order as well. */
export function byEnd(a: Execution, b: Execution): number {
  return a.ended_at - b.ended_at || compare(a.job_id, b.job_id) || a.attempt - b.attempt;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The kept execution of that job and attempt. */
export function findExecution(
  { executions }: HistoryRow,
  { job_id, attempt }: Execution,
): Execution | undefined {
  return executions.findLast((one) => one.job_id === job_id && one.attempt === attempt);
}

export interface Counted {
  /** Job of the execution that is kept now and was not before. */
  came: string | null;
  /** Jobs of the executions that had to go. */
  left: string[];
}

/** Puts an execution in its place, counts it once, and keeps the newest `limit`. */
export function countIn(
  row: HistoryRow,
  { execution, name }: Pick<EndedPhase, 'execution' | 'name'>,
  limit: number,
): Counted {
  const held = findExecution(row, execution);
  if (held) takeOut(row, held);
  else takeBack(row, execution);
  row.counts[execution.status]++;
  let at = row.executions.length;
  while (at > 0 && isAfter(row.executions[at - 1], execution)) at--;
  row.executions.splice(at, 0, execution);
  if (at === row.executions.length - 1) row.name = name;
  return { came: held ? null : execution.job_id, left: cut(row, limit) };
}

/** Keeps the newest `limit`; the jobs of those that had to go. */
export function cut(row: HistoryRow, limit: number): string[] {
  const left = row.executions.splice(0, Math.max(0, row.executions.length - limit));
  row.left.push(...left.map(trace));
  row.left.splice(0, Math.max(0, row.left.length - MAX_LEFT));
  return left.map(({ job_id }) => job_id);
}

/** Takes all executions of a job out, uncounted, as if they had never been here. */
export function takeOutJob(row: HistoryRow, job_id: string): Execution[] {
  const all = row.executions.filter((one) => one.job_id === job_id);
  for (const one of all) takeOut(row, one);
  return all;
}

function takeOut(row: HistoryRow, held: Execution): void {
  row.executions.splice(row.executions.indexOf(held), 1);
  row.counts[held.status]--;
}

/** An execution that had gone comes again: it must not count twice, and may have ended otherwise since. */
function takeBack(row: HistoryRow, execution: Execution): void {
  const hash = Math.floor(trace(execution) / KINDS.length);
  const at = row.left.findIndex((one) => Math.floor(one / KINDS.length) === hash);
  const [gone] = at < 0 ? [] : row.left.splice(at, 1);
  const kind = gone === undefined ? undefined : KINDS[gone % KINDS.length];
  if (kind !== undefined) row.counts[kind]--;
}

function isAfter(one: Execution | undefined, other: Execution): boolean {
  return one !== undefined && byEnd(one, other) > 0;
}

/** A number that stands for job, attempt and status: 32 bits of FNV-1a (Fowler, Noll, Vo), times 4, and the status. */
function trace({ job_id, attempt, status }: Execution): number {
  let hash = 0x811c9dc5;
  for (const character of `${job_id}\n${attempt}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) * KINDS.length + KINDS.indexOf(status);
}
