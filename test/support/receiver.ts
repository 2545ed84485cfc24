/** A real HTTP or HTTPS server that keeps what it gets and answers as a test says. */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { root } from './paths.ts';

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export type Answering = (request: Received, response: ServerResponse, socket: Socket) => void;

/** A certificate of the tests, by its name: `server` is for hooks.example.org, mail.example.org and localhost. */
export function tlsFixture(name: 'server' | 'expired'): { key: string; cert: string } {
  const read = (file: string) => readFileSync(join(root, 'test/fixtures/tls', file), 'utf8');
  return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
}

/** The authority behind them. */
export const testAuthority = (): string =>
  readFileSync(join(root, 'test/fixtures/tls/ca.pem'), 'utf8');

export class Receiver {
  readonly received: Received[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  answer: Answering;

  private constructor(answer: Answering, tls?: { key: string; cert: string }) {
    this.answer = answer;
    const onRequest = (request: IncomingMessage, response: ServerResponse) =>
      void this.#take(request, response);
    this.#server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(answer: Answering, tls?: { key: string; cert: string }): Promise<Receiver> {
    const receiver = new Receiver(answer, tls);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const received = {
      ...{ method, path, headers: headers as Record<string, string> },
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.received.push(received);
    this.answer(received, response, request.socket);
  }
}

/** In a `describe`: receivers that end after each test. */
export function useReceivers(): typeof Receiver.start {
  const open: Receiver[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return async (answer, tls) => {
    const one = await Receiver.start(answer, tls);
    open.push(one);
    return one;
  };
}

/** Answers at once. */
export function answers(
  status: number,
  body = '',
  headers: Record<string, string> = {},
): Answering {
  return (_, response) => void response.writeHead(status, headers).end(body);
}
