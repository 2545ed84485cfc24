import type { CriticalPathRecord } from '../service/protocol/criticalPath.ts';
import { messageOf } from '../service/protocol/errors.ts';
import type { PhaseRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';
import type { Loaded } from './loadState.ts';
import { grown, type PathView, pathView } from './pathView.ts';
import type { Session } from './session.ts';

interface Pace {
  /** Between two questions, milliseconds: what happens comes in crowds. */
  gather: number;
  /** While a run goes on, its path may come to lead elsewhere without any record of it. */
  again: number;
}

const PACE: Pace = { gather: 2_000, again: 10_000 };
/** The numbers of a path that grows are said anew so often. */
const STEP_MS = 500;

/** The critical path of the shown run: asked for once for all who show it, while somebody does. Tells of it as the part `path`. */
export class PathFeed {
  state: Loaded<CriticalPathRecord> = { kind: 'loading' };
  readonly #session: Session;
  readonly #pace: Pace;
  #wanted = 0;
  #jobId: string | null = null;
  /** What the last answer, or the question on its way, is about. */
  #asked: string | null = null;
  #askedAt = -Infinity;
  /** When the answer came, by the service's clock. */
  #answeredAt = 0;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = 0;
  #view: { of: CriticalPathRecord; path: PathView | null } | undefined;
  #grown: { of: PathView; by: number; path: PathView } | undefined;

  constructor(session: Session, pace = PACE) {
    this.#session = session;
    this.#pace = pace;
    const { store } = session;
    store.subscribe(['selection', 'jobs', 'phases'], () => this.#look());
    store.subscribe(['connection'], () => {
      if (store.connection.state !== 'connected') return;
      if (this.failure !== null) this.#asked = null;
      this.#askedAt = -Infinity;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#look();
    });
  }

  /** The path is asked for until the answer is called. */
  want(): () => void {
    this.#wanted++;
    this.#look();
    let wants = true;
    return () => {
      if (!wants) return;
      wants = false;
      if (--this.#wanted > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** As far as it is known; of a run that goes on, as it has grown since. The same object until it is another. */
  get path(): PathView | null {
    const { state } = this;
    if (state.kind !== 'ready') return null;
    if (this.#view?.of !== state.value)
      this.#view = { of: state.value, path: pathView(state.value) };
    const { path } = this.#view;
    const { store } = this.#session;
    if (path === null || store.job?.status !== 'RUNNING') return path;
    const since = Math.max(0, store.time.now() - this.#answeredAt);
    const by = Math.floor(since / STEP_MS) * STEP_MS;
    if (this.#grown?.of !== path || this.#grown.by !== by)
      this.#grown = { of: path, by, path: grown(path, by) };
    return this.#grown.path;
  }

  /** Asks now, as a person wants it. */
  retry(): void {
    if (this.state.kind === 'failed') this.#set({ kind: 'loading' });
    this.#ask();
  }

  /** Once an answer is here, or after so many milliseconds. */
  async ready(ms: number): Promise<void> {
    const stop = this.want();
    const end = performance.now() + ms;
    while (this.state.kind === 'loading' && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
  }

  /** Why it is not known, or may be old. */
  get failure(): string | null {
    return this.state.kind === 'loading' ? null : this.state.message;
  }

  /** Looks whether there is anything to ask. */
  #look(): void {
    const { detail } = this.#session.store;
    const jobId = detail?.jobId ?? null;
    if (jobId !== this.#jobId) this.#forget(jobId);
    if (this.#wanted === 0 || this.#abort !== undefined) return;
    const version = this.#version();
    if (version === null) return;
    if (version !== this.#asked) this.#plan(this.#askedAt + this.#pace.gather);
    else if (this.#session.store.job?.status === 'RUNNING')
      this.#plan(this.#askedAt + this.#pace.again);
  }

  #forget(jobId: string | null): void {
    this.#jobId = jobId;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
    [this.#asked, this.#askedAt] = [null, -Infinity];
    this.#set({ kind: 'loading' });
  }

  /** What the path depends on but for the time; null while the run is not known, or nobody could answer. */
  #version(): string | null {
    const { job, detail, detailLoaded, connection } = this.#session.store;
    if (job === undefined || detail === null || !detailLoaded) return null;
    if (connection.state !== 'connected') return null;
    const phases = detail.orderedPhases();
    const begun = counted(phases, ({ started_at }) => started_at !== null);
    const ended = counted(phases, ({ status }) => isEnded(status));
    // What is told of an ended run afterwards may be anything.
    const late = isEnded(job.status) ? job.seq : 0;
    return [job.status, job.attempt, phases.length, begun, ended, late].join(' ');
  }

  /** At this moment, or earlier where that is planned; `performance.now()`. */
  #plan(due: number): void {
    if (this.#timer !== undefined && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, due - performance.now()));
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
    const version = this.#version();
    if (this.#jobId === null || version === null) return;
    const abort = new AbortController();
    this.#abort = abort;
    [this.#asked, this.#askedAt] = [version, performance.now()];
    const path = `/api/v1/jobs/${encodeURIComponent(this.#jobId)}/critical-path`;
    this.#session.get<CriticalPathRecord>(path, abort.signal).then(
      (value) => this.#done(abort, { kind: 'ready', value, stale: false, message: null }),
      (error: unknown) => this.#done(abort, this.#failed(messageOf(error))),
    );
  }

  /** What was there stays, with the sentence. */
  #failed(message: string): Loaded<CriticalPathRecord> {
    return this.state.kind === 'ready' ? { ...this.state, message } : { kind: 'failed', message };
  }

  #done(abort: AbortController, state: Loaded<CriticalPathRecord>): void {
    if (abort !== this.#abort) return; // Overtaken by another run, or a newer question.
    this.#abort = undefined;
    if (state.kind === 'ready' && state.message === null)
      this.#answeredAt = this.#session.store.time.now();
    this.#set(state);
    this.#look();
  }

  #set(state: Loaded<CriticalPathRecord>): void {
    this.state = state;
    this.#session.store.pathChanged();
  }
}

function counted(phases: readonly PhaseRecord[], is: (phase: PhaseRecord) => boolean): number {
  return phases.reduce((sum, phase) => sum + (is(phase) ? 1 : 0), 0);
}
