/** What each type of event changes in the domain; types that are not here change nothing. */
import type { EventOf, EventType } from '../../protocol/event.ts';
import { foldAction } from './action.ts';
import { foldCache } from './cache.ts';
import { foldDefinition } from './definitions.ts';
import { foldRequest } from './endpoint.ts';
import { foldBaseline, foldPrediction } from './model.ts';
import { foldQueueSample } from './queue.ts';
import {
  type NotificationTables,
  foldQueued,
  foldRevived,
  foldRouted,
  foldTried,
} from './notification.ts';
import { readText } from '../registers.ts';
import {
  foldOptimization,
  foldParameter,
  forgetJob,
  makeRoomFor,
  makeRoomForParameter,
  parameterKey,
} from './optimization.ts';
import { makeRoom } from './retention.ts';
import { type Context, inBuckets, moveShare, shareOf } from './share.ts';
import { foldSettings } from './settings.ts';
import { foldSignalTotal } from './signal.ts';
import type { Table } from './table.ts';
import { type TaskEvent, foldTask, noteTimes } from './task.ts';
import {
  type WorkerEvent,
  type WorkerState,
  foldWorker,
  foldWorkerLost,
  foldWorkerResources,
} from './worker.ts';

type Fold = (context: Context) => void;

function on<T extends EventType>(
  types: readonly T[],
  fold: (context: Context, event: EventOf<T>) => void,
): [EventType, Fold][] {
  return types.map((type) => [type, (context) => fold(context, context.entry.event as EventOf<T>)]);
}

export const FOLDS: ReadonlyMap<EventType, Fold> = new Map([
  ...on(
    ['task.submitted', 'task.started', 'task.completed', 'task.failed', 'task.retried'],
    applyTask,
  ),
  ...on(['worker.registered', 'worker.heartbeat', 'worker.stopped'], applyWorker),
  ...on(['worker.lost'], applyLost),
  ...on(['job.started', 'phase.started', 'metric.recorded'], heardOf),
  ...on(['log.recorded'], applyLog),
  ...on(['resource.sampled'], applyResource),
  ...on(['queue.sampled'], applyQueue),
  ...on(['prediction.recorded'], ({ tables, entry }, event) => {
    change(tables.models, event.model, entry.seq, (model) => foldPrediction(model, event));
  }),
  ...on(['model.baselined'], ({ tables, entry }, event) => {
    change(tables.models, event.model, entry.seq, (model) => foldBaseline(model, event));
  }),
  ...on(['request.recorded'], ({ tables, entry }, event) => {
    change(tables.endpoints, event.endpoint, entry.seq, (state) => foldRequest(state, event));
  }),
  ...on(['cache.sampled'], ({ tables, entry }, event) => {
    change(tables.caches, event.cache, entry.seq, (cache) => foldCache(cache, event));
  }),
  ...on(['action.offered'], ({ tables, entry }, event) => {
    change(tables.actions, event.action, entry.seq, (action) => foldAction(action, event));
  }),
  ...on(['parameter.offered'], ({ tables, entry }, event) => {
    const key = parameterKey(event.job_id, event.parameter);
    if (!tables.parameters.get(key)) makeRoomForParameter(tables.parameters);
    change(tables.parameters, key, entry.seq, (state) => foldParameter(state, event));
  }),
  ...on(['job.removed'], ({ tables, touched }, event) => {
    forgetJob(tables, event.job_id, touched);
  }),
  ...on(
    [
      'optimization.proposed',
      'optimization.decided',
      'optimization.answered',
      'optimization.measured',
    ],
    ({ tables, entry, touched }, event) => {
      const { optimizations } = tables;
      if (event.type === 'optimization.proposed') makeRoomFor(optimizations);
      change(optimizations, event.optimization_id, entry.seq, (state) => {
        foldOptimization(state, event, entry);
        touched.optimizations.add(event.optimization_id);
      });
    },
  ),
  ...on(['config.changed'], ({ tables }, event) => foldSettings(tables.settings, event)),
  ...on(['definition.changed'], ({ tables, touched }, event) => {
    foldDefinition(tables, event);
    touched.definitions.add(event.of);
  }),
  ...on(['alert.routed'], ({ tables, touched }, event) => {
    if (foldRouted(tables, event)) touched.definitions.add('notification');
  }),
  ...on(['notification.queued'], ofOutbox(foldQueued)),
  ...on(['notification.tried'], ofOutbox(foldTried)),
  ...on(['notification.revived'], ofOutbox(foldRevived)),
  ...on(['signal.counted'], ({ tables }, event) => {
    const signal = tables.signals.change(event.signal);
    if (signal) foldSignalTotal(signal, event);
  }),
  ...on(['job.imported'], ({ tables }, { new_signals = [] }) => {
    for (const [name, count] of new_signals) {
      const signal = tables.signals.change(name);
      if (signal) signal.count += count;
    }
  }),
]);

