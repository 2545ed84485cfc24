/**
 * A worker: a machine or process that does tasks. Whether it is there follows from when its events arrived, because the
 * clocks of workers may be wrong; its counters follow from its tasks (share.ts).
 */
import type { WorkerRecord } from '../../protocol/domain.ts';
import type { WorkerState as State } from '../../protocol/states.ts';
import { type EventOf, RESOURCE_FIELDS } from '../../protocol/event.ts';
import { insertLatest } from '../bounded.ts';
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
import { timeText } from '../view.ts';
import { meanOf, roundOrNull, timeOrNull } from './values.ts';

/** The end of one of its tasks: `id` is the task's. */
export interface TaskEnd {
  time: number;
  id: string;
  failed: boolean;
}

export interface WorkerState {
  worker_id: string;
  fields: Registers;
  labels: Registers;
  extra: Registers;
  /** By its own clock: its newest registration, its newest registration or heartbeat, its newest stop. */
  registered_at: number | null;
  alive_at: number | null;
  stopped_at: number | null;
  /** Arrival of its latest sign of life; 0 when only others spoke of it. */
  last_seen: number;
  /** Silent since this arrival, as a worker.lost event found. */
  silent_since: number | null;
  /** Of the tasks that it started. */
  processing: number;
  completed: number;
  failed: number;
  timed_out: number;
  processing_ms: number;
  /** How many of its tasks are still known. */
  tasks: number;
  /** The latest ends, in order of time. */
  ends: TaskEnd[];
  error_lines: number;
  seq: number;
}

export type WorkerEvent = EventOf<'worker.registered' | 'worker.heartbeat' | 'worker.stopped'>;

const TOLD = ['kind', 'host', 'latency_ms', 'bytes_transferred', ...RESOURCE_FIELDS] as const;
const KNOWN = knownFields('worker_id', 'labels', 'active_tasks', ...TOLD);

/** Consecutive failures are looked for among so many ends. */
const MAX_ENDS = 64;
/** So many failures in a row make a worker unhealthy. */
const UNHEALTHY_FAILURES = 3;

export function newWorker(worker_id: string): WorkerState {
  return {
    worker_id,
    fields: new Map(),
    labels: new Map(),
    extra: new Map(),
    registered_at: null,
    alive_at: null,
    stopped_at: null,
    last_seen: 0,
    silent_since: null,
    processing: 0,
    completed: 0,
    failed: 0,
    timed_out: 0,
    processing_ms: 0,
    tasks: 0,
    ends: [],
    error_lines: 0,
    seq: 0,
  };
}

export function foldWorker(worker: WorkerState, event: WorkerEvent): void {
  for (const key of TOLD) setRegister(worker.fields, key, event[key], event);
  // An event that tells none takes back the number of an older one.
  setRegister(worker.fields, 'active_tasks', event.active_tasks ?? null, event);
  setAll(worker.labels, event.labels, event);
  setAll(worker.extra, unknownFields(event, KNOWN), event);
  const { time } = event;
  if (event.type === 'worker.stopped') {
    worker.stopped_at = later(worker.stopped_at, time);
    return;
  }
  worker.alive_at = later(worker.alive_at, time);
  if (event.type === 'worker.registered') worker.registered_at = later(worker.registered_at, time);
}

export function foldWorkerResources(worker: WorkerState, event: EventOf<'resource.sampled'>): void {
  for (const key of RESOURCE_FIELDS) setRegister(worker.fields, key, event[key], event);
}

export function foldWorkerLost(worker: WorkerState, event: EventOf<'worker.lost'>): void {
  worker.silent_since = later(worker.silent_since, event.silent_since);
}

function later(held: number | null, time: number): number {
  return held === null ? time : Math.max(held, time);
}

/** Counts the end of a task in or out, for the failures in a row. */
export function countEnd(worker: WorkerState, end: TaskEnd, times: 1 | -1): void {
  if (times === 1) {
    insertLatest(worker.ends, end, MAX_ENDS);
    return;
  }
  const at = worker.ends.findIndex(({ time, id }) => time === end.time && id === end.id);
  if (at >= 0) worker.ends.splice(at, 1);
}

/** True when nothing speaks of it any more: a task named it, and a later event said another. */
export function isForgottenWorker(worker: WorkerState): boolean {
  const { last_seen, processing, completed, failed } = worker;
  return last_seen === 0 && processing + completed + failed === 0;
}

export function workerState({ stopped_at, alive_at, silent_since, last_seen }: WorkerState): State {
  if (stopped_at !== null && (alive_at === null || stopped_at >= alive_at)) return 'STOPPED';
  return silent_since !== null && silent_since >= last_seen ? 'OFFLINE' : 'ONLINE';
}

function consecutiveFailures({ ends }: WorkerState): number {
  const lastGood = ends.findLastIndex(({ failed }) => !failed);
  return ends.length - 1 - lastGood;
}

function offlineSince(worker: WorkerState, state: State): string | null {
  if (state === 'STOPPED') return timeOrNull(worker.stopped_at);
  return state === 'OFFLINE' && worker.last_seen > 0 ? timeText(worker.last_seen) : null;
}

/** Why it is not healthy, as a sentence; null when it is. */
function healthReason(state: State, since: string | null, failures: number): string | null {
  const from = since === null ? '' : ` since ${since}`;
  if (state === 'STOPPED') return `It has been stopped${from}.`;
  if (state === 'OFFLINE')
    return `Nothing has been heard of it${from}. Check its machine and network.`;
  if (failures < UNHEALTHY_FAILURES) return null;
  return `Its last ${failures} tasks failed. Look at their errors.`;
}

export function workerRecord(worker: WorkerState): WorkerRecord {
  const { fields } = worker;
  const state = workerState(worker);
  const since = offlineSince(worker, state);
  const failures = consecutiveFailures(worker);
  const reason = healthReason(state, since, failures);
  const kind = readText(fields, 'kind') as WorkerRecord['kind'];
  return {
    worker_id: worker.worker_id,
    kind,
    host: readText(fields, 'host'),
    state,
    is_online: state === 'ONLINE',
    is_healthy: reason === null,
    health_reason: reason,
    registered_at: timeOrNull(worker.registered_at),
    last_heartbeat: worker.last_seen > 0 ? timeText(worker.last_seen) : null,
    offline_since: since,
    active_tasks: Math.round(readNumber(fields, 'active_tasks') ?? worker.processing),
    completed_tasks: worker.completed,
    failed_tasks: worker.failed,
    total_processing_ms: worker.processing_ms,
    average_task_ms: roundOrNull(meanOf(worker.processing_ms, worker.completed + worker.failed)),
    ...measures(fields),
    error_count: worker.failed + worker.error_lines,
    timeout_count: worker.timed_out,
    consecutive_failures: failures,
    labels: readAllTexts(worker.labels),
    extra: readAll(worker.extra),
    seq: worker.seq,
  };
}

const MEASURES = [...RESOURCE_FIELDS, 'latency_ms', 'bytes_transferred'] as const;

function measures(fields: Registers): Record<(typeof MEASURES)[number], number | null> {
  const entries = MEASURES.map((key) => [key, readNumber(fields, key)]);
  return Object.fromEntries(entries) as Record<(typeof MEASURES)[number], number | null>;
}
