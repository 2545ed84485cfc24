/** The tasks of a job for its lanes: counted by the service at once, then one by one in pages where they are not too many. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TaskRecord } from '../../../service/protocol/domain.ts';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { Occupancy } from '../../../service/protocol/occupancy.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import type { Span } from '../../timeScale.ts';
import { type LaneTask, laneTask } from './lanes.ts';
import { countPath, hasOpen, isDrawn, pagePath, type Ready, type TaskState } from './taskState.ts';

/** More than these cannot be told apart on a screen, and would take too much of the page's memory. */
export const MOST_TASKS = 20_000;
/** While tasks run, what is only counted is counted again this often; so is what has failed asked again. */
const EVERY_MS = 5_000;

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

const NEW = { cancelled: false, message: null };

interface TaskPage {
  tasks: TaskRecord[];
  next_cursor: string | null;
}

export class TaskFeed implements ReactiveController {
  state: TaskState = { kind: 'idle' };
  tasks = new Map<string, LaneTask>();
  /** Changes with every task that is new or did something. */
  version = 0;
  readonly #host: Host;
  /** The part of the time that is zoomed into, epoch milliseconds: counted again for it alone. */
  readonly #part: () => Span | null;
  #job: string | null = null;
  /** While all of it is asked for. */
  #abort: AbortController | undefined;
  /** The part that `occupancy` is of, and the one that could not be counted. */
  #countedPart = 'null';
  #failedPart: string | undefined;
  #counting = false;
  #askedAt = -Infinity;
  /** The beginning of the socket's records that what is here goes on with: what was before it, only REST tells. */
  #begun = -1;
  /** All of it has to be asked for again. */
  #missed = false;
  /** There were too many tasks, though the service may have forgotten some since. */
  #crowded = false;
  /** The job had ended while its records were still coming. */
  #sawEnd = false;
  #stop: (() => void)[] = [];

  constructor(host: Host, part: () => Span | null) {
    this.#host = host;
    this.#part = part;
    host.addController(this);
  }

  hostConnected(): void {
    const { store } = this.#host.app;
    this.#stop = [
      store.subscribe(['work'], () => this.#live()),
      store.subscribe(['connection'], () => store.stale || this.again()),
    ];
  }

  hostDisconnected(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.#forget(null);
  }

