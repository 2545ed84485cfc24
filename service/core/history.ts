/**
 * The history of phases: the newest executions of each phase of each pipeline, and how many there ever were. It is worked
 * out from the jobs' states, so late, repeated and shuffled events give the same history; it outlives the jobs.
 */
import type { PhaseExecution } from '../protocol/domain.ts';
import { isEnded } from '../protocol/states.ts';
import { Table } from './domain/table.ts';
import { deriveJob } from './derive.ts';
import { type EndedPhase, type Execution, endedPhases } from './executions.ts';
import {
  type Counted,
  type HistoryRow,
  byEnd,
  countIn,
  cut,
  findExecution,
  newHistoryRow,
  takeOutJob,
} from './historyRow.ts';
import type { JobState, PhaseState } from './model.ts';
import type { Touched } from './touched.ts';
import { timeText } from './view.ts';

/** Most phases of pipelines with a history. */
export const HISTORY_KEYS = 2000;
/** 5 phases with 100 executions each are about 100 kB: quick to rewrite every few seconds. */
const PAGE_ROWS = 5;
/** Jobs with more phases are not gone through anew when something late is heard of them; what it names is. */
const WHOLE_JOB_PHASES = 500;

/** What has a history: the domain. */
export interface WithHistory {
  readonly history: History;
}

export class History {
  readonly table: Table<HistoryRow>;
  /** job id -> where its executions are kept, and how many. */
  #places: Map<string, { pipeline: string; held: number }> | undefined;

  constructor(keys = HISTORY_KEYS) {
    this.table = new Table({
      name: 'history',
      limit: keys,
      pageRows: PAGE_ROWS,
      make: (key) => newHistoryRow(...(JSON.parse(key) as [string, string])),
    });
  }

  /** Puts in an execution, or the newer state of one, and keeps the `limit` that ended last. */
  record(ended: EndedPhase, limit: number): void {
    const { pipeline, execution } = ended;
    this.#moveJob(execution.job_id, pipeline, limit);
    const key = JSON.stringify([pipeline, ended.phase_id]);
    if (isHeld(this.table.get(key), ended, limit) || !this.#hasRoom(key, execution)) return;
    const row = this.table.change(key);
    if (row === null) return;
    this.#count(pipeline, countIn(row, ended, limit));
  }

  /** Keeps the `limit` of each phase that ended last: to be called when the limit is another one. */
  trim(limit: number): void {
    const tooLong = [...this.table.rows].filter(([, row]) => row.executions.length > limit);
    // The places are counted at their first use, from what the rows hold: before anything is cut.
    if (tooLong.length > 0) this.#places ??= this.#held;
    for (const [key, row] of tooLong) {
      for (const job_id of cut(row, limit)) this.#leave(job_id);
      this.table.change(key);
    }
  }

  /** A late start of a job may name another pipeline than was taken for granted. */
  #moveJob(job_id: string, pipeline: string, limit: number): void {
    const before = this.#held.get(job_id)?.pipeline;
    if (before === undefined || before === pipeline) return;
    this.#held.delete(job_id);
    for (const [key, row] of this.table.rows) {
      if (row.pipeline !== before || !row.executions.some((one) => one.job_id === job_id)) continue;
      const { phase_id, name } = row;
      const moved = takeOutJob(row, job_id);
      if (row.executions.length === 0) this.table.delete(key);
      else this.table.change(key);
      for (const execution of moved) this.record({ pipeline, phase_id, name, execution }, limit);
    }
  }

  /** Where the table is full, the phase that has not ended for the longest time goes. */
  #hasRoom(key: string, { ended_at }: Execution): boolean {
    if (this.table.get(key) !== undefined || this.table.rows.size < this.table.limit) return true;
    this.table.refused++;
    let oldest: { key: string; row: HistoryRow } | undefined;
    for (const [held, row] of this.table.rows)
      if (oldest === undefined || lastEnd(row) < lastEnd(oldest.row)) oldest = { key: held, row };
    if (oldest === undefined || lastEnd(oldest.row) >= ended_at) return false;
    for (const { job_id } of oldest.row.executions) this.#leave(job_id);
    return this.table.delete(oldest.key);
  }

  #count(pipeline: string, { came, left }: Counted): void {
    if (came !== null) {
      const place = this.#held.get(came);
      if (place) place.held++;
      else this.#held.set(came, { pipeline, held: 1 });
    }
    for (const job_id of left) this.#leave(job_id);
  }

  #leave(job_id: string): void {
    const place = this.#held.get(job_id);
    if (place && --place.held <= 0) this.#held.delete(job_id);
  }

  /** Made at first use, when the stored rows are back. */
  get #held() {
    if (this.#places) return this.#places;
    this.#places = new Map();
    for (const { pipeline, executions } of this.table.rows.values())
      for (const { job_id } of executions) this.#count(pipeline, { came: job_id, left: [] });
    return this.#places;
  }
}

