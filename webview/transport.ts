/**
 * The line between the dashboard and its service. Both homes speak the same frames: in VS Code through the extension
 * (postMessage), in a browser through a WebSocket of the page's own.
 */
import type {
  ClientFrame,
  HostMessage,
  HostRequest,
  PageGet,
  ServiceFrame,
} from '../service/protocol/frame.ts';

/** Why a browser page asks for the access token: it has none, it was refused, or the code of its address was no good. */
export type TokenNeed = 'missing' | 'refused' | 'used';

export interface TransportEvents {
  /** The line is open: say hello now. In a browser it opens again after every loss. */
  open(): void;
  frame(frame: ServiceFrame): void;
  host(message: HostMessage): void;
  /** Only a browser page asks for one. */
  tokenNeeded(reason: TokenNeed): void;
}

export interface Transport {
  readonly home: 'vscode' | 'browser';
  start(events: TransportEvents): void;
  /** Sends a frame; false when the line is down and the frame was not sent. */
  send(frame: ClientFrame): boolean;
  /** Asks the window; the answer, where there is one, comes as a `notice`, or as the message that the request names. */
  request(request: HostRequest): void;
  /** Asks the service's REST; the answer comes as `got`, whether the line is up or not. */
  get(question: PageGet): void;
  setToken(token: string): void;
  /** Survives a reload of the page. */
  loadState(): unknown;
  saveState(state: unknown): void;
  stop(): void;
}

const HOST_TYPES: ReadonlySet<string> = new Set<HostMessage['type']>([
  'connection',
  'show_job',
  'compare_jobs',
  'show_alerts',
  'layout',
  'got',
  'file_picked',
  'notice',
]);

/** A message is only looked at when it is an object with a type: a page may receive others. */
export function isMessage(value: unknown): value is ServiceFrame | HostMessage {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

export function isHostMessage(message: ServiceFrame | HostMessage): message is HostMessage {
  return HOST_TYPES.has(message.type);
}
