/**
 * The line between the dashboard and its service. Both homes speak the same frames: in VS Code through the extension
 * (postMessage), in a browser through a WebSocket of the page's own.
 */
import type {
  ClientFrame,
  HostMessage,
  HostRequest,
  ServiceFrame,
} from '../service/protocol/frame.ts';

export interface TransportEvents {
  /** The line is open: say hello now. In a browser it opens again after every loss. */
  open(): void;
  frame(frame: ServiceFrame): void;
  host(message: HostMessage): void;
  /** The access token is missing or was refused; only a browser page asks for one. */
  tokenNeeded(reason: 'missing' | 'refused'): void;
}

export interface Transport {
  readonly home: 'vscode' | 'browser';
  start(events: TransportEvents): void;
  /** Sends a frame; false when the line is down and the frame was not sent. */
  send(frame: ClientFrame): boolean;
  /** Asks the window; the answer, where there is one, comes as a `notice`. */
  request(request: HostRequest): void;
  setToken(token: string): void;
  /** Survives a reload of the page. */
  loadState(): unknown;
  saveState(state: unknown): void;
  stop(): void;
}

/** A message is only looked at when it is an object with a type: a page may receive others. */
export function isMessage(value: unknown): value is ServiceFrame | HostMessage {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

export function isHostMessage(message: ServiceFrame | HostMessage): message is HostMessage {
  return message.type === 'connection' || message.type === 'show_job' || message.type === 'notice';
}
