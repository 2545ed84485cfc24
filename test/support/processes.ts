import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './atExit.ts';

/** More output than this is cut at its beginning. */
const keptOutput = 8 * 1024 * 1024;

export interface ProcessOptions {
  cwd?: string;
  /** Replaces the environment; spread `process.env` to add to it. */
  env?: NodeJS.ProcessEnv;
  /** Its own process group, ended as a whole with everything it started. */
  group?: boolean;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const running = new Set<TrackedProcess>();

/** A child process of the tests. Nothing outlives the test run: what is left over is killed, by its id, when this process ends. */
export class TrackedProcess {
  readonly name: string;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #group: boolean;
  readonly #listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: ProcessOptions) {
    this.name = [command, ...args].join(' ').slice(0, 200);
    this.#group = options.group ?? false;
    this.child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: this.#group,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take('stdout', text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.#take('stderr', text));
    this.exited = this.#watch();
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`Could not start ${this.name}`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** Resolves with the first match in stdout or stderr; rejects when the process ends or the time is over before. */
  async waitForOutput(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    const end = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (match) return match;
      if (!this.isRunning) throw this.#failure('ended');
      if (end.aborted) throw this.#failure(`said nothing of ${pattern} in ${timeoutMs} ms`);
      await this.#nextOutput(end);
    }
  }

  /** Asks it to end, kills it after the grace time, and resolves when it is gone. */
  async stop(graceMs = 3_000): Promise<Exit> {
    this.kill('SIGTERM');
    const patience = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.exited, grace]);
    patience.abort();
    // The group is killed even when its leader is gone: an extension host can outlive its server.
    if (this.#group || this.isRunning) this.kill('SIGKILL');
    return this.exited;
  }

  /** Signals the process, or its group. Does nothing when it is gone. */
  kill(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      if (this.#group) process.kill(-this.child.pid, signal);
      else this.child.kill(signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  #watch(): Promise<Exit> {
    running.add(this);
    const forget = atExit(() => this.kill('SIGKILL'));
    return new Promise((resolve) => {
      const done = (exit: Exit): void => {
        running.delete(this);
        forget();
        resolve(exit);
        this.#wake();
      };
      this.child.once('close', (code, signal) => done({ code, signal }));
      this.child.once('exit', (code, signal) => {
        // The last output comes before 'close', which waits for ever when a grandchild has inherited the pipes.
        setTimeout(() => done({ code, signal }), 1_000).unref();
      });
      this.child.once('error', (error) => {
        this.stderr += error.message;
        done({ code: null, signal: null });
      });
    });
  }

  #take(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] = (this[stream] + text).slice(-keptOutput);
    this.#wake();
  }

  #wake(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    listeners.forEach((listener) => listener());
  }

  #nextOutput(end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#listeners.delete(go);
        end.removeEventListener('abort', go);
        resolve();
      };
      this.#listeners.add(go);
      end.addEventListener('abort', go);
    });
  }

  #failure(what: string): Error {
    return new Error(`${this.name}\n${what}. Its output:\n${this.stdout}${this.stderr}`);
  }
}

/** Starts a program whose end is taken care of. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): TrackedProcess {
  return new TrackedProcess(command, args, options);
}

/** Stops what is still running and says what it was: a suite that leaves a process behind has forgotten its `after`. */
export async function stopLeftovers(): Promise<string[]> {
  const left = [...running];
  await Promise.all(left.map((tracked) => tracked.stop()));
  return left.map((tracked) => tracked.name);
}
