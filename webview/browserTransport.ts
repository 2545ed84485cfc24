import type {
  ClientFrame,
  HostMessage,
  HostRequest,
  PageGet,
  ServiceFrame,
} from '../service/protocol/frame.ts';
import type { ErrorCode } from '../service/protocol/errors.ts';
import { t } from '@vscode/l10n';
import { assertNever, messageOf } from '../service/protocol/errors.ts';
import { backoffMs } from './backoff.ts';
import {
  BrowserReader,
  followLayout,
  keepLayout,
  loadLayout,
  pickFile,
  saveFile,
  trade,
} from './browserHost.ts';
import { saveExport } from './saveExport.ts';
import { forgetToken, keepToken, takeAccess } from './token.ts';
import { isMessage, type Transport, type TransportEvents } from './transport.ts';

const STATE_KEY = 'pipescope.view';
/** A socket that has not opened by then is given up and tried again. */
const OPEN_TIMEOUT_MS = 10_000;
/** A tab that nobody looks at follows nothing after that; seen again it goes on where it was. */
const REST_MS = 60_000;
const BAD_TOKEN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['TOKEN_MISSING', 'TOKEN_REFUSED']);

/** A WebSocket to the page's own origin. The token goes in the first frame, never in a URL. */
export class BrowserTransport implements Transport {
  readonly home = 'browser';
  #events: TransportEvents | undefined;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #resting = false;
  #access = takeAccess();
  #token = this.#access.token;
  readonly #reader = new BrowserReader();
  #refusedToKeep = false;
  #stopLayout: (() => void) | undefined;

  start(events: TransportEvents): void {
    this.#events = events;
    const layout = (kept: unknown): void => this.#tell({ type: 'layout', layout: kept });
    layout(loadLayout());
    this.#stopLayout = followLayout(layout);
    window.addEventListener('online', this.#retryNow);
    document.addEventListener('visibilitychange', this.#visible);
    window.addEventListener('hashchange', this.#addressChanged);
    if (this.#access.code !== null) void this.#trade(this.#access.code);
    else if (this.#token === null) events.tokenNeeded('missing');
    else this.#connect();
  }

  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const own = frame.type === 'hello' && this.#token !== null ? { token: this.#token } : {};
    this.#socket.send(JSON.stringify({ ...frame, ...own }));
    return true;
  }

  request(request: HostRequest): void {
    switch (request.action) {
      case 'export_job':
        this.#whenDone(
          saveExport(request.job_id, request.format, this.#token ?? '').then((name) =>
            this.#tell({ type: 'notice', level: 'info', message: t('Saved {0}.', name) }),
          ),
        );
        return;
      case 'save_layout':
        this.#keep(() => keepLayout(request));
        return;
      case 'save_file':
        saveFile(request);
        return;
      case 'pick_file':
        this.#whenDone(this.#pick(request));
        return;
      case 'open_error':
      case 'run_demo':
      case 'start_service':
      case 'open_in_browser':
      case 'save_secrets':
        return; // A page offers these only inside VS Code; a browser's secrets go with the channel.
      default:
        assertNever(request);
    }
  }

  get(question: PageGet): void {
    this.#whenDone(this.#reader.ask(question, this.#token, (message) => this.#tell(message)));
  }

  setToken(token: string): void {
    this.#token = token;
    keepToken(token);
    this.#connect();
  }

  loadState(): unknown {
    const text = sessionStorage.getItem(STATE_KEY);
    try {
      return text === null ? undefined : JSON.parse(text);
    } catch {
      return undefined; // Written by another version or by hand: start with the defaults.
    }
  }

  saveState(state: unknown): void {
    this.#keep(() => sessionStorage.setItem(STATE_KEY, JSON.stringify(state)));
  }

  stop(): void {
    window.removeEventListener('online', this.#retryNow);
    document.removeEventListener('visibilitychange', this.#visible);
    clearTimeout(this.#restTimer);
    window.removeEventListener('hashchange', this.#addressChanged);
    this.#stopLayout?.();
    this.#drop();
    this.#events = undefined;
  }

  #connect(silent = this.#attempt > 0): void {
    this.#drop();
    // Later attempts are silent: until one succeeds the line is down.
    if (!silent) this.#connection('connecting');
    const url = new URL('/ws', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(socket), OPEN_TIMEOUT_MS);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.#events?.open();
    };
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost(socket);
  }

  #receive(data: unknown): void {
    const frame: unknown = JSON.parse(String(data));
    if (!isMessage(frame)) return;
    const message = frame as ServiceFrame;
    if (message.type === 'refused' && BAD_TOKEN.has(message.code)) {
      this.#refused();
      return;
    }
    if (message.type === 'welcome') {
      this.#attempt = 0;
      this.#connection('connected');
    }
    this.#events?.frame(message);
  }

  #refused(): void {
    this.#drop();
    this.#token = null;
    forgetToken();
    this.#events?.tokenNeeded('refused');
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#connection('disconnected');
    this.#timer = setTimeout(() => this.#connect(), backoffMs(this.#attempt++));
  }

  /** Ends the socket and its timer; nothing of the old one is heard any more. */
  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #connection(state: Extract<HostMessage, { type: 'connection' }>['state']): void {
    this.#tell({ type: 'connection', state, since: Date.now() });
  }

  /** A file that cannot be read is told, and counts as none. */
  async #pick({ ref, extension }: Extract<HostRequest, { action: 'pick_file' }>): Promise<void> {
    let text: string | null = null;
    try {
      text = await pickFile(extension);
    } finally {
      this.#tell({ type: 'file_picked', ref, text });
    }
  }

  /** A browser may refuse to store, or be full: the page then goes on, and keeps nothing over a reload. */
  #keep(store: () => void): void {
    try {
      store();
    } catch (error) {
      const why = messageOf(error);
      const message = t('This browser keeps no settings of the page: {0}', why);
      if (!this.#refusedToKeep) this.#tell({ type: 'notice', level: 'error', message });
      this.#refusedToKeep = true;
    }
  }

  #whenDone(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#tell({ type: 'notice', level: 'error', message: messageOf(error) }),
    );
  }

  #tell(message: HostMessage): void {
    this.#events?.host(message);
  }

  /** The token for a code of the address, and the job that it leads to; a token that the tab has already is as good. */
  async #trade(code: string): Promise<void> {
    const access = await trade(code).catch(() => null);
    if (this.#events === undefined) return;
    if (access?.job_id != null) this.#tell({ type: 'show_job', job_id: access.job_id });
    const token = access?.token ?? this.#token;
    if (token === null) this.#events.tokenNeeded('used');
    else if (token !== this.#token || this.#socket === undefined) this.setToken(token);
  }

  readonly #retryNow = (): void => {
    if (this.#token !== null && this.#socket === undefined && !this.#resting) this.#connect();
  };

  readonly #visible = (): void => {
    clearTimeout(this.#restTimer);
    if (document.hidden) this.#restTimer = setTimeout(() => this.#rest(), REST_MS);
    else if (this.#resting) {
      this.#resting = false;
      if (this.#token !== null) this.#connect(true);
    }
  };

  /** The line is let go without a word: nothing is shown that could be old. */
  #rest(): void {
    this.#resting = true;
    this.#drop();
  }

  /** A link of `pipescope open` followed in a tab that already shows the page. */
  readonly #addressChanged = (): void => {
    const { token, code } = takeAccess();
    if (code !== null) void this.#trade(code);
    else if (token !== null && token !== this.#token) this.setToken(token);
  };
}
