import type {
  ClientFrame,
  Command,
  HostMessage,
  HostRequest,
  ServiceFrame,
  Topic,
} from '../service/protocol/frame.ts';
import { PROTOCOL } from '../service/protocol/version.ts';
import { ProductError } from '../service/protocol/errors.ts';
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

type Got = Extract<HostMessage, { type: 'got' }>;

/** What is scrolled out of view and back again is not worth a word to the service. */
const LINGER_MS = 2_000;
/** Topics that changed in one moment are told together. */
const GATHER_MS = 20;

/** Holds the conversation with the service: says hello, follows the shown job, pairs commands with their results. */
export class Session {
  readonly store: Store;
  view: View;
  readonly #transport: Transport;
  readonly #pending = new Map<number, Done>();
  readonly #questions = new Map<number, (got: Got) => void>();
  readonly #picks = new Map<number, (text: string | null) => void>();
  /** Topics beyond those of every page, with how many look at each. */
  readonly #wanted = new Map<Topic, number>();
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #ref = 0;
  #since: number | null = null;
  #epoch: string | undefined;
  /** The topics that the service has been told since the last gap, as one text. */
  #told = '';

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

  /** The answer to a GET of the service's REST. Fails with a ProductError; forgotten when aborted. */
  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#questions.delete(ref);
        signal?.removeEventListener('abort', cancel);
      };
      const cancel = (): void => {
        end();
        this.#transport.get({ type: 'get_cancel', ref });
      };
      signal?.addEventListener('abort', cancel);
      this.#questions.set(ref, (got) => {
        end();
        if (got.ok) resolve(got.body as T);
        else reject(new ProductError(got.code, { detail: got.message }));
      });
      this.#transport.get({ type: 'get', ref, path });
    });
  }

  /** The text of a file that the person picks; null when they pick none. */
  pickFile(title: string, extension: string): Promise<string | null> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      this.#picks.set(ref, resolve);
      this.request({ type: 'host', action: 'pick_file', ref, title, extension });
    });
  }

  /** Gets the records of a topic until the answer is called. Many may want the same one. */
  want(topic: Topic): () => void {
    this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    this.#gather();
    let mine = true;
    return () => {
      if (!mine) return;
      mine = false;
      setTimeout(() => this.#leave(topic), LINGER_MS);
    };
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
    const topics = this.#topics();
    // What changed since N says nothing about a topic that was not followed then.
    const resumed = this.#since !== null && this.#told === keyOf(topics);
    this.#told = keyOf(topics);
    const frame: ClientFrame = {
      type: 'hello',
      protocol: PROTOCOL,
      since: resumed ? this.#since : null,
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
      case 'compare_jobs':
        this.set({ compare: message.job_ids });
        this.store.go('Compare');
        return;
      case 'layout':
        this.store.setLayout(message.layout);
        return;
      case 'got':
        this.#questions.get(message.ref)?.(message);
        return;
      case 'file_picked':
        this.#picks.get(message.ref)?.(message.text);
        this.#picks.delete(message.ref);
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
    this.#tellTopics();
  }

  #tellTopics(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const topics = this.#topics();
    const key = keyOf(topics);
    if (key === this.#told) return;
    this.#told = key;
    void this.#ask({ command: 'topics.set', topics }).then((result) => {
      if (!result.ok && key === this.#told) this.#told = '';
    });
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => this.#tellTopics(), GATHER_MS);
  }

  #leave(topic: Topic): void {
    const count = (this.#wanted.get(topic) ?? 0) - 1;
    if (count > 0) this.#wanted.set(topic, count);
    else {
      this.#wanted.delete(topic);
      this.store.leave(topic);
    }
    this.#gather();
  }

  #topics(): Topic[] {
    const shown = this.store.detail?.jobId;
    const job: Topic[] = shown === undefined ? [] : [`job:${shown}`];
    return ['jobs', 'alerts', ...job, ...this.#wanted.keys()];
  }

  #loseCommands(): void {
    for (const ref of [...this.#pending.keys()]) this.#answer({ ...LOST, ref });
  }
}

function keyOf(topics: readonly Topic[]): string {
  return [...topics].sort().join('\n');
}
