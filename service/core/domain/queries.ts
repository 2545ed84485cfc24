/** Lists of what is known beyond jobs, for answers and frames. Pure. */
import type {
  ActionRecord,
  CacheRecord,
  EndpointRecord,
  ModelRecord,
  QueueRecord,
  TaskRecord,
  WorkerRecord,
} from '../../protocol/domain.ts';
import type {
  OptimizationRecord,
  OptimizationStateName,
  ParameterRecord,
} from '../../protocol/optimization.ts';
import type { TaskStatus } from '../../protocol/states.ts';
import { readText } from '../registers.ts';
import { actionRecord } from './action.ts';
import { cacheRecord } from './cache.ts';
import { endpointRecord } from './endpoint.ts';
import { modelRecord } from './model.ts';
import { optimizationRecord, parameterRecord, stateOf } from './optimization.ts';
import { queueRecord } from './queue.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import { type TaskState, type TaskTime, taskRecord, timesOf } from './task.ts';
import { workerRecord } from './worker.ts';

export interface TaskFilter {
  worker_id?: string | undefined;
  job_id?: string | undefined;
  queue?: string | undefined;
  content_type?: string | undefined;
  status?: readonly TaskStatus[] | undefined;
  /** Epoch milliseconds: tasks first heard of in between, usually submitted. */
  from?: number | undefined;
  to?: number | undefined;
}

/** A part of a list: making a record costs more than finding its task. */
export interface TaskPage {
  offset?: number | undefined;
  limit?: number | undefined;
}

/** By id. */
export function workerRecords(tables: Tables): WorkerRecord[] {
  return byId(tables.workers, workerRecord);
}

export function findWorker(tables: Tables, worker_id: string): WorkerRecord | null {
  const worker = tables.workers.get(worker_id);
  return worker ? workerRecord(worker) : null;
}

/** Newest first, by the first event about each. */
export function taskRecords(
  tables: Tables,
  filter: TaskFilter = {},
  { offset = 0, limit = Infinity }: TaskPage = {},
): TaskRecord[] {
  return matchingTasks(tables, filter)
    .sort((a, b) => b.first_time - a.first_time || (a.task_id < b.task_id ? -1 : 1))
    .slice(offset, offset + limit)
    .map(taskRecord);
}

/** How many tasks the filter lets through. */
export function countTasks(tables: Tables, filter: TaskFilter = {}): number {
  return matchingTasks(tables, filter).length;
}

/** How many known tasks are in each state. */
export function taskCounts(tables: Tables): Record<TaskStatus, number> {
  const counts: Record<TaskStatus, number> = { PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0 };
  for (const { run } of tables.tasks.rows.values()) counts[run.status]++;
  return counts;
}

export function findTask(tables: Tables, task_id: string): TaskRecord | null {
  const task = tables.tasks.get(task_id);
  return task ? taskRecord(task) : null;
}

/** What the series want of a task: of its times only those that became known by the entry `seq`. */
export function newTaskFacts({ tasks }: Tables, task_id: string, seq: number) {
  const task = tasks.get(task_id);
  if (!task) return undefined;
  const times = timesOf(task);
  const known = (name: TaskTime) => (task.timed[name] === seq ? times[name] : null);
  return {
    ended_at: task.run.ended_at,
    wait_ms: known('wait_ms'),
    processing_ms: known('processing_ms'),
    total_ms: known('total_ms'),
    queue: readText(task.fields, 'queue'),
    content_type: readText(task.fields, 'content_type'),
    worker_id: readText(task.fields, 'worker_id'),
  };
}

const TEXTS = ['worker_id', 'job_id', 'queue', 'content_type'] as const;

/** Rows come nearly in order of time, so they are turned round for the sort to have little to do. */
export function matchingTasks(tables: Tables, filter: TaskFilter): TaskState[] {
  const { status, from = -Infinity, to = Infinity } = filter;
  const texts = TEXTS.filter((key) => filter[key] !== undefined);
  const found: TaskState[] = [];
  for (const task of tables.tasks.rows.values()) {
    if (status !== undefined && !status.includes(task.run.status)) continue;
    if (task.first_time < from || task.first_time > to) continue;
    if (texts.every((key) => task.fields.get(key)?.value === filter[key])) found.push(task);
  }
  return found.reverse();
}

/** By name; waits that grow by themselves are as of `now`, epoch milliseconds, and not given without it. */
export function queueRecords(tables: Tables, now?: number): QueueRecord[] {
  return byId(tables.queues, (queue) => queueRecord(queue, tables.waiting, now));
}

export function modelRecords(tables: Tables): ModelRecord[] {
  return byId(tables.models, modelRecord);
}

export function endpointRecords(tables: Tables): EndpointRecord[] {
  return byId(tables.endpoints, endpointRecord);
}

export function cacheRecords(tables: Tables): CacheRecord[] {
  return byId(tables.caches, cacheRecord);
}

export function actionRecords(tables: Tables): ActionRecord[] {
  return byId(tables.actions, actionRecord);
}

export interface OptimizationFilter {
  job_id?: string | undefined;
  state?: readonly OptimizationStateName[] | undefined;
}

/** The one that something was said of last first. */
export function optimizationRecords(
  { optimizations }: Tables,
  { job_id, state }: OptimizationFilter = {},
): OptimizationRecord[] {
  const found = [...optimizations.rows.values()].filter(
    (one) =>
      (job_id === undefined || one.proposed?.proposal.job_id === job_id) &&
      (state?.includes(stateOf(one)) ?? true),
  );
  return found
    .map(optimizationRecord)
    .sort(
      (a, b) => latestTime(b) - latestTime(a) || (a.optimization_id < b.optimization_id ? -1 : 1),
    );
}

function latestTime(record: OptimizationRecord): number {
  const { proposed_at, decided_at, answered_at, measured_at } = record;
  const times = [proposed_at, decided_at, answered_at, measured_at];
  return Math.max(...times.map((time) => (time === null ? 0 : Date.parse(time))));
}

export function findOptimization(tables: Tables, id: string): OptimizationRecord | null {
  const state = tables.optimizations.get(id);
  return state ? optimizationRecord(state) : null;
}

/** By job and name; of one job where it is named. */
export function parameterRecords(tables: Tables, job_id?: string): ParameterRecord[] {
  const wanted = (one: ParameterRecord | null): one is ParameterRecord =>
    one !== null && (job_id === undefined || one.job_id === job_id);
  return byId(tables.parameters, parameterRecord).filter(wanted);
}

/** Counts of all jobs there ever were, by signal. */
export function signalTotals(tables: Tables): Record<string, number> {
  return Object.fromEntries(byId(tables.signals, ({ signal, count }) => [signal, count] as const));
}

function byId<S, R>(table: Table<S>, record: (state: S) => R): R[] {
  const ids = [...table.rows.keys()].sort();
  return ids.flatMap((id) => {
    const state = table.get(id);
    return state === undefined ? [] : [record(state)];
  });
}
