/** One WebSocket client: hello first, then events, commands, and the records of its topics. */
import type { RawData, WebSocket } from 'ws';
import { type ServiceCommand, runCommand } from '../commands.ts';
import type { Role } from '../http/guard.ts';
import type { Monitor } from '../monitor.ts';
import { ProductError } from '../protocol/errors.ts';
import type { ServiceFrame } from '../protocol/frame.ts';
import { PROTOCOL, VERSION } from '../protocol/version.ts';
import { toProductError } from '../http/answer.ts';
import type { ErrorMessage, MessageRequest, NamedMessage } from '../protocol/message.ts';
import { parseClientFrame } from './clientFrame.ts';
import { ControlFeed } from './controlFeed.ts';
import type { Client, Hub } from './hub.ts';
import { answerRequest, errorMessage } from './requests.ts';
import { NO_TOPICS, type Topics, isNone, parseTopics } from './topics.ts';

export interface SessionContext {
  monitor: Monitor;
  hub: Hub;
  profile: string;
  roleOfToken: (token: string) => Role;
  /** Ends the service. */
  stop: () => void;
  onUnexpected: (error: unknown) => void;
}

/** Bytes in the socket above which nothing more is sent, and above which the client is let go. */
const HIGH_WATER = 1024 * 1024;
export const CAP = 4 * 1024 * 1024;
/** Events frames, commands and requests of one client that may wait before it is no longer read. */
const MAX_IN_FLIGHT = 16;
const HELLO_MS = 5000;

/** Close codes of RFC 6455. */
const CLOSE = { policy: 1008, tryLater: 1013 } as const;

export class Session implements Client {
  topics = NO_TOPICS;
  seq = 0;
  /** What the client calls itself: windows keep the service from its idle exit. */
  kind = '';
  readonly #socket: WebSocket;
  readonly #context: SessionContext;
  #role: Role;
  #greeted = false;
  #inFlight = 0;
  /** Ends when the client has gone. */
  readonly #gone = new AbortController();
  /** From its first such topic on. */
  #control: ControlFeed | undefined;
  readonly #helloTimer: NodeJS.Timeout;