function ofOutbox<E>(fold: (tables: NotificationTables, event: E) => void) {
  return ({ tables, touched }: Context, event: E) => {
    fold(tables, event);
    touched.definitions.add('notification');
  };
}

function change<S extends { seq: number }>(
  table: Table<S>,
  id: string,
  seq: number,
  fold: (state: S) => void,
): void {
  const state = table.change(id);
  if (state === null) return;
  state.seq = seq;
  fold(state);
}

function applyTask(context: Context, event: TaskEvent): void {
  const { tables, entry, touched } = context;
  // Who submits a task speaks for itself, not for the worker it names.
  if (event.type !== 'task.submitted') heardOf(context, event);
  const held = tables.tasks.get(event.task_id);
  if (!held) makeRoom(tables, touched);
  const before = held ? shareOf(held) : null;
  const task = tables.tasks.change(event.task_id);
  if (task === null) return;
  task.seq = entry.seq;
  task.last_seen = Math.max(task.last_seen, entry.received_at);
  touched.tasks.add(event.task_id);
  touched.removedTasks.delete(event.task_id);
  const isRetry = foldTask(task, event);
  noteTimes(task, entry.seq);
  moveShare(context, before, shareOf(task));
  const queue = readText(task.fields, 'queue');
  if (tables.waiting.note(task) && queue !== null) touched.queues.add(queue);
  if (isRetry) inBuckets(tables, event.time, (bucket) => bucket.retried++);
}

/** Any event that names its worker is a sign of life of it, by the time of arrival. */
function heardOf(
  { tables, entry, touched }: Context,
  { worker_id }: { worker_id?: string },
): WorkerState | null {
  if (worker_id === undefined) return null;
  const worker = tables.workers.change(worker_id);
  if (worker === null) return null;
  worker.last_seen = Math.max(worker.last_seen, entry.received_at);
  worker.seq = entry.seq;
  touched.workers.add(worker_id);
  return worker;
}

function applyWorker(context: Context, event: WorkerEvent): void {
  const worker = heardOf(context, event);
  if (worker) foldWorker(worker, event);
}

/** What the service found out about a worker makes none that has been removed since. */
function applyLost({ tables, entry, touched }: Context, event: EventOf<'worker.lost'>): void {
  if (tables.workers.get(event.worker_id) === undefined) return;
  change(tables.workers, event.worker_id, entry.seq, (worker) => {
    foldWorkerLost(worker, event);
    touched.workers.add(event.worker_id);
  });
}

function applyLog(context: Context, event: EventOf<'log.recorded'>): void {
  const worker = heardOf(context, event);
  if (worker && event.level === 'error') worker.error_lines++;
}

function applyResource(context: Context, event: EventOf<'resource.sampled'>): void {
  const worker = heardOf(context, event);
  if (worker) foldWorkerResources(worker, event);
}

function applyQueue(context: Context, event: EventOf<'queue.sampled'>): void {
  const { tables, entry, touched } = context;
  change(tables.queues, event.queue, entry.seq, (queue) => {
    foldQueueSample(queue, event);
    touched.queues.add(event.queue);
  });
}