  hostUpdate(): void {
    const job = this.#host.app.store.job?.job_id ?? null;
    if (!this.#host.seen || job === null) return;
    if (job !== this.#job) {
      this.#forget(job);
      void this.#load(job);
    } else if (this.#isBehind()) void this.#load(job);
    else if (this.state.kind === 'ready' && this.state.one === 'none' && !this.#missed)
      this.#recount(this.state);
  }

  /** How many are here one by one. */
  get loaded(): number {
    return this.tasks.size;
  }

  /** No more pages: what is here stays. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = undefined;
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

  /** Asks now for what has failed; the rest stays. */
  again(): void {
    if (!this.#missed && this.#failedPart === undefined) return;
    this.#askedAt = -Infinity;
    if (this.#host.seen) this.#host.requestUpdate();
  }

  #forget(job: string | null): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#job = job;
    [this.#missed, this.#crowded, this.#sawEnd] = [false, false, false];
    this.#failedPart = undefined;
    this.tasks = new Map();
    this.version++;
    this.state = { kind: job === null ? 'idle' : 'loading' };
  }

  /** Whether something may have happened that no record told of. */
  #isBehind(): boolean {
    const { work } = this.#host.app.store;
    if (work.loaded && work.begun !== this.#begun) {
      if (!this.#sawEnd || !this.#jobEnded || this.#hasOpen()) return true;
      this.#begun = work.begun;
    }
    if (work.loaded) this.#sawEnd = this.#jobEnded && this.#abort === undefined;
    return this.#missed && this.#mayAsk;
  }

  get #jobEnded(): boolean {
    return isEnded(this.#host.app.store.job?.status ?? 'RUNNING');
  }

  get #mayAsk(): boolean {
    return performance.now() - this.#askedAt > EVERY_MS;
  }

  #hasOpen(): boolean {
    if (this.state.kind !== 'ready') return true;
    if (this.state.one === 'none') return hasOpen(this.state.occupancy);
    return [...this.tasks.values()].some(({ end }) => end === null);
  }

  /** Counts, and fetches the tasks where they are few enough; what is here is shown until then. */
  async #load(job: string): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#begun = this.#host.app.store.work.begun;
    this.#askedAt = performance.now();
    [this.#missed, this.#sawEnd] = [false, false];
    try {
      const whole = await this.#count(job, null, abort.signal);
      if (abort !== this.#abort) return;
      const { one } = this.#counted(whole);
      this.#host.requestUpdate();
      const all = one === 'none' || (await this.#pages(job, abort.signal));
      if (abort !== this.#abort) return;
      this.#abort = undefined;
      if (all) this.#live();
      else this.#crowd();
    } catch (error) {
      if (abort !== this.#abort) return;
      this.#abort = undefined;
      this.#failed(messageOf(error));
    }
    this.#host.requestUpdate();
  }

  #counted(whole: Occupancy): Ready {
    // The service forgets the oldest: fewer than the most are no sign yet that they can be drawn.
    if (whole.tasks < MOST_TASKS / 2) this.#crowded = false;
    const few = whole.tasks <= MOST_TASKS && !this.#crowded;
    const shown = few && this.state.kind === 'ready' && isDrawn(this.state) ? this.state : null;
    if (shown === null) {
      this.tasks = new Map();
      this.version++;
    }
    this.#countedPart = 'null';
    this.#failedPart = undefined;
    const { one, cancelled, message } = shown ?? { ...NEW, one: few ? 'some' : 'none' };
    return (this.state = { kind: 'ready', whole, occupancy: whole, one, cancelled, message });
  }

  /** Returns false where there are more than can be drawn. */
  async #pages(job: string, signal: AbortSignal): Promise<boolean> {
    const { state } = this;
    const again = state.kind === 'ready' && isDrawn(state);
    const cancelled = state.kind === 'ready' && state.cancelled;
    const most = cancelled ? this.tasks.size : MOST_TASKS;
    // Those of before stay in sight until all of the new ones are here.
    const into = again ? new Map<string, LaneTask>() : this.tasks;
    let cursor: string | null = '';
    while (cursor !== null && into.size < most) {
      const path = pagePath(job, cursor);
      const page: TaskPage = await this.#host.app.session.get<TaskPage>(path, signal);
      if (signal.aborted) return true;
      for (const task of page.tasks) this.#take(task, into);
      cursor = page.next_cursor;
      this.#host.requestUpdate();
    }
    this.tasks = into;
    this.version++;
    if (this.state.kind === 'ready')
      this.state = { ...this.state, one: cancelled ? 'some' : 'all', message: null };
    return cursor === null || cancelled;
  }

  /** What is here stays, with the sentence; without all of it the sentence is all. */
  #failed(message: string): void {
    this.#missed = true;
    const { state } = this;
    const kept = state.kind === 'ready' && (state.one === 'none' || isDrawn(state));
    this.state = kept ? { ...state, message } : { kind: 'failed', message };
  }

  #count(job: string, part: Span | null, signal?: AbortSignal): Promise<Occupancy> {
    return this.#host.app.session.get<Occupancy>(countPath(job, part), signal);
  }

  /** Counts again what another part of the time shows, what still runs, and what could not be counted. */
  #recount(state: Ready): void {
    const job = this.#job;
    if (job === null || this.#counting || this.#abort !== undefined) return;
    const part = this.#part();
    const key = JSON.stringify(part);
    const failed = key === this.#failedPart;
    // Back where it was counted.
    if (key === this.#countedPart && !failed && this.#failedPart !== undefined) {
      this.#failedPart = undefined;
      this.state = { ...state, message: null };
    }
    const known = failed || key === this.#countedPart;
    const grows = failed || !this.#jobEnded || hasOpen(state.occupancy);
    if (known && !(grows && this.#mayAsk)) return;
    this.#counting = true;
    this.#askedAt = performance.now();
    const isOld = (): boolean => job !== this.#job || this.#abort !== undefined;
    this.#count(job, part)
      .then(
        (occupancy) => isOld() || this.#recounted(part, occupancy),
        (error: unknown) => isOld() || this.#notCounted(key, messageOf(error)),
      )
      .finally(() => {
        this.#counting = false;
        this.#host.requestUpdate();
      });
  }

  #recounted(part: Span | null, occupancy: Occupancy): void {
    if (this.state.kind !== 'ready') return;
    this.#countedPart = JSON.stringify(part);
    this.#failedPart = undefined;
    this.version++;
    const whole = part === null ? occupancy : { ...this.state.whole, tasks: occupancy.tasks };
    this.state = { ...this.state, occupancy, whole, message: null };
  }

  #notCounted(key: string, message: string): void {
    if (this.state.kind !== 'ready') return;
    this.#failedPart = key;
    this.state = { ...this.state, message };
  }

  /** What the socket tells of this job's tasks. */
  #live(): void {
    const { work } = this.#host.app.store;
    if (this.#host.seen && work.begun !== this.#begun) this.#host.requestUpdate();
    if (this.state.kind !== 'ready' || this.state.one === 'none') return;
    const before = this.version;
    let room = true;
    for (const task of work.tasks.values())
      if (task.job_id === this.#job) room = this.#take(task) && room;
    if (!room) this.#crowd();
    if (before !== this.version && this.#host.seen) this.#host.requestUpdate();
  }

  /** There are too many to draw: from now on they are counted. What is being asked for is looked at when it is here. */
  #crowd(): void {
    if (this.#abort !== undefined || this.#job === null || (this.#crowded && this.#missed)) return;
    this.#crowded = true;
    if (this.#host.seen) void this.#load(this.#job);
    else this.#missed = true;
  }

  /** Returns false where there is no room for one more. */
  #take(task: TaskRecord, into = this.tasks): boolean {
    const known = into.get(task.task_id);
    if (known !== undefined && known.seq >= task.seq) return true;
    if (known === undefined && into.size >= MOST_TASKS) return false;
    into.set(task.task_id, laneTask(task));
    this.version++;
    return true;
  }
}
