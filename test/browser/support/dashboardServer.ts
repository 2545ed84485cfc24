/** A real HTTP and WebSocket server that serves the built bundle as the service does and speaks the frames a test gives it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientFrame, RecordsFrame, ServiceFrame } from '../../../service/protocol/frame.ts';
import { browserCsp, dashboardHtml, type Home, vscodeCsp } from '../../../service/protocol/page.ts';
import { emptyAnswer } from '../../fixtures/answers.ts';
import { root } from '../../support/paths.ts';

export const TOKEN = 'a-token-of-64-characters-for-tests';
const bundle = join(process.env.PIPESCOPE_DIST ?? join(root, 'dist'), 'webview');
const TYPES = { js: 'text/javascript', css: 'text/css' } as const;

type Hello = Extract<ClientFrame, { type: 'hello' }>;
type Command = Extract<ClientFrame, { type: 'command' }>;

export class DashboardServer {
  /** What a client gets after its welcome. */
  first: (hello: Hello) => RecordsFrame;
  /** The records of a job, when topics.set asks for it. */
  topic: (jobId: string) => RecordsFrame | undefined = () => undefined;
  /** What a GET under /api/ answers. */
  answer: (path: string) => object = emptyAnswer;
  epoch = 'epoch-1';
  readonly hellos: Hello[] = [];
  readonly commands: Command[] = [];
  readonly exports: { url: string; authorization: string | undefined }[] = [];
  #port = 0;
  #http = createServer((request, response) => this.#serve(request, response));
  #ws = new WebSocketServer({ server: this.#http, path: '/ws' });

  constructor(first: (hello: Hello) => RecordsFrame) {
    this.first = first;
    this.#ws.on('connection', (socket) => this.#talk(socket));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/enhanced-monitor`;
  }

  /** The same bundle as a webview of VS Code has it: for a test that plays the extension. */
  get webviewUrl(): string {
    return `http://127.0.0.1:${this.#port}/webview`;
  }

  async start(): Promise<this> {
    this.#http.listen(this.#port, '127.0.0.1');
    await once(this.#http, 'listening');
    this.#port = (this.#http.address() as AddressInfo).port;
    return this;
  }

  /** Ends as a killed service does: sockets cut, port closed. */
  async stop(): Promise<void> {
    for (const socket of this.#ws.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Starts again on the same port, after `stop`. */
  async restart(): Promise<void> {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#ws = new WebSocketServer({ server: this.#http, path: '/ws' });
    this.#ws.on('connection', (socket) => this.#talk(socket));
    await this.start();
  }

  /** To every page that has said hello. */
  send(frame: ServiceFrame): void {
    for (const socket of this.#ws.clients) socket.send(JSON.stringify(frame));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://test').pathname;
    if (path === '/enhanced-monitor') this.#page(response, 'browser');
    else if (path === '/webview') this.#page(response, 'vscode');
    else if (/^\/assets\/[\w-]+\.(js|css)$/.test(path))
      asset(path.slice('/assets/'.length), response);
    else if (path.startsWith('/api/v1/monitoring/export/')) this.#export(request, response);
    else if (path.startsWith('/api/')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.answer(path)));
    } else response.writeHead(404).end();
  }

  /** The page as each of its homes serves it, with the policy of that home. */
  #page(response: ServerResponse, home: Home): void {
    const nonce = randomBytes(16).toString('base64');
    const origin = `127.0.0.1:${this.#port}`;
    const csp =
      home === 'vscode'
        ? vscodeCsp({ nonce, cspSource: `http://${origin}` })
        : browserCsp({ nonce, wsOrigin: `ws://${origin}` });
    const scriptUri = '/assets/webview.js';
    const html = dashboardHtml({ home, scriptUri, styleUri: '/assets/webview.css', nonce, csp });
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': csp,
      'x-content-type-options': 'nosniff',
    });
    response.end(html);
  }

  #export(request: IncomingMessage, response: ServerResponse): void {
    this.exports.push({ url: request.url ?? '', authorization: request.headers.authorization });
    if (request.url?.includes('gone')) {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ detail: 'There is no job with this id.' }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"job_id":"exported"}');
  }

  #talk(socket: WebSocket): void {
    const send = (frame: ServiceFrame): void => socket.send(JSON.stringify(frame));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as ClientFrame;
      if (frame.type === 'hello') this.#hello(frame, send, socket);
      else if (frame.type === 'command') this.#command(frame, send);
    });
  }

  #hello(hello: Hello, send: (frame: ServiceFrame) => void, socket: WebSocket): void {
    this.hellos.push(hello);
    if (hello.token !== TOKEN) {
      const code = hello.token === undefined ? 'TOKEN_MISSING' : 'TOKEN_REFUSED';
      send({ type: 'refused', code, message: 'The access token is not accepted here.' });
      socket.close();
      return;
    }
    const records = this.first(hello);
    const { seq } = records;
    send({
      type: 'welcome',
      protocol: 1,
      seq,
      epoch: this.epoch,
      version: '0',
      profile: 'development',
    });
    send(records);
  }

  #command(command: Command, send: (frame: ServiceFrame) => void): void {
    this.commands.push(command);
    if (command.command === 'alert.acknowledge' && command.alert_id === 'gone') {
      const message = 'There is no alert with this id.';
      send({ type: 'result', ref: command.ref, ok: false, code: 'ALERT_UNKNOWN', message });
      return;
    }
    send({ type: 'result', ref: command.ref, ok: true });
    if (command.command !== 'topics.set') return;
    const shown = command.topics.find((topic) => topic.startsWith('job:'));
    const records = shown === undefined ? undefined : this.topic(shown.slice('job:'.length));
    if (records) send(records);
  }
}

function asset(name: string, response: ServerResponse): void {
  const type = TYPES[name.endsWith('.js') ? 'js' : 'css'];
  response.writeHead(200, { 'content-type': type });
  response.end(readFileSync(join(bundle, name)));
}
