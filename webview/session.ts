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
import type { Store } from './store.ts';
import type { Transport } from './transport.ts';
import { readView, type View } from './view.ts';

type Result = Extract<ServiceFrame, { type: 'result' }>;
type Done = (result: Result) => void;

const LOST: Omit<Extract<Result, { ok: false }>, 'ref'> = {
  type: 'result',
  ok: false,
  code: 'SERVICE_UNREACHABLE',
  message: 'Not connected. Try again when the connection is back.',
};

/** Holds the conversation with the service: says hello, follows the shown job, pairs commands with their results. */
export class Session {
  readonly store: Store;
  view: View;
  readonly #transport: Transport;
  readonly #pending = new Map<number, Done>();
  #ref = 0;
  #since: number | null = null;
  #epoch: string | undefined;
  /** The job whose records the service has been asked for since the last gap. */
  #followed: string | null = null;

  constructor(store: Store, transport: Transport) {
    this.store = store;
    this.#transport = transport;
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
    this.view = { ...this.view, ...change };
    this.#transport.saveState(this.view);
    if ('job' in change) this.#follow();
    this.store.viewChanged();
  }

  /** Shows this job; null follows the latest run. */
  showJob(jobId: string | null, phase: string | null = null): void {
    this.set({ job: jobId, phase, timeline: null, flowZoom: null });
  }

  /** Sends a command; a refusal is said to the person. What it changes comes back as records. */
  async command(command: Command): Promise<boolean> {
    const result = await this.#ask(command);
    if (!result.ok) this.store.say({ level: 'error', message: result.message });
    return result.ok;
  }

  request(request: HostRequest): void {
    this.#transport.request(request);
  }

  setToken(token: string): void {
    this.store.needToken(null);
    this.#transport.setToken(token);
  }

  #ask(command: Command): Promise<Result> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      this.#pending.set(ref, resolve);
      if (!this.#transport.send({ type: 'command', ref, ...command }))
        this.#answer({ ...LOST, ref });
    });
  }

  #answer(result: Result): void {
    const done = this.#pending.get(result.ref);
    this.#pending.delete(result.ref);
    done?.(result);
  }

  #hello(): void {
    this.#loseCommands();
    const shown = this.store.detail?.jobId ?? null;
    // What changed since N says nothing about a job that was not followed then.
    const resumed = this.#since !== null && this.#followed === shown;
    this.#followed = shown;
    const frame: ClientFrame = {
      type: 'hello',
      protocol: PROTOCOL,
      since: resumed ? this.#since : null,
      topics: this.#topics(),
      client: 'dashboard',
      ...(this.#epoch === undefined ? {} : { epoch: this.#epoch }),
    };
    this.#transport.send(frame);
  }

  #frame(frame: ServiceFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#epoch = frame.epoch;
        return;
      case 'records':
        this.#since = frame.seq;
        this.store.apply(frame);
        return;
      case 'result':
        this.#answer(frame);
        return;
      case 'refused':
        this.store.connected({ state: 'disconnected', since: Date.now(), message: frame.message });
        return;
      case 'ack':
        return; // The dashboard sends no events.
    }
  }

  #host(message: HostMessage): void {
    switch (message.type) {
      case 'connection':
        this.store.connected(message);
        if (message.state === 'connected') this.#follow();
        else this.#loseCommands();
        return;
      case 'show_job':
        this.showJob(message.job_id, message.phase_id ?? null);
        return;
      case 'notice':
        this.store.say(message);
        return;
    }
  }

  /** Shows the picked job, or the latest one, and asks the service for its records. */
  #follow(): void {
    const jobId = this.view.job ?? latestJob(this.store.jobs.values())?.job_id ?? null;
    this.store.select(jobId);
    if (jobId === this.#followed) return;
    this.#followed = jobId;
    void this.#ask({ command: 'topics.set', topics: this.#topics() }).then((result) => {
      if (!result.ok && jobId === this.#followed) this.#followed = null;
    });
  }

  #topics(): Topic[] {
    const shown = this.store.detail?.jobId;
    return ['jobs', 'alerts', ...(shown === undefined ? [] : [`job:${shown}` as const])];
  }

  #loseCommands(): void {
    for (const ref of [...this.#pending.keys()]) this.#answer({ ...LOST, ref });
  }
}