  constructor(socket: WebSocket, role: Role, context: SessionContext) {
    this.#socket = socket;
    this.#role = role;
    this.#context = context;
    this.#helloTimer = setTimeout(() => {
      this.#refuse(
        new ProductError('FRAME_INVALID', { detail: 'No hello frame came within 5 seconds.' }),
      );
    }, HELLO_MS);
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    socket.on('close', () => this.#closed());
  }

  isBehind(): boolean {
    return this.#socket.bufferedAmount > HIGH_WATER;
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // What waits from before counts, not this frame: a large one alone is no sign of a slow client.
    if (this.#socket.bufferedAmount > CAP) this.#socket.close(CLOSE.tryLater, 'too slow');
    else this.#socket.send(text);
  }

  #sendFrame(frame: ServiceFrame | NamedMessage | ErrorMessage): void {
    this.send(JSON.stringify(frame));
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#handle(data, isBinary).catch((thrown: unknown) => {
      this.#refuse(this.#expected(thrown));
    });
  }

  async #handle(data: RawData, isBinary: boolean): Promise<void> {
    if (isBinary)
      throw new ProductError('FRAME_INVALID', { detail: 'Send frames as text, not binary.' });
    const frame = parseClientFrame(textOf(data));
    if (frame.type === 'hello') return this.#hello(frame);
    if (!this.#greeted)
      throw new ProductError('FRAME_INVALID', { detail: 'The first frame must be a hello frame.' });
    if (frame.type === 'bad_request') {
      this.#sendFrame(errorMessage(frame.error, frame.ref));
      return;
    }
    if (frame.type === 'command')
      return this.#oneOfMany(() => this.#command(frame.ref, frame.value));
    if (frame.type === 'events')
      return this.#oneOfMany(() => this.#events(frame.ref, frame.events));
    return this.#oneOfMany(() => this.#request(frame));
  }

  async #hello(frame: {
    protocol: unknown;
    since: number | null;
    epoch?: string;
    topics: unknown;
    token?: string;
    client?: string;
  }) {
    clearTimeout(this.#helloTimer);
    if (this.#greeted)
      throw new ProductError('FRAME_INVALID', { detail: 'There was a hello frame already.' });
    if (frame.protocol !== PROTOCOL) {
      const detail = `The service speaks protocol ${PROTOCOL}, the client ${String(frame.protocol)}. Update the older one.`;
      throw new ProductError('PROTOCOL_UNSUPPORTED', { detail });
    }
    if (frame.token !== undefined) this.#role = this.#context.roleOfToken(frame.token);
    if (this.#role === 'none') throw new ProductError('TOKEN_MISSING');
    const topics = parseTopics(frame.topics, Date.now());
    if (this.#role === 'ingest' && !isNone(topics)) {
      throw new ProductError('TOKEN_REFUSED', {
        detail: 'The ingest token may only send events, not read records.',
      });
    }
    this.#greeted = true;
    this.kind = frame.client ?? '';
    const { monitor, hub, profile } = this.#context;
    const { seq, epoch } = monitor;
    const about = { version: VERSION, profile, now: monitor.now() };
    this.#sendFrame({ type: 'welcome', protocol: PROTOCOL, seq, epoch, ...about });
    this.#listen(topics);
    if (this.#role === 'admin') {
      await hub.add(this, topics, {
        since: frame.since,
        ...(frame.epoch !== undefined && { epoch: frame.epoch }),
      });
    }
  }

  #listen({ control }: Topics): void {
    if (control.size > 0)
      this.#control ??= new ControlFeed(this.#context.monitor.control, (frame) =>
        this.#sendFrame(frame),
      );
    this.#control?.keep(control);
  }

  /** Reads no further while too many of the client's frames wait. */
  async #oneOfMany(task: () => Promise<void>): Promise<void> {
    if (++this.#inFlight >= MAX_IN_FLIGHT) this.#socket.pause();
    try {
      await task();
    } finally {
      if (--this.#inFlight < MAX_IN_FLIGHT && this.#socket.isPaused) this.#socket.resume();
    }
  }

  async #events(ref: number, events: unknown[]): Promise<void> {
    try {
      this.#sendFrame({
        type: 'ack',
        ref,
        ...(await this.#context.monitor.ingest(events, 'websocket')),
      });
    } catch (thrown) {
      this.#failed(ref, thrown);
    }
  }

  async #request(request: MessageRequest): Promise<void> {
    try {
      if (this.#role !== 'admin') throw new ProductError('TOKEN_REFUSED');
      if (!this.topics.events) {
        const detail = 'Requests are for clients with the topic "events". Add it to "topics".';
        throw new ProductError('FRAME_INVALID', { detail });
      }
      this.#sendFrame(await answerRequest(request, this.#context.monitor));
    } catch (thrown) {
      this.#sendFrame(errorMessage(this.#expected(thrown), request.ref));
    }
  }

  async #command(ref: number, value: { command: string } & Record<string, unknown>): Promise<void> {
    try {
      if (this.#role !== 'admin') throw new ProductError('TOKEN_REFUSED');
      if (value.command === 'topics.set') {
        const topics = parseTopics(value['topics'], Date.now());
        this.#sendFrame({ type: 'result', ref, ok: true });
        this.#listen(topics);
        await this.#context.hub.setTopics(this, topics);
        return;
      }
      const { monitor, stop } = this.#context;
      const result = await runCommand(value as unknown as ServiceCommand, {
        monitor,
        now: Date.now(),
        stop,
        signal: this.#gone.signal,
      });
      this.#sendFrame({ type: 'result', ref, ok: true, ...result });
    } catch (thrown) {
      this.#failed(ref, thrown);
    }
  }

  #failed(ref: number, thrown: unknown): void {
    const { code, message, retryAfter, errors } = this.#expected(thrown);
    const retry = retryAfter === undefined ? {} : { retry_after: retryAfter };
    const fields = errors.length === 0 ? {} : { errors };
    this.#sendFrame({ type: 'result', ref, ok: false, code, message, ...retry, ...fields });
  }

  /** Logs what is a defect of ours. */
  #expected(thrown: unknown): ProductError {
    const error = toProductError(thrown);
    if (error.code === 'INTERNAL') this.#context.onUnexpected(thrown);
    return error;
  }

  #refuse({ code, message }: ProductError): void {
    this.#sendFrame({ type: 'refused', code, message });
    this.#socket.close(CLOSE.policy, code);
  }

  #closed(): void {
    clearTimeout(this.#helloTimer);
    this.#control?.close();
    this.#gone.abort(new ProductError('FRAME_INVALID', { detail: 'The client left.' }));
    this.#context.hub.remove(this);
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
