import { t } from '@vscode/l10n';
import type {
  ClientFrame,
  Command,
  HostMessage,
  HostRequest,
  ServiceFrame,
  Topic,
} from '../service/protocol/frame.ts';
import { PROTOCOL } from '../service/protocol/version.ts';
import { latestJob } from './jobs.ts';
import { Questions } from './questions.ts';
import { liesIn } from './runSpan.ts';
import type { AlertsAim } from './alertsAim.ts';
import type { Store } from './store.ts';
import { Topics } from './topics.ts';
import type { Transport } from './transport.ts';
import { type AlertTab, readView, type View } from './view.ts';

export type Result = Extract<ServiceFrame, { type: 'result' }>;
type Done = (result: Result) => void;

/** Holds the conversation with the service: says hello, follows the shown job, pairs commands with their results. */
export class Session {
  readonly store: Store;
  view: View;
  readonly #transport: Transport;
  readonly #pending = new Map<number, Done>();
  readonly #questions: Questions;
  readonly #topics: Topics;
  #ref = 0;
  #since: number | null = null;
  #epoch: string | undefined;

  constructor(store: Store, transport: Transport) {
    this.store = store;
    this.#transport = transport;
    this.#questions = new Questions(transport);
    this.#topics = new Topics({
      base: () => this.#base(),
      set: (topics) => this.ask({ command: 'topics.set', topics }),
      left: (topic) => this.store.leave(topic),
      refused: () => this.store.seriesRefused(),
    });
    this.view = readView(transport.loadState());
  }

  get home(): Transport['home'] {
    return this.#transport.home;
  }

  start(): void {
    if (this.view.job !== null) this.store.select(this.view.job);
    this.store.subscribe(['jobs'], () => this.#follow());
    this.#transport.start({
      open: () => this.#hello(),
      frame: (frame) => this.#frame(frame),
      host: (message) => this.#host(message),
      tokenNeeded: (reason) => this.store.needToken(reason),
    });
  }

  /** Changes what the person has set, and keeps it. */
  set(change: Partial<View>): void {
    this.remember(change);
    if ('job' in change) this.#follow();
    this.store.viewChanged();
  }

  /** Keeps something that nothing on the screen depends on. */
  remember(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.#transport.saveState(this.view);
  }

  /** Shows this job; null follows the latest run. A part of the time in which nothing of it lies is left for all of it. */
  showJob(jobId: string | null, phase: string | null = null): void {
    const { range } = this.view;
    const { jobs } = this.store;
    const job = jobId === null ? latestJob(jobs.values()) : jobs.get(jobId);
    const leaves = range.kind === 'between' && (job === undefined || !liesIn(job, range));
    const change: Partial<View> = leaves ? { range: { kind: 'run' } } : {};
    this.set({ job: jobId, phase, flowZoom: null, ...change });
  }

  /** Brings the alerts into view, at this tab, and opens something there. */
  showAlerts(tab: AlertTab, aim: AlertsAim | null = null): void {
    this.store.aim = aim;
    this.set({ alerts: tab });
    this.store.go('Alerts');
  }

  /** Sends a command; a refusal is said to the person. What it changes comes back as records. */
  async command(command: Command): Promise<boolean> {
    const result = await this.ask(command);
    if (!result.ok) this.store.say({ level: 'error', message: result.message });
    return result.ok;
  }

  /** Sends a command; its result, with the fields that are wrong where it was refused. Nothing is said to the person. */
  ask(command: Command): Promise<Result> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      this.#pending.set(ref, resolve);
      if (!this.#transport.send({ type: 'command', ref, ...command })) this.#answer(lost(ref));
    });
  }

  request(request: HostRequest): void {
    this.#transport.request(request);
  }

  /** Whether an answer to a `get` is waited for. */
  get asks(): boolean {
    return this.#questions.open;
  }

  /** The answer to a GET of the service's REST. Fails with a ProductError, or with the signal's reason when aborted. */
  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#questions.get(path, signal);
  }

  /** The text of a file that the person picks; null when they pick none. */
  pickFile(title: string, extension: string): Promise<string | null> {
    return this.#questions.pick(title, extension);
  }

  /** Gets the records of a topic until the answer is called. Many may want the same one. */
  want(topic: Topic): () => void {
    return this.#topics.want(topic);
  }

  /**
   * Live points of a query of the series until the answer is called. Null where the service follows no more of them, or
   * not this one: ask by GET then.
   */
  wantSeries(query: string): (() => void) | null {
    return this.#topics.wantSeries(query);
  }

  /** False for a query that the service has refused to follow. */
  follows(query: string): boolean {
    return this.#topics.follows(query);
  }

  setToken(token: string): void {
    this.store.needToken(null);
    this.#transport.setToken(token);
  }

  #answer(result: Result): void {
    const done = this.#pending.get(result.ref);
    this.#pending.delete(result.ref);
    done?.(result);
  }

  #hello(): void {
    this.#loseCommands();
    const { topics, resumes } = this.#topics.hello();
    const frame: ClientFrame = {
      type: 'hello',
      protocol: PROTOCOL,
      since: resumes ? this.#since : null,
      topics,
      client: 'dashboard',
      ...(this.#epoch === undefined ? {} : { epoch: this.#epoch }),
    };
    this.#transport.send(frame);
  }

  #frame(frame: ServiceFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#epoch = frame.epoch;
        if (frame.now !== undefined) this.store.time.heard(frame.now);
        return;
      case 'records':
        this.#since = frame.seq;
        this.#topics.received();
        this.store.apply(frame);
        return;
      case 'result':
        this.#answer(frame);
        return;
      case 'refused':
        this.store.connected({
          ...{ state: 'disconnected', since: this.store.time.now(), message: frame.message },
        });
        return;
      case 'ack': // The dashboard sends no events.
      case 'control': // It is no pipeline.
        return;
    }
  }

  #host(message: HostMessage): void {
    switch (message.type) {
      case 'connection':
        this.store.connected(this.home === 'browser' ? this.#inServiceTime(message) : message);
        if (message.state === 'connected') this.#follow();
        else this.#loseCommands();
        return;
      case 'show_job':
        this.showJob(message.job_id, message.phase_id ?? null);
        return;
      case 'compare_jobs':
        this.set({ compare: message.job_ids });
        this.store.go('Compare');
        return;
      case 'show_alerts':
        this.showAlerts(message.tab ?? 'active', aimOf(message));
        return;
      case 'layout':
        this.store.setLayout(message.layout);
        return;
      case 'got':
        this.#questions.got(message);
        return;
      case 'file_picked':
        this.#questions.picked(message);
        return;
      case 'notice':
        this.store.say(message);
        return;
    }
  }

  /** The transport of a browser tells what happens in the moment it does, by the clock of the page. */
  #inServiceTime<T extends { since: number }>(message: T): T {
    return { ...message, since: this.store.time.now() };
  }

  /** Shows the picked job, or the latest one, and asks the service for its records. */
  #follow(): void {
    const jobId = this.view.job ?? latestJob(this.store.jobs.values())?.job_id ?? null;
    const before = this.store.detail?.jobId;
    this.store.select(jobId);
    this.#topics.tell();
    const other = before !== undefined && before !== jobId;
    // It was the run before that was held still.
    if (other && this.view.range.kind === 'run' && this.view.pausedAt !== null)
      this.set({ pausedAt: null });
  }

  #base(): Topic[] {
    const shown = this.store.detail?.jobId;
    return ['jobs', 'alerts', ...(shown === undefined ? [] : [`job:${shown}` as const])];
  }

  #loseCommands(): void {
    for (const ref of [...this.#pending.keys()]) this.#answer(lost(ref));
  }
}

function aimOf(message: Extract<HostMessage, { type: 'show_alerts' }>): AlertsAim | null {
  const { rule_id, alert_id } = message;
  if (rule_id !== undefined) return { open: 'rule', rule_id };
  return alert_id === undefined ? null : { open: 'alert', alert_id };
}

function lost(ref: number): Extract<Result, { ok: false }> {
  const message = t('Not connected. Try again when the connection is back.');
  return { type: 'result', ref, ok: false, code: 'SERVICE_UNREACHABLE', message };
}
