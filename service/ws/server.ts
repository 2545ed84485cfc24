/** The upgrade: the same guard as for requests, then sessions with heartbeats. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { toProductError } from '../http/answer.ts';
import { type Guard, type Role, pathOf } from '../http/guard.ts';
import { ProductError } from '../protocol/errors.ts';
import { MAX_INFLATED } from '../http/body.ts';
import { Session, type SessionContext } from './session.ts';

export const MAX_CLIENTS = 64;
const PING_MS = 15_000;

export interface SocketServerOptions {
  server: Server;
  guard: Guard;
  context: SessionContext;
  /** Milliseconds between pings; who has not answered by the next one is cut off. */
  pingMs?: number;
}

export class SocketServer {
  readonly #guard: Guard;
  readonly #context: SessionContext;
  readonly #server: WebSocketServer;
  readonly #sessions = new Map<WebSocket, Session>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor({ server, guard, context, pingMs = PING_MS }: SocketServerOptions) {
    this.#guard = guard;
    this.#context = context;
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MAX_INFLATED,
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#timer = setInterval(() => this.#ping(), pingMs);
  }

  /** How many clients of any kind are connected. */
  get size(): number {
    return this.#sessions.size;
  }

  /** All clients, windows and dashboards among them, and those that do not keep up. */
  get counts(): { connected: number; windows: number; behind: number } {
    const behind = [...this.#sessions.values()].filter((session) => session.isBehind()).length;
    return { connected: this.size, windows: this.windows, behind };
  }

  /** How many windows and dashboards are connected. */
  get windows(): number {
    return [...this.#sessions.values()].filter((session) => session.kind !== '').length;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sessions.keys()) socket.close(1001, 'The service is stopping.');
    this.#server.close();
    // Who does not answer the close within a moment is cut off.
    setTimeout(() => {
      for (const socket of this.#sessions.keys()) socket.terminate();
    }, 500).unref();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    let role: Role;
    try {
      role = this.#admit(request);
    } catch (thrown) {
      refuseUpgrade(socket, toProductError(thrown));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#connected(client, role));
  }

  #admit(request: IncomingMessage): Role {
    this.#guard.checkOrigin(request);
    // Without a header the token comes in the first frame, which has five seconds.
    const role = this.#guard.roleOf(request);
    if (pathOf(request) !== '/ws') throw new ProductError('ROUTE_UNKNOWN');
    if (this.#sessions.size >= MAX_CLIENTS)
      throw new ProductError('CLIENTS_TOO_MANY', { retryAfter: 5 });
    return role;
  }

  #connected(socket: WebSocket, role: Role): void {
    this.#sessions.set(socket, new Session(socket, role, this.#context));
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    // What is wrong with the socket ends it: 'close' follows, and cleans up.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sessions.delete(socket));
  }

  #ping(): void {
    for (const socket of this.#sessions.keys()) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}

function refuseUpgrade(socket: Duplex, error: ProductError): void {
  const body = JSON.stringify(error.toProblem());
  const retry = error.retryAfter === undefined ? '' : `Retry-After: ${error.retryAfter}\r\n`;
  socket.end(
    `HTTP/1.1 ${error.status} Refused\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `${retry}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
