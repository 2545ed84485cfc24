/** One line to the service: the mirror has one, and every dashboard panel has one. */
import { t } from '@vscode/l10n';
import { type RawData, WebSocket } from 'ws';
import { duration } from '../../service/protocol/describe.ts';
import { type ErrorCode, messageOf, ProductError } from '../../service/protocol/errors.ts';
import type { ClientFrame, Command, ServiceFrame, Topic } from '../../service/protocol/frame.ts';
import { PROTOCOL } from '../../service/protocol/version.ts';
import { Emitter } from '../emitter.ts';
import type { Disposable } from '../lifetime.ts';
import type { Endpoint } from './endpoint.ts';
import { Resume } from './resume.ts';

/** `since` is epoch milliseconds of the last change of kind. */
export type ConnectionState = { since: number } & (
  | { kind: 'closed' }
  /** No service runs; somebody has to say when to look again. */
  | { kind: 'off' }
  | { kind: 'connecting'; attempt: number; message: string | undefined }
  | { kind: 'connected'; endpoint: Endpoint; version: string }
  /** The service does not want us; trying again alone does not help. */
  | { kind: 'refused'; code: ErrorCode; message: string }
);
type NewState = ConnectionState extends infer S
  ? S extends unknown
    ? Omit<S, 'since'>
    : never
  : never;
type Result = Extract<ServiceFrame, { type: 'result' }>;
type Refused = Extract<Result, { ok: false }>;

export interface ConnectionOptions {
  /** Finds the service anew before each attempt: it may have moved. */
  locate: () => Promise<Endpoint | undefined>;
  topics: Topic[];
  client: string;
  /** Milliseconds before the first and between later attempts; halved at random, so that windows do not come at once. */
  backoff?: { first: number; most: number };
  random?: () => number;
}

const HANDSHAKE_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 15_000;
/** The service pings every 15 s; three missed are a dead line. */
const SILENCE_LIMIT_MS = 45_000;
const MOST_FRAME_BYTES = 64 * 1024 * 1024;
const MOST_PENDING = 1000;

export class Connection implements Disposable {
  private current: ConnectionState = { kind: 'closed', since: Date.now() };
  private readonly changed = new Emitter<ConnectionState>();
  private readonly frames = new Emitter<ServiceFrame>();
  private readonly pending = new Map<number, Pending>();
  private readonly resume: Resume;
  private socket: WebSocket | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private silenceTimer: NodeJS.Timeout | undefined;
  /** Counts teardowns: what an earlier turn started has no say any more. */
  private turn = 0;
  private attempt = 0;
  private lastRef = 0;
  private lastError: string | undefined;

  readonly onDidChangeState = this.changed.event;
  readonly onFrame = this.frames.event;

