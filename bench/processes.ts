/** Starts and ends what is measured, each as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Running {
  ws: string;
  url: string;
  /** Where events are posted. */
  events: string;
  /** Empty for the baseline. */
  token: string;
  say(events: object[]): Promise<void>;
  stop(): Promise<void>;
  /** As a crash would end it. */
  kill(): Promise<void>;
}

const root = join(import.meta.dirname, '..');

export async function startBaseline(file: string): Promise<Running> {
  const child = spawnTool('bench/baseline.ts', [file]);
  const { port } = JSON.parse(await firstLine(child)) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return running(child, { ws: `ws://127.0.0.1:${port}`, url, events: url, token: '' });
}

export async function startService(dataDir: string): Promise<Running> {
  const args = [join(root, 'dist/cli.js'), 'serve', '--port', '0', '--data-dir', dataDir];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env },
  });
  const { url, ws } = JSON.parse(await firstLine(child)) as { url: string; ws: string };
  const { admin } = JSON.parse(await readFile(join(dataDir, 'tokens.json'), 'utf8')) as {
    admin: string;
  };
  return running(child, { ws, url, events: `${url}/api/v1/events`, token: admin });
}

function running(
  child: ChildProcess,
  facts: Pick<Running, 'ws' | 'url' | 'events' | 'token'>,
): Running {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ...facts,
    say: async (events) => {
      const headers = {
        authorization: `Bearer ${facts.token}`,
        'content-type': 'application/json',
      };
      const response = await fetch(facts.events, {
        method: 'POST',
        headers,
        body: JSON.stringify(events),
      });
      if (response.status !== 202) throw new Error(await response.text());
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

interface ToolOptions {
  /** Of Node. */
  flags?: readonly string[];
  /** Bundled, as what is shipped: a loader adds to the cost of each function. */
  built?: boolean;
  /** True when an exit code says that a number was missed. */
  mayFail?: boolean;
}

/** Runs a script of the benchmark to its end; what it printed. */
export async function runTool(
  script: string,
  args: readonly string[],
  { mayFail = false, ...how }: ToolOptions = {},
): Promise<string> {
  const child = spawnTool(script, args, how);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0 && !mayFail)
    throw new Error(`${script} ended with exit code ${code ?? 'none'}:\n${text.slice(-2000)}`);
  return text;
}

function spawnTool(
  script: string,
  args: readonly string[],
  { flags = [], built = false }: Omit<ToolOptions, 'mayFail'> = {},
): ChildProcess {
  const how = built ? [join(root, 'bench/built.mjs')] : ['--import', 'tsx'];
  const all = [...flags, ...how, join(root, script), ...args];
  return spawn(process.execPath, all, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('The process has no output.');
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).once('line', resolve);
    child.once('exit', (code) =>
      reject(new Error(`The process ended with ${code ?? 'a signal'}.`)),
    );
  });
}

export interface Diagnostics {
  memory_mb: number;
  event_loop_max_ms: number;
  jobs_stored: number;
}

export async function diagnostics(target: Running): Promise<Diagnostics> {
  return (await get(target, '/api/v1/diagnostics')).json() as Promise<Diagnostics>;
}

/** Asks until the answer is 200. */
export async function until(target: Running, path: string): Promise<void> {
  while ((await get(target, path)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

function get({ url, token }: Running, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}