function lastEnd(row: HistoryRow): number {
  return row.executions.at(-1)?.ended_at ?? -Infinity;
}

/** True when nothing would change: pages stay clean. */
function isHeld(row: HistoryRow | undefined, ended: EndedPhase, limit: number): boolean {
  if (row === undefined || row.executions.length > limit) return false;
  const { execution } = ended;
  const held = findExecution(row, execution);
  if (held === undefined || (held === row.executions.at(-1) && row.name !== ended.name))
    return false;
  return (Object.keys(execution) as (keyof Execution)[]).every(
    (field) => held[field] === execution[field],
  );
}

/** Records one execution of a phase; one that is known by its job and attempt is replaced. */
export function recordPhase({ history }: WithHistory, ended: EndedPhase, limit: number): void {
  history.record(ended, limit);
}

/**
 * Records what the touched jobs' phases did. Cheap where nothing changed. Jobs that left memory, or were removed, keep the
 * history they have. To be called before touched jobs may leave memory.
 */
export function recordTouched(
  model: { readonly jobs: ReadonlyMap<string, JobState>; readonly domain: WithHistory },
  touched: Touched,
  limit: number,
): void {
  for (const job_id of new Set([...touched.jobs, ...touched.phases.keys()])) {
    const job = model.jobs.get(job_id);
    if (job === undefined) continue;
    for (const phase of phasesToRecord(job, touched.phases.get(job_id)))
      for (const ended of endedPhases(job, phase)) recordPhase(model.domain, ended, limit);
  }
}

/** All phases of a job that ended: its timeline of resources is complete, or was changed by a late sample. */
function phasesToRecord(job: JobState, named: ReadonlySet<string> | undefined): PhaseState[] {
  if (job.phases.size <= WHOLE_JOB_PHASES && isEnded(deriveJob(job).status))
    return [...job.phases.values()];
  return [...(named ?? [])].flatMap((phase_id) => job.phases.get(phase_id) ?? []);
}

export interface HistoryFilter {
  pipeline?: string | undefined;
  status?: readonly string[] | undefined;
}

/** The executions of a phase over all pipelines that have one of that id, newest first; empty for an unknown one. */
export function phaseHistory(
  domain: WithHistory,
  phase_id: string,
  { limit, ...filter }: HistoryFilter & { limit?: number | undefined } = {},
): PhaseExecution[] {
  return findExecutions(domain, phase_id, filter).slice(0, limit).map(executionRecord);
}

/** An execution where it is kept: a page of them is cut before records are made. */
export interface KeptExecution {
  row: HistoryRow;
  execution: Execution;
}

/** Like `phaseHistory`, before they are records. */
export function findExecutions(
  domain: WithHistory,
  phase_id: string,
  { pipeline, status }: HistoryFilter = {},
): KeptExecution[] {
  const found: KeptExecution[] = [];
  for (const row of historyRows(domain, { phase_id, pipeline }))
    for (const execution of row.executions)
      if (status?.includes(execution.status) ?? true) found.push({ row, execution });
  return found.sort((a, b) => byEnd(b.execution, a.execution));
}

/** What is kept of the phases that match, one row a phase and pipeline. To be read only. */
export function historyRows(
  { history }: WithHistory,
  { phase_id, pipeline }: { phase_id?: string | undefined; pipeline?: string | undefined } = {},
): HistoryRow[] {
  const matches = (row: HistoryRow) =>
    (phase_id === undefined || row.phase_id === phase_id) &&
    (pipeline === undefined || row.pipeline === pipeline);
  return [...history.table.rows.values()].filter(matches);
}

/** Every phase with a history. */
export function historyKeys({ history }: WithHistory): { pipeline: string; phase_id: string }[] {
  return [...history.table.rows.values()].map(({ pipeline, phase_id }) => ({ pipeline, phase_id }));
}

export function executionRecord({ row, execution }: KeptExecution): PhaseExecution {
  const { started_at } = execution;
  return {
    phase_id: row.phase_id,
    pipeline: row.pipeline,
    job_id: execution.job_id,
    attempt: execution.attempt,
    status: execution.status,
    started_at: started_at === null ? null : timeText(started_at),
    ended_at: timeText(execution.ended_at),
    execution_time_ms: executionTime(execution),
    cpu_percent: execution.cpu_percent,
    memory_mb: execution.memory_mb,
    items_done: execution.items_done,
    error_count: execution.error_count,
    warning_count: execution.warning_count,
  };
}

/** Milliseconds from start to end; null where the start is not known. */
export function executionTime({ started_at, ended_at }: Execution): number | null {
  return started_at === null ? null : Math.max(0, ended_at - started_at);
}
