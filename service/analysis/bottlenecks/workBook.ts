/** What tasks say of queues and workers: who works on what, since when, and how long the latest took. Bounded. */
import type { Whose } from './sign.ts';

/** A task as it is now. Times are epoch milliseconds. */
export interface TaskFact {
  task_id: string;
  whose: Omit<Whose, 'worker_id'>;
  worker_id: string | null;
  queue: string | null;
  submitted_at: number | null;
  started_at: number | null;
  ended_at: number | null;
}

export interface WorkerBook {
  worker_id: string;
  /** How long its latest tasks took, milliseconds, oldest first. */
  took: number[];
  seen_at: number;
}

/** Tasks of one phase of one job in one queue: they are compared with each other. */
export interface Group {
  key: string;
  whose: Omit<Whose, 'worker_id'>;
  queue: string | null;
  workers: Map<string, WorkerBook>;
  /** By task: who has begun it, and when that was heard. */
  running: Map<string, { worker_id: string | null; since: number }>;
  /** By task: when that was heard. */
  waiting: Map<string, number>;
  seen_at: number;
}

const MOST_GROUPS = 200;
const MOST_TASKS = 20_000;
const MOST_WORKERS = 256;
const KEPT_TOOK = 16;
/** A group or worker that nothing was heard of for so long is let go; what ended longer ago is not of now. */
const KEPT_MS = 120_000;
const RECENT_MS = 60_000;

export class WorkBook {
  readonly groups = new Map<string, Group>();
  /** Where a task waits or runs: whoever tells of it next may know more of it, and it must not stay behind. */
  readonly #where = new Map<string, Group>();

  /** Takes a task as it is now. `now`: epoch milliseconds. */
  task(fact: TaskFact, now: number): void {
    const { task_id, started_at, ended_at, submitted_at, worker_id } = fact;
    if (ended_at !== null && now - ended_at > RECENT_MS) return;
    const group = this.#groupOf(fact, now);
    group.seen_at = Math.max(group.seen_at, now);
    const before = this.#where.get(task_id);
    const run = before?.running.get(task_id);
    const worker = worker_id ?? run?.worker_id ?? null;
    if (ended_at !== null) {
      this.removed(task_id);
      if (worker !== null && started_at !== null && ended_at >= started_at)
        noteEnd(group, worker, { took: ended_at - started_at, now });
    } else if (started_at !== null) {
      if (before === group && run?.worker_id === worker) return;
      const since = run?.since ?? now;
      if (!this.#move(task_id, group)) return;
      group.running.set(task_id, { worker_id: worker, since });
      if (worker !== null) workerOf(group, worker, now);
    } else if (submitted_at !== null) {
      const since = before?.waiting.get(task_id);
      if (before === group && since !== undefined) return;
      if (this.#move(task_id, group)) group.waiting.set(task_id, since ?? now);
    }
  }

  /** Out of where it was; false where there is no room for it. */
  #move(task_id: string, to: Group): boolean {
    this.removed(task_id);
    if (this.#where.size >= MOST_TASKS) return false;
    this.#where.set(task_id, to);
    return true;
  }

  /** The task is known no more. */
  removed(task_id: string): void {
    const group = this.#where.get(task_id);
    if (group === undefined) return;
    this.#where.delete(task_id);
    group.running.delete(task_id);
    group.waiting.delete(task_id);
  }

  /** Lets go of what is not of now. */
  forget(now: number): void {
    for (const [key, group] of this.groups) {
      if (now - group.seen_at > KEPT_MS) this.#letGo(key, group);
      for (const [id, { seen_at }] of group.workers)
        if (now - seen_at > KEPT_MS) group.workers.delete(id);
    }
  }

  #groupOf({ whose, queue }: TaskFact, now: number): Group {
    const key = JSON.stringify([whose.job_id, whose.phase_id, queue]);
    const held = this.groups.get(key);
    if (held) return held;
    if (this.groups.size >= MOST_GROUPS) this.#letGoOldest();
    const group: Group = {
      ...{ key, whose, queue, seen_at: now },
      ...{ workers: new Map(), running: new Map(), waiting: new Map() },
    };
    this.groups.set(key, group);
    return group;
  }

  #letGoOldest(): void {
    let oldest: Group | undefined;
    for (const group of this.groups.values())
      if (oldest === undefined || group.seen_at < oldest.seen_at) oldest = group;
    if (oldest) this.#letGo(oldest.key, oldest);
  }

  #letGo(key: string, group: Group): void {
    for (const task_id of group.running.keys()) this.#where.delete(task_id);
    for (const task_id of group.waiting.keys()) this.#where.delete(task_id);
    this.groups.delete(key);
  }
}

function workerOf(group: Group, worker_id: string, now: number): WorkerBook | null {
  let worker = group.workers.get(worker_id);
  if (worker === undefined) {
    if (group.workers.size >= MOST_WORKERS) return null;
    worker = { worker_id, took: [], seen_at: now };
    group.workers.set(worker_id, worker);
  }
  worker.seen_at = Math.max(worker.seen_at, now);
  return worker;
}

function noteEnd(
  group: Group,
  worker_id: string,
  { took, now }: { took: number; now: number },
): void {
  const worker = workerOf(group, worker_id, now);
  if (worker === null) return;
  worker.took.push(took);
  if (worker.took.length > KEPT_TOOK) worker.took.shift();
}
