import type { ClientFrame, HostRequest, PageGet } from '../service/protocol/frame.ts';
import { isHostMessage, isMessage, type Transport, type TransportEvents } from './transport.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

export function inVsCode(): boolean {
  return typeof acquireVsCodeApi === 'function';
}

/**
 * Speaks to the extension, which owns the socket: it connects again and resumes by itself, so the page says hello once,
 * when it has loaded.
 */
export class VsCodeTransport implements Transport {
  readonly home = 'vscode';
  readonly #api: VsCodeApi;
  #events: TransportEvents | undefined;

  constructor() {
    if (acquireVsCodeApi === undefined) throw new Error('This page does not run inside VS Code.');
    this.#api = acquireVsCodeApi();
  }

  start(events: TransportEvents): void {
    this.#events = events;
    window.addEventListener('message', this.#receive);
    events.open();
  }

  send(frame: ClientFrame): boolean {
    this.#api.postMessage(frame);
    return true;
  }

  request(request: HostRequest): void {
    this.#api.postMessage(request);
  }

  get(question: PageGet): void {
    this.#api.postMessage(question);
  }

  setToken(): void {
    throw new Error('In VS Code the extension holds the token.');
  }

  loadState(): unknown {
    return this.#api.getState();
  }

  saveState(state: unknown): void {
    this.#api.setState(state);
  }

  stop(): void {
    window.removeEventListener('message', this.#receive);
    this.#events = undefined;
  }

  readonly #receive = (event: MessageEvent<unknown>): void => {
    const message = event.data;
    if (!isMessage(message) || this.#events === undefined) return;
    if (isHostMessage(message)) this.#events.host(message);
    else this.#events.frame(message);
  };
}
