/** The whole service as a real process, for the fault tests: start it, talk to it, kill it. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadyLine, Tokens } from '../../../service/protocol/dataDir.ts';
import type { AlertRecord, JobRecord, JobSnapshot } from '../../../service/protocol/record.ts';
import { root } from '../../support/paths.ts';
import { type Exit, type TrackedProcess, startProcess } from '../../support/processes.ts';

const cli = process.env.PIPESCOPE_TEST_CLI ?? join(root, 'dist', 'cli.js');

export interface StartOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  /** Put in front of the command: a tracer. */
  wrapper?: readonly string[];
}

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: unknown;
}

export interface Ack {
  accepted: number;
  duplicates: number;
  rejected: unknown[];
  seq: number;
}

/** Runs `pipescope` with these arguments. */
export function runCli(args: readonly string[], options: StartOptions = {}): TrackedProcess {
  const [command = process.execPath, ...wrapped] = [...(options.wrapper ?? []), process.execPath];
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '', ...options.env };
  return startProcess(command, [...wrapped, cli, ...args], { env });
}

/** Starts a service on a data directory and waits for its ready line. */
export async function startService(
  dataDir: string,
  options: StartOptions = {},
): Promise<TestService> {
  const args = ['serve', '--port', '0', '--data-dir', dataDir, ...(options.args ?? [])];
  const tracked = runCli(args, options);
  const [line] = await tracked.waitForOutput(/^\{"ready":true.*\}$/m, 20_000);
  return new TestService(tracked, JSON.parse(line) as ReadyLine);
}

export class TestService {
  readonly tracked: TrackedProcess;
  readonly ready: ReadyLine;
  readonly tokens: Tokens;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(tracked: TrackedProcess, ready: ReadyLine) {
    this.tracked = tracked;
    this.ready = ready;
    this.tokens = JSON.parse(readFileSync(join(ready.data_dir, 'tokens.json'), 'utf8')) as Tokens;
  }

  /** What it said on stderr. */
  get log(): string {
    return this.tracked.stderr;
  }

  /** Sends events; rejects when the connection breaks before the answer is there. */
  post(events: readonly object[]): Promise<Answer> {
    return this.ask('POST', '/api/v1/events', JSON.stringify(events));
  }

  /** Sends events that the service has to take, in bodies of at most 500. */
  async send(events: readonly object[]): Promise<number> {
    let duplicates = 0;
    for (let at = 0; at < events.length; at += 500) {
      const { status, body } = await this.post(events.slice(at, at + 500));
      const ack = body as Ack;
      if (status !== 202 || ack.rejected.length > 0)
        throw new Error(`${status} ${JSON.stringify(body)}`);
      duplicates += ack.duplicates;
    }
    return duplicates;
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  export(jobId: string): Promise<JobSnapshot> {
    return this.get(`/api/v1/monitoring/export/${encodeURIComponent(jobId)}`);
  }

  async jobs(): Promise<JobRecord[]> {
    return (await this.get<{ jobs: JobRecord[] }>('/api/v1/jobs?limit=1000')).jobs;
  }

  async job(jobId: string): Promise<JobRecord> {
    const job = (await this.jobs()).find((one) => one.job_id === jobId);
    if (!job) throw new Error(`There is no job ${jobId}.`);
    return job;
  }

  async alerts(): Promise<AlertRecord[]> {
    return (await this.get<{ alerts: AlertRecord[] }>('/api/v1/alerts?limit=1000')).alerts;
  }

  async ask(method: string, path: string, body?: string): Promise<Answer> {
    const { port } = new URL(this.ready.url);
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.tokens.admin}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method, headers, agent: this.#agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('close', () => {
            if (!response.complete) return reject(new Error('The answer broke off.'));
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text === '' ? null : JSON.parse(text),
            });
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** The end no program can prepare for. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    this.#agent.destroy();
    await this.tracked.exited;
  }

  /** Asks it to end; what does not is killed after ten seconds. */
  async stop(): Promise<Exit> {
    this.#signal('SIGTERM');
    this.#agent.destroy();
    const late = setTimeout(() => this.#signal('SIGKILL'), 10_000);
    const exit = await this.tracked.exited;
    clearTimeout(late);
    return exit;
  }

  /** To the service itself: behind a tracer it is not the process that was started. */
  #signal(signal: NodeJS.Signals): void {
    if (this.tracked.isRunning) process.kill(this.ready.pid, signal);
  }

  /** Resident memory now and at its highest, in MB. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.ready.pid}/status`, 'utf8');
    const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { now: mb('VmRSS'), peak: mb('VmHWM') };
  }

  /** Waits until the service has said what it has to say of itself: nothing more gets into the journal. */
  async settle(): Promise<void> {
    let seq = -1;
    for (let calm = 0; calm < 3;) {
      const now = (await this.get<{ seq: number }>('/readyz')).seq;
      calm = now === seq ? calm + 1 : 0;
      seq = now;
      await sleep(100);
    }
  }
}

/** Services of one `describe`: what still runs after a test is killed. */
export function services(): (dataDir: string, options?: StartOptions) => Promise<TestService> {
  const started: TestService[] = [];
  afterEach(async () => {
    for (const service of started.splice(0)) if (service.tracked.isRunning) await service.kill();
  });
  return async (dataDir, options) => {
    const service = await startService(dataDir, options);
    started.push(service);
    return service;
  };
}

/** Waits for something to come true; says what did not. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  ms = 10_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms.`);
    await sleep(25);
  }
}
