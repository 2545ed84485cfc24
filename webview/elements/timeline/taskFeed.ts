/** The tasks of a job for its lanes: counted by the service at once, then one by one in pages where they are not too many. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TaskRecord } from '../../../service/protocol/domain.ts';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { Occupancy } from '../../../service/protocol/occupancy.ts';
import type { App } from '../../app.ts';
import type { Span } from '../../timeScale.ts';
import { type LaneTask, laneTask } from './lanes.ts';

/** More than these cannot be told apart on a screen, and would take too much of the page's memory. */
export const MOST_TASKS = 20_000;
const PAGE = 1_000;
/** While tasks run, what is only counted is counted again this often. */
const EVERY_MS = 5_000;

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

export type TaskState =
  | { kind: 'idle' | 'loading' }
  | { kind: 'failed'; message: string }
  /** All tasks are counted; `cancelled` where the person wanted no more of them one by one. */
  | {
      kind: 'ready';
      /** Of all of the time. */
      whole: Occupancy;
      /** Of what is zoomed into; the same while nothing is. */
      occupancy: Occupancy;
      /** Whether tasks are here one by one. */
      one: 'none' | 'some' | 'all';
      cancelled: boolean;
    };

interface TaskPage {
  tasks: TaskRecord[];
  next_cursor: string | null;
}

export class TaskFeed implements ReactiveController {
  state: TaskState = { kind: 'idle' };
  readonly tasks = new Map<string, LaneTask>();
  /** Changes with every task that is new or did something. */
  version = 0;
  readonly #host: Host;
  /** The part of the time that is zoomed into, epoch milliseconds: counted again for it alone. */
  readonly #part: () => Span | null;
  #job: string | null = null;
  #abort: AbortController | undefined;
  #countedPart: string | undefined;
  #counting = false;
  #askedAt = -Infinity;
  #stop: (() => void) | undefined;

  constructor(host: Host, part: () => Span | null) {
    this.#host = host;
    this.#part = part;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = this.#host.app.store.subscribe(['work'], () => this.#live());
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#forget(null);
  }

  hostUpdate(): void {
    const { store } = this.#host.app;
    const job = store.job?.job_id ?? null;
    if (!this.#host.seen || job === null) return;
    if (job !== this.#job) {
      this.#forget(job);
      void this.#load(job);
    } else if (this.state.kind === 'ready' && this.state.one === 'none')
      this.#recount(this.state.occupancy);
  }

  /** How many are here one by one. */
  get loaded(): number {
    return this.tasks.size;
  }

  /** No more pages: what is here stays. */
  cancel(): void {
    this.#abort?.abort();
    if (this.state.kind === 'ready') this.state = { ...this.state, cancelled: true };
    this.#host.requestUpdate();
  }

  /** Asks from the beginning, as a person wants it. */
  retry(): void {
    const job = this.#job;
    this.#forget(job);
    if (job !== null) void this.#load(job);
    this.#host.requestUpdate();
  }

  #forget(job: string | null): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#job = job;
    this.#countedPart = undefined;
    this.tasks.clear();
    this.version++;
    this.state = { kind: job === null ? 'idle' : 'loading' };
  }

  async #load(job: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const occupancy = await this.#count(job, null, abort.signal);
      if (abort.signal.aborted) return;
      const few = occupancy.tasks <= MOST_TASKS;
      const one = few ? 'some' : 'none';
      this.state = { kind: 'ready', whole: occupancy, occupancy, one, cancelled: false };
      this.#host.requestUpdate();
      if (few) await this.#pages(job, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.state = { kind: 'failed', message: messageOf(error) };
    }
    this.#host.requestUpdate();
  }

  async #pages(job: string, signal: AbortSignal): Promise<void> {
    const base = `/api/v1/tasks?job_id=${encodeURIComponent(job)}&limit=${PAGE}`;
    let cursor: string | null = '';
    while (cursor !== null && this.tasks.size < MOST_TASKS) {
      const path: string = cursor === '' ? base : `${base}&cursor=${encodeURIComponent(cursor)}`;
      const page: TaskPage = await this.#host.app.session.get<TaskPage>(path, signal);
      if (signal.aborted) return;
      for (const task of page.tasks) this.#take(task);
      cursor = page.next_cursor;
      this.#host.requestUpdate();
    }
    if (this.state.kind === 'ready') this.state = { ...this.state, one: 'all' };
    this.#live();
  }

  #count(job: string, part: Span | null, signal?: AbortSignal): Promise<Occupancy> {
    const range = part === null ? '' : `&from=${Math.floor(part.from)}&to=${Math.ceil(part.to)}`;
    const path = `/api/v1/task-occupancy?job_id=${encodeURIComponent(job)}&bins=300${range}`;
    return this.#host.app.session.get<Occupancy>(path, signal);
  }

  /** Counts again what another part of the time shows, and what still runs. */
  #recount({ lanes, others }: Occupancy): void {
    const part = this.#part();
    const key = JSON.stringify(part);
    const open = lanes.some((lane) => lane.open > 0) || (others?.open ?? 0) > 0;
    const old = open && performance.now() - this.#askedAt > EVERY_MS;
    const job = this.#job;
    if (job === null || this.#counting || (key === (this.#countedPart ?? 'null') && !old)) return;
    this.#counting = true;
    this.#askedAt = performance.now();
    this.#count(job, part)
      .then(
        (occupancy) => {
          if (job !== this.#job || this.state.kind !== 'ready') return;
          this.#countedPart = key;
          this.version++;
          const whole = part === null ? occupancy : this.state.whole;
          this.state = { ...this.state, occupancy, whole };
        },
        // What was counted before stays; the next turn asks again.
        () => (this.#countedPart = key),
      )
      .finally(() => {
        this.#counting = false;
        this.#host.requestUpdate();
      });
  }

  /** What the socket tells of this job's tasks. */
  #live(): void {
    if (this.state.kind !== 'ready' || this.state.one === 'none') return;
    const before = this.version;
    for (const task of this.#host.app.store.work.tasks.values())
      if (task.job_id === this.#job) this.#take(task);
    if (before !== this.version && this.#host.seen) this.#host.requestUpdate();
  }

  #take(task: TaskRecord): void {
    const known = this.tasks.get(task.task_id);
    if (known !== undefined && known.seq >= task.seq) return;
    if (known === undefined && this.tasks.size >= MOST_TASKS) return;
    this.tasks.set(task.task_id, laneTask(task));
    this.version++;
  }
}
