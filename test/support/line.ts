import type {
  ClientFrame,
  HostMessage,
  HostRequest,
  PageGet,
} from '../../service/protocol/frame.ts';
import { Session } from '../../webview/session.ts';
import { Store } from '../../webview/store.ts';
import type { Transport, TransportEvents } from '../../webview/transport.ts';

export const WELCOME = {
  type: 'welcome',
  protocol: 1,
  seq: 1,
  epoch: 'e1',
  version: '0',
  profile: 'p',
} as const;

/** A line of the dashboard whose other end is the test. */
export class Line implements Transport {
  readonly home = 'browser';
  readonly sent: ClientFrame[] = [];
  readonly requests: HostRequest[] = [];
  readonly gets: PageGet[] = [];
  events!: TransportEvents;
  up = true;
  saved: unknown;

  constructor(saved?: unknown) {
    this.saved = saved;
  }

  start(events: TransportEvents): void {
    this.events = events;
    events.open();
  }

  send(frame: ClientFrame): boolean {
    if (this.up) this.sent.push(frame);
    return this.up;
  }

  request(request: HostRequest): void {
    this.requests.push(request);
  }

  get(question: PageGet): void {
    this.gets.push(question);
  }

  setToken(): void {
    throw new Error('No test asks for a token here.');
  }

  loadState(): unknown {
    return this.saved;
  }

  saveState(state: unknown): void {
    this.saved = state;
  }

  stop(): void {
    this.up = false;
  }

  welcome(): void {
    this.events.frame(WELCOME);
    this.events.host({ type: 'connection', state: 'connected', since: 1 });
  }

  /** Answers the last command. */
  accept(): void {
    this.events.frame({ type: 'result', ref: this.#lastRef(), ok: true });
  }

  refuse(message: string): void {
    const code = 'FRAME_INVALID';
    this.events.frame({ type: 'result', ref: this.#lastRef(), ok: false, code, message });
  }

  /** Answers a question of REST by its place in `gets`. */
  got(index: number, body: unknown): void {
    const message: HostMessage = { type: 'got', ref: this.refOf(index), ok: true, body };
    this.events.host(message);
  }

  fail(index: number, message = 'No.'): void {
    const code = 'INTERNAL';
    this.events.host({ type: 'got', ref: this.refOf(index), ok: false, code, message });
  }

  refOf(index: number): number {
    const question = this.gets.at(index);
    if (question === undefined) throw new Error(`There is no question ${index}.`);
    return question.ref;
  }

  #lastRef(): number {
    const last = this.sent.at(-1);
    if (last?.type !== 'command') throw new Error('The last frame was no command.');
    return last.ref;
  }
}

/** A conversation that has said hello; records are shown at once. */
export function startSession(saved?: unknown): { line: Line; session: Session; store: Store } {
  const store = new Store({
    now: () => 0,
    after: (_, work) => work(),
    turn: () => Promise.resolve(),
    drawn: () => Promise.resolve(),
  });
  const line = new Line(saved);
  const session = new Session(store, line);
  session.start();
  return { line, session, store };
}
