/** A task: one unit of work that waits in a queue and that a worker does. */
import type { TaskRecord } from '../../protocol/domain.ts';
import type { ErrorDetails, EventOf } from '../../protocol/event.ts';
import { knownFields, unknownFields } from '../fold/context.ts';
import {
  type Registers,
  readAll,
  readAllTexts,
  readNumber,
  readText,
  setAll,
  setRegister,
} from '../registers.ts';
import { type TaskMark, type TaskRun, addTaskMark, taskRun } from './taskRun.ts';
import { timeOrNull } from './values.ts';

export interface TaskState {
  task_id: string;
  marks: TaskMark[];
  fields: Registers;
  labels: Registers;
  extra: Registers;
  /** Epoch milliseconds of its first submission. */
  submitted_at: number | null;
  /** Earliest time of any event about it: its place among the tasks. */
  first_time: number;
  /** Arrival of the latest event about it, in epoch milliseconds. */
  last_seen: number;
  retries: number;
  /** What follows from the marks, kept for those who look through all tasks. */
  run: TaskRun;
  /** Number of the entry by which each time of the run that ended at `end` became known first; 0 while none is. */
  timed: Record<TaskTime, number> & { end: number | null };
  seq: number;
}

export const TASK_TIMES = ['wait_ms', 'processing_ms', 'total_ms'] as const;
export type TaskTime = (typeof TASK_TIMES)[number];

export type TaskEvent = EventOf<
  'task.submitted' | 'task.started' | 'task.completed' | 'task.failed' | 'task.retried'
>;

const FIELDS = [
  'job_id',
  'phase_id',
  'worker_id',
  'queue',
  'content_type',
  'input_bytes',
  'output_bytes',
  'cpu_ms',
  'gpu_ms',
  'memory_peak_mb',
  'confidence',
  'degraded',
  'timed_out',
] as const;
const KNOWN = knownFields('task_id', 'error', 'labels', ...FIELDS);

const MARKS = {
  'task.started': 'START',
  'task.retried': 'RETRY',
  'task.completed': 'COMPLETED',
  'task.failed': 'FAILED',
} as const;

/** Longer stacks keep their begin and end: thousands of failed tasks are kept, and the journal has the whole text. */
const MAX_STACK = 8192;

export function newTask(task_id: string): TaskState {
  return {
    task_id,
    marks: [],
    fields: new Map(),
    labels: new Map(),
    extra: new Map(),
    submitted_at: null,
    first_time: Number.MAX_SAFE_INTEGER,
    last_seen: 0,
    retries: 0,
    run: taskRun([]),
    timed: { end: null, wait_ms: 0, processing_ms: 0, total_ms: 0 },
    seq: 0,
  };
}

/** Folds one event. True when it is a retry that was not known yet. */
export function foldTask(task: TaskState, event: TaskEvent): boolean {
  const { id, time } = event;
  task.first_time = Math.min(task.first_time, time);
  for (const key of FIELDS) setRegister(task.fields, key, event[key], event);
  setAll(task.labels, event.labels, event);
  setAll(task.extra, unknownFields(event, KNOWN), event);
  if (event.type === 'task.submitted') {
    task.submitted_at = Math.min(task.submitted_at ?? time, time);
    return false;
  }
  if (event.type === 'task.failed' || event.type === 'task.retried') {
    setRegister(task.fields, 'error', event.error ? shortened(event.error) : null, event);
  }
  const isNew = addTaskMark(task.marks, { time, id, kind: MARKS[event.type] });
  task.run = taskRun(task.marks);
  if (!isNew || event.type !== 'task.retried') return false;
  task.retries++;
  return true;
}

function shortened(error: ErrorDetails): ErrorDetails {
  const { stack } = error;
  if (stack === undefined || stack.length <= MAX_STACK) return error;
  const half = MAX_STACK / 2;
  return { ...error, stack: `${stack.slice(0, half)}\n...\n${stack.slice(-half)}` };
}

/** Between two times that may be of different clocks: never negative. */
function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

export function waitOf(task: TaskState): number | null {
  return between(task.submitted_at, task.run.started_at);
}

export function processingOf({ run }: TaskState): number | null {
  return between(run.started_at, run.ended_at);
}

function totalOf({ submitted_at, run }: TaskState): number | null {
  return between(submitted_at, run.ended_at);
}

/** The times of its newest run once it has ended, in milliseconds; null for what was not told. */
export function timesOf(task: TaskState): Record<TaskTime, number | null> {
  return {
    wait_ms: task.run.ended_at === null ? null : waitOf(task),
    processing_ms: processingOf(task),
    total_ms: totalOf(task),
  };
}

/** Remembers which entry made a time known: then it becomes a point, once for each end, whatever comes first. */
export function noteTimes(task: TaskState, seq: number): void {
  const end = task.run.ended_at;
  if (end === null) return;
  if (task.timed.end !== end) task.timed = { end, wait_ms: 0, processing_ms: 0, total_ms: 0 };
  const times = timesOf(task);
  for (const name of TASK_TIMES)
    if (times[name] !== null && task.timed[name] === 0) task.timed[name] = seq;
}

/** What was said of the newest run only: a run that timed out and was retried is no time-out any more. */
export function saysOfRun({ fields, run }: TaskState, key: 'timed_out' | 'degraded'): boolean {
  const told = fields.get(key);
  return told?.value === true && (run.started_at === null || told.time >= run.started_at);
}

/** Why it failed, or why it waits again. */
function errorOf({ fields, run, retries }: TaskState): ErrorDetails | null {
  const shown = run.status === 'FAILED' || (run.status === 'PENDING' && retries > 0);
  return shown ? ((fields.get('error')?.value as ErrorDetails | null | undefined) ?? null) : null;
}

export function taskRecord(task: TaskState): TaskRecord {
  const { fields, run } = task;
  return {
    task_id: task.task_id,
    job_id: readText(fields, 'job_id'),
    phase_id: readText(fields, 'phase_id'),
    worker_id: readText(fields, 'worker_id'),
    queue: readText(fields, 'queue'),
    content_type: readText(fields, 'content_type'),
    status: run.status,
    submitted_at: timeOrNull(task.submitted_at),
    started_at: timeOrNull(run.started_at),
    completed_at: timeOrNull(run.ended_at),
    wait_ms: waitOf(task),
    processing_ms: processingOf(task),
    total_ms: totalOf(task),
    retry_count: task.retries,
    timed_out: saysOfRun(task, 'timed_out'),
    degraded: saysOfRun(task, 'degraded'),
    confidence: readNumber(fields, 'confidence'),
    input_bytes: readNumber(fields, 'input_bytes'),
    output_bytes: readNumber(fields, 'output_bytes'),
    cpu_ms: readNumber(fields, 'cpu_ms'),
    gpu_ms: readNumber(fields, 'gpu_ms'),
    memory_peak_mb: readNumber(fields, 'memory_peak_mb'),
    error: errorOf(task),
    labels: readAllTexts(task.labels),
    extra: readAll(task.extra),
    seq: task.seq,
  };
}
