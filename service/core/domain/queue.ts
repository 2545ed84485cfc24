/** A queue: what it last said of itself, and how many known tasks wait in it or are worked on. */
import type { QueueRecord } from '../../protocol/domain.ts';
import type { EventOf } from '../../protocol/event.ts';
import { type Registers, readText, setRegister } from '../registers.ts';
import { type Stamp, isNewest, timeOrNull } from './values.ts';
import type { WaitingTasks } from './waiting.ts';

interface QueueSample extends Stamp {
  pending: number;
  oldest_wait_ms: number | null;
}

export interface QueueState {
  queue: string;
  fields: Registers;
  sample: QueueSample | null;
  tasks_pending: number;
  tasks_processing: number;
  /** Tasks that named it, also those that are no longer known. */
  tasks: number;
  seq: number;
}

export function newQueue(queue: string): QueueState {
  return {
    queue,
    fields: new Map(),
    sample: null,
    tasks_pending: 0,
    tasks_processing: 0,
    tasks: 0,
    seq: 0,
  };
}

export function foldQueueSample(queue: QueueState, event: EventOf<'queue.sampled'>): void {
  setRegister(queue.fields, 'kind', event.kind, event);
  if (!isNewest(queue.sample, event)) return;
  const { time, id, pending, oldest_wait_ms = null } = event;
  queue.sample = { time, id, pending, oldest_wait_ms };
}

/** True when nothing speaks of it any more: a task named it, and a later event said another. */
export function isForgottenQueue({ sample, tasks }: QueueState): boolean {
  return sample === null && tasks === 0;
}

/** Epoch milliseconds since when the oldest of its tasks waits; null where none does, or its owner tells the wait itself. */
export function waitingSince(
  { queue, sample }: Pick<QueueState, 'queue' | 'sample'>,
  waiting: WaitingTasks,
): number | null {
  return sample?.oldest_wait_ms == null ? waiting.since(queue) : null;
}

/** Without `now`, epoch milliseconds, the wait is only what the owner of the queue told. */
export function queueRecord(
  { queue, fields, sample, ...counts }: QueueState,
  waiting: WaitingTasks,
  now?: number,
): QueueRecord {
  const since = waitingSince({ queue, sample }, waiting);
  const waits = since === null || now === undefined ? null : Math.max(0, now - since);
  return {
    queue,
    kind: readText(fields, 'kind'),
    pending: sample?.pending ?? null,
    oldest_wait_ms: sample?.oldest_wait_ms ?? waits,
    waiting_since: timeOrNull(since),
    tasks_pending: counts.tasks_pending,
    tasks_processing: counts.tasks_processing,
    sampled_at: timeOrNull(sample?.time ?? null),
    seq: counts.seq,
  };
}
