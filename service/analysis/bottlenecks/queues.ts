/** Tasks that wait: a queue that grows, and one worker that works where several could. */
import type { EvidenceSeries } from '../../protocol/bottleneck.ts';
import { quartilesOf } from '../quantile.ts';
import { NOBODY, type Sign, type Whose } from './sign.ts';
import type { Group, WorkBook } from './workBook.ts';

export interface QueueFact {
  queue: string;
  /** What it last said of itself; null when it says nothing. */
  pending: number | null;
  oldest_wait_ms: number | null;
}

const STEP_MS = 1000;
const LEAST_PENDING = 3;
const LEAST_WAIT_MS = 500;
/** Waiting so many times longer than a task takes. */
const WAITS = 2;
const QUEUE_NEEDS_MS = 3000;
const SINGLE_NEEDS_MS = 3000;
/** A queue must be longer than it was at each of so many looks before. */
const LOOKS = 3;
const MOST_QUEUES = 500;

/** What is asked of episodes: whether a sign of the class is said of the queue already. */
export type QueueOpen = (queue: string) => boolean;

interface State {
  queue: string;
  groups: readonly Group[];
  pending: number;
  oldest_wait_ms: number;
  /** Median of the latest tasks, milliseconds; NaN before any has ended. */
  takes: number;
  now: number;
}

/** Looks at each queue once a second. Memory: three numbers a queue, 500 queues. */
export class QueueWatch {
  #before = new Map<string, number[]>();

  look(
    facts: readonly QueueFact[],
    book: WorkBook,
    look: { now: number; isOpen: QueueOpen },
  ): Sign[] {
    const states = statesOf(facts, book, look.now);
    const before = this.#before;
    this.#before = new Map(
      states.map(({ queue, pending }) => {
        return [queue, [...(before.get(queue) ?? []), pending].slice(-LOOKS)];
      }),
    );
    return states.flatMap((state) => {
      const then = before.get(state.queue) ?? [];
      const grows = then.length > 0 && state.pending > Math.max(...then);
      const open = look.isOpen(state.queue);
      // Where one worker of several works, that is why the queue grows: told once.
      const sign = singleSign(state) ?? queueSign(state, grows, open);
      return sign === null ? [] : [sign];
    });
  }
}

/**
 * It grows while what is in it waits at least half a second and twice as long as a task takes: more comes in than is done.
 * (A batch that is put in at once only shrinks.) Once said, it holds for as long as tasks wait so long.
 */
function queueSign(state: State, grows: boolean, open: boolean): Sign | null {
  const { queue, pending, oldest_wait_ms: wait, takes, now } = state;
  const least = Math.max(LEAST_WAIT_MS, Number.isFinite(takes) ? WAITS * takes : 0);
  if (pending < LEAST_PENDING || wait < least || !(grows || open)) return null;
  return {
    ...{ kind: 'QUEUE', title: 'Tasks wait in their queue', pattern: null, labels: { queue } },
    ...{ metric: 'queue_pending', unit: 'tasks', threshold: LEAST_PENDING },
    ...{ samples: [[now - STEP_MS, pending]], needs_ms: QUEUE_NEEDS_MS },
    // Of the time from being submitted to being done, so much is waiting.
    impact: Number.isFinite(takes) ? wait / (wait + takes) : null,
    impact_basis: Number.isFinite(takes) ? 'critical_path' : 'unknown',
    fit: 0.9,
    whose: whoseOf(state.groups),
    says: `${pending} tasks wait in queue ${queue}, the oldest for ${(wait / 1000).toFixed(1)} s, and more come in than are done`,
    facts: { pending, oldest_wait_ms: wait },
    series: [
      series(queue, 'queue_pending', 'Waiting tasks'),
      series(queue, 'queue_oldest_wait_ms', 'Longest wait'),
      rate(queue, 'tasks_submitted', 'Submitted'),
      rate(queue, 'tasks_completed', 'Done'),
    ],
  };
}

