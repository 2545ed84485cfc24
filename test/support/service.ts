import { readFile, readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Config, type ConfigInput, loadConfig } from '../../service/config.ts';
import { type Logger, createLogging } from '../../service/logger.ts';
import { Service } from '../../service/service.ts';
import { root } from './paths.ts';
import { makeTempDir, removeTempDir } from './tempDir.ts';

export interface TestService {
  readonly service: Service;
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly config: Config;
  readonly tokens: { ingest: string; admin: string };
  /** What the service logged, one JSON object a line. */
  readonly log: string[];
  /** What it logs with. */
  readonly logger: Logger;
  /** Why the service wanted to end, if it did. */
  readonly stopReasons: string[];
  /** Ends it and keeps the data directory, for a start after it. */
  stop(): Promise<void>;
}

/** A service on a free port, with a data directory of its own where none is given. */
export async function startService(
  options: { dataDir?: string; config?: ConfigInput; dist?: string } = {},
): Promise<TestService> {
  const dataDir = options.dataDir ?? makeTempDir('service');
  const flags = { port: 0, data_dir: dataDir, ...options.config };
  const config = loadConfig({ flags, env: {} });
  const log: string[] = [];
  const stopReasons: string[] = [];
  const logging = createLogging('debug', { write: (line) => log.push(line) });
  const service = await Service.start({
    config,
    ...logging,
    dist: options.dist ?? join(root, 'dist'),
    fixedPort: false,
    onStop: (reason) => stopReasons.push(reason),
  });
  const { url } = service.ready;
  let stopped: Promise<void> | undefined;
  return {
    ...{ service, url, dataDir, config, log, stopReasons, logger: logging.logger },
    port: Number(new URL(url).port),
    tokens: service.tokens,
    stop: () => (stopped ??= service.stop()),
  };
}

/** In a `describe`: services that end after each test, with their data directories. */
export function useServices(): typeof startService {
  const open: TestService[] = [];
  afterEach(async () => {
    const all = open.splice(0);
    for (const one of all) await one.stop();
    // Only now: two of them may have shared a directory, one after the other.
    for (const { dataDir } of all) removeTempDir(dataDir);
  });
  return async (options) => {
    const one = await startService(options);
    open.push(one);
    return one;
  };
}

/** In a `describe`: one service for all its tests. Call the result for it. */
export function useSharedService(config: ConfigInput = {}): () => TestService {
  let shared: TestService | undefined;
  before(async () => {
    shared = await startService({ config });
  });
  after(async () => {
    await shared?.stop();
    if (shared) removeTempDir(shared.dataDir);
  });
  return () => {
    if (!shared) throw new Error('The service is started before the tests, not while they load.');
    return shared;
  };
}

export type Body = string | Buffer | object;

export interface PostOptions {
  type?: string;
  token?: string;
  headers?: Record<string, string>;
}

/** `POST /api/v1/events`; a body that is no text is sent as JSON. */
export function post(to: TestService, body: Body, options: PostOptions = {}): Promise<Response> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  return fetch(`${to.url}/api/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.token ?? to.tokens.ingest}`,
      'content-type': options.type ?? 'application/json',
      ...options.headers,
    },
    body: raw ? new Uint8Array(Buffer.from(body as string)) : JSON.stringify(body),
  });
}

export interface Ack {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string; path: string; message: string }[];
  seq: number;
}

/** Posts events that must be taken whole. */
export async function send(to: TestService, events: object | object[]): Promise<Ack> {
  const response = await post(to, events);
  const ack = (await response.json()) as Ack;
  if (response.status !== 202 || ack.rejected.length > 0) throw new Error(JSON.stringify(ack));
  return ack;
}

/** A request with the admin token. */
export function call(to: TestService, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${to.tokens.admin}`, ...(init.headers as object) };
  return fetch(`${to.url}${path}`, { ...init, headers });
}

export async function getJson<T = Record<string, unknown>>(
  from: TestService,
  path: string,
): Promise<T> {
  const response = await call(from, path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** All bytes of the journal: what an outsider must not be able to change. */
export async function journalBytes(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'journal');
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return files.join('');
}

/** Sends bytes over a socket of its own and resolves with all that came back until the other side ended. */
export function rawExchange(
  port: number,
  bytes: string | Buffer,
  { timeoutMs = 3000, halfClose = false } = {},
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      if (halfClose) socket.end(bytes);
      else socket.write(bytes);
    });
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, timeoutMs);
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    // A reset is an end like any other here: what matters is what was answered before.
    socket.on('error', () => undefined);
    socket.once('close', done);
  });
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}

/** The `code` of a problem document in a raw answer; empty without one. */
export function codeOf(answer: string): string {
  return /"code":"([A-Z_]+)"/.exec(answer)?.[1] ?? '';
}

/** Waits until the condition gives something other than undefined, null or false. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  what: string,
  ms = 5000,
): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > end) throw new Error(`${what} did not happen within ${ms} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