  constructor(private readonly options: ConnectionOptions) {
    this.resume = new Resume(options.topics);
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Looks for the service and connects, from the beginning, whatever went on before. */
  connect(): void {
    this.tearDown(t('The connection is made anew.'));
    this.attempt = 0;
    this.try();
  }

  close(): void {
    this.tearDown(t('The connection was closed.'));
    this.set({ kind: 'closed' });
  }

  /** Takes over the topics, and the position, of somebody who speaks through this line. */
  restart(topics: readonly Topic[], from?: { seq: number; epoch: string }): void {
    this.resume.restart(topics, from);
    this.connect();
  }

  setTopics(topics: readonly Topic[]): void {
    this.resume.want(topics);
    if (this.current.kind === 'connected') this.sendTopics();
  }

  /** Passes a command on as it is; its answer comes with the other frames. */
  forward(frame: Extract<ClientFrame, { type: 'command' }>): void {
    if (this.current.kind !== 'connected') {
      const { code, message } = unreachable();
      this.frames.fire({ type: 'result', ref: frame.ref, ok: false, code, message });
      return;
    }
    if (frame.command === 'topics.set') {
      this.resume.want(frame.topics);
      this.resume.topicsSent(frame.ref);
    }
    this.send(frame);
  }

  /** Gives a command to the service. Fails with a `ProductError` where it is refused or nobody answers in `limitMs`. */
  request(
    command: Command,
    limitMs: number = ANSWER_LIMIT_MS,
  ): Promise<Extract<Result, { ok: true }>> {
    if (this.current.kind !== 'connected' || this.pending.size >= MOST_PENDING)
      return Promise.reject(unreachable());
    const ref = ++this.lastRef;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(ref);
        const limit = duration(limitMs);
        reject(unreachable(t('The service did not answer within {0}. Try again.', limit)));
      }, limitMs);
      this.pending.set(ref, { resolve, reject, timer });
      this.send({ type: 'command', ref, ...command });
    });
  }

  dispose(): void {
    this.close();
    this.changed.dispose();
    this.frames.dispose();
  }

  private set(state: NewState): void {
    const since = state.kind === this.current.kind ? this.current.since : Date.now();
    this.current = { ...state, since };
    this.changed.fire(this.current);
  }

  private try(): void {
    const { turn } = this;
    this.set({ kind: 'connecting', attempt: this.attempt, message: this.lastError });
    this.options.locate().then(
      (endpoint) => {
        if (turn !== this.turn) return;
        if (endpoint) this.open(endpoint);
        else this.set({ kind: 'off' });
      },
      (error: unknown) => {
        if (turn === this.turn) this.retry(messageOf(error));
      },
    );
  }

  private open(endpoint: Endpoint): void {
    const socket = new WebSocket(endpoint.ws, {
      headers: { Authorization: `Bearer ${endpoint.tokens.admin}` },
      handshakeTimeout: HANDSHAKE_LIMIT_MS,
      maxPayload: MOST_FRAME_BYTES,
      perMessageDeflate: false,
    });
    this.socket = socket;
    let problem: string | undefined;
    socket.on('open', () => {
      this.heard();
      const { client } = this.options;
      this.send({ type: 'hello', protocol: PROTOCOL, ...this.resume.hello(), client });
    });
    socket.on('ping', () => this.heard());
    socket.on('message', (data) => {
      if (this.socket === socket) this.receive(data, endpoint);
    });
    socket.on('error', (error) => (problem = error.message));
    socket.on('close', () => {
      if (this.socket === socket) this.lost(problem);
    });
  }

  private receive(data: RawData, endpoint: Endpoint): void {
    this.heard();
    let frame: ServiceFrame;
    try {
      frame = JSON.parse(textOf(data)) as ServiceFrame;
    } catch {
      this.lost(t('The service sent a frame that is not JSON.'));
      return;
    }
    this.take(frame, endpoint);
  }

  private take(frame: ServiceFrame, endpoint: Endpoint): void {
    switch (frame.type) {
      case 'welcome':
        this.welcomed(frame, endpoint);
        break;
      case 'refused':
        this.tearDown(frame.message);
        this.set({ kind: 'refused', code: frame.code, message: frame.message });
        break;
      case 'records':
        this.resume.received(frame);
        break;
      case 'result':
        this.settle(frame);
        break;
      case 'ack':
      case 'control': // A pipeline's.
        break;
    }
    this.frames.fire(frame);
  }

  private welcomed(frame: Extract<ServiceFrame, { type: 'welcome' }>, endpoint: Endpoint): void {
    this.attempt = 0;
    this.lastError = undefined;
    const topicsDiffer = this.resume.welcomed(frame.epoch);
    this.set({ kind: 'connected', endpoint, version: frame.version });
    if (topicsDiffer) this.sendTopics();
  }

  private settle(result: Result): void {
    this.resume.answered(result.ref);
    const pending = this.pending.get(result.ref);
    if (!pending) return;
    this.pending.delete(result.ref);
    clearTimeout(pending.timer);
    if (result.ok) pending.resolve(result);
    else pending.reject(refusal(result));
  }

  private sendTopics(): void {
    const ref = ++this.lastRef;
    this.resume.topicsSent(ref);
    this.send({ type: 'command', ref, command: 'topics.set', topics: [...this.resume.topics] });
  }

  private send(frame: ClientFrame): void {
    // A socket that closes meanwhile says so by its 'close' event.
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private heard(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(
      () => this.lost(t('The service fell silent.')),
      SILENCE_LIMIT_MS,
    );
  }

  private lost(message: string | undefined): void {
    this.tearDown(message ?? t('The connection to the service broke.'));
    this.retry(message);
  }

  private retry(message: string | undefined): void {
    const { first, most } = this.options.backoff ?? { first: 250, most: 5000 };
    const random = this.options.random ?? Math.random;
    const delay = Math.min(most, first * 2 ** this.attempt) * (0.5 + random() / 2);
    this.attempt += 1;
    this.lastError = message;
    this.set({ kind: 'connecting', attempt: this.attempt, message });
    this.retryTimer = setTimeout(() => this.try(), delay);
  }

  private tearDown(reason: string): void {
    this.turn += 1;
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    const { socket } = this;
    this.socket = undefined;
    if (socket) end(socket);
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(unreachable(reason));
    }
    this.pending.clear();
  }
}

interface Pending {
  resolve: (result: Extract<Result, { ok: true }>) => void;
  reject: (error: ProductError) => void;
  timer: NodeJS.Timeout;
}

function end(socket: WebSocket): void {
  socket.removeAllListeners();
  // Ending a handshake that is under way is reported as an error: nobody waits for it any more.
  socket.on('error', () => undefined);
  socket.terminate();
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

function refusal({ code, message, errors, retry_after: retryAfter }: Refused): ProductError {
  return new ProductError(code, {
    detail: message,
    ...(errors && { errors }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function unreachable(detail?: string): ProductError {
  const text =
    detail ?? t('Pipescope is not connected to its service. Start the service and try again.');
  return new ProductError('SERVICE_UNREACHABLE', { detail: text });
}