/** One worker of several works while tasks wait: a lock, or a part that only one may do. */
function singleSign({ queue, groups, pending, now, oldest_wait_ms: wait }: State): Sign | null {
  if (pending < LEAST_PENDING - 1 || wait < LEAST_WAIT_MS) return null;
  const workers = new Set(groups.flatMap((group) => [...group.workers.keys()]));
  const running = groups.flatMap((group) => [...group.running.values()]);
  const busy = new Set(running.map(({ worker_id }) => worker_id));
  const [worker_id] = busy;
  if (workers.size < 2 || busy.size !== 1 || typeof worker_id !== 'string') return null;
  return {
    ...{ kind: 'LOCK', title: 'One worker works, others wait', pattern: null, labels: { queue } },
    ...{ metric: 'worker_active_tasks', unit: 'workers', threshold: 1 },
    ...{ samples: [[now - STEP_MS, 1]], needs_ms: SINGLE_NEEDS_MS },
    ...{ impact: 1 - 1 / workers.size, impact_basis: 'throughput', fit: 0.8 },
    whose: { ...whoseOf(groups), worker_id },
    says: `Only ${worker_id} of ${workers.size} workers works while ${pending} tasks wait in queue ${queue}`,
    facts: { workers: workers.size, pending },
    series: [
      ...[...workers].slice(0, 5).map((id) => ({
        ...{ metric: 'worker_active_tasks', labels: { worker_id: id }, unit: 'tasks' },
        ...{ title: `Tasks of ${id}`, aggregation: 'avg' as const },
      })),
      series(queue, 'queue_pending', 'Waiting tasks'),
    ],
  };
}

function series(queue: string, metric: string, title: string): EvidenceSeries {
  const unit = metric.endsWith('_ms') ? 'ms' : 'tasks';
  return { metric, labels: { queue }, unit, title, aggregation: 'avg' };
}

/** Each task is a point of 1: how many come in a second is their sum. */
function rate(queue: string, metric: string, title: string): EvidenceSeries {
  return { metric, labels: { queue }, unit: 'tasks/s', title, aggregation: 'rate' };
}

function statesOf(facts: readonly QueueFact[], book: WorkBook, now: number): State[] {
  const groups = new Map<string, Group[]>(facts.map(({ queue }) => [queue, []]));
  for (const group of book.groups.values()) {
    if (group.queue === null) continue;
    const held = groups.get(group.queue);
    if (held) held.push(group);
    else groups.set(group.queue, [group]);
  }
  const told = new Map(facts.map((fact) => [fact.queue, fact]));
  return [...groups].slice(0, MOST_QUEUES).map(([queue, all]) => {
    const since = all.flatMap(({ waiting }) => [...waiting.values()].slice(0, 1));
    const heard = since.length === 0 ? 0 : now - Math.min(...since);
    const took = all.flatMap(({ workers }) => [...workers.values()].flatMap((one) => one.took));
    const fact = told.get(queue);
    return {
      ...{ queue, groups: all, now, takes: quartilesOf(took).median },
      pending: fact?.pending ?? all.reduce((sum, { waiting }) => sum + waiting.size, 0),
      oldest_wait_ms: Math.max(0, fact?.oldest_wait_ms ?? heard),
    };
  });
}

/** Whose tasks wait, where they are all of one job; its phase, where they are all of one. */
function whoseOf(groups: readonly Group[]): Whose {
  const waiting = groups.filter((group) => group.waiting.size > 0);
  const one = (key: 'job_id' | 'pipeline' | 'phase_id'): string | null => {
    const ids = new Set(waiting.map(({ whose }) => whose[key]));
    return ids.size === 1 ? ([...ids][0] ?? null) : null;
  };
  const job_id = one('job_id');
  return {
    ...NOBODY,
    job_id,
    pipeline: one('pipeline'),
    phase_id: job_id ? one('phase_id') : null,
  };
}
