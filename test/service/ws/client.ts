import { WebSocket } from 'ws';
import type { Removed, RecordsFrame, ServiceFrame } from '../../../service/protocol/frame.ts';
import type { ErrorMessage, NamedMessage } from '../../../service/protocol/message.ts';
import { type TestService, eventually } from '../../support/service.ts';

type AnyFrame = ServiceFrame | NamedMessage | ErrorMessage;
type Frame<T extends AnyFrame['type']> = Extract<AnyFrame, { type: T }>;

const NOT_NAMED: ReadonlySet<string> = new Set(['welcome', 'refused', 'records', 'ack', 'result']);

/** A WebSocket client that keeps every frame it gets. */
export class Client {
  readonly frames: AnyFrame[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #ref = 0;

  constructor(to: TestService, token: string | null = to.tokens.admin) {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(to.service.ready.ws, { headers });
    this.socket.on('message', (data: Buffer) =>
      this.frames.push(JSON.parse(data.toString()) as AnyFrame),
    );
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** Connects and says hello; resolves with the answer, a refusal included. */
  static async hello(to: TestService, hello: object = {}, token?: string | null): Promise<Client> {
    const client = new Client(to, token);
    await client.open();
    client.send({ type: 'hello', protocol: 1, since: null, topics: [], ...hello });
    await eventually(() => client.frames.length > 0, 'An answer to hello');
    return client;
  }

  /** Connects, and waits for the first state of the topics. */
  static async watch(to: TestService, topics: string[], hello: object = {}): Promise<Client> {
    const client = await Client.hello(to, { topics, ...hello });
    await eventually(() => client.records.length > 0, 'The first records');
    return client;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a frame with a reference and resolves with its answer. */
  async ask(frame: object): Promise<Frame<'ack'> | Frame<'result'>> {
    const ref = ++this.#ref;
    this.send({ ref, ...frame });
    return eventually(
      () =>
        this.frames.find(
          (one): one is Frame<'ack'> | Frame<'result'> =>
            (one.type === 'ack' || one.type === 'result') && one.ref === ref,
        ),
      `An answer to ${JSON.stringify(frame)}`,
    );
  }

  command(command: string, fields: object = {}) {
    return this.ask({ type: 'command', command, ...fields });
  }

  of<T extends AnyFrame['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type);
  }

  get records(): RecordsFrame[] {
    return this.of('records');
  }

  /** The named messages and errors, in the order in which they came. */
  get messages(): (NamedMessage | ErrorMessage)[] {
    return this.frames.filter((frame): frame is NamedMessage => !NOT_NAMED.has(frame.type));
  }

  get removed(): Removed[] {
    return this.records.flatMap(({ removed }) => removed);
  }

  get welcome(): Frame<'welcome'> | undefined {
    return this.of('welcome')[0];
  }

  /** The newest state of a job that was sent. */
  job(job_id: string) {
    return this.records.flatMap(({ jobs }) => jobs).findLast((job) => job.job_id === job_id);
  }

  worker(worker_id: string) {
    const all = this.records.flatMap(({ workers = [] }) => workers);
    return all.findLast((worker) => worker.worker_id === worker_id);
  }

  task(task_id: string) {
    const all = this.records.flatMap(({ tasks = [] }) => tasks);
    return all.findLast((task) => task.task_id === task_id);
  }

  queue(name: string) {
    const all = this.records.flatMap(({ queues = [] }) => queues);
    return all.findLast(({ queue }) => queue === name);
  }

  alert(match: string) {
    return this.records
      .flatMap(({ alerts }) => alerts)
      .findLast((alert) => alert.alert_id.includes(match) || alert.title.includes(match));
  }

  end(): void {
    this.socket.terminate();
  }
}
