/** What nvidia-smi says of the GPUs: its CSV query, one line a GPU. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { parse } from 'node:path';

/** One GPU; null is what this model does not tell. */
export interface Gpu {
  index: number;
  name: string;
  gpu_percent: number | null;
  memory_used_mb: number | null;
  memory_total_mb: number | null;
  temperature_celsius: number | null;
  power_watts: number | null;
}

/** In the order of the columns (nvidia-smi --help-query-gpu); the name last, should one hold a comma. */
const QUERY = [
  'index',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'name',
].join(',');
const ARGS = [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'];

/** A driver in trouble lets it hang; without a driver daemon a good one takes 2 s. */
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 1024 * 1024;

/** Throws on a line that has other columns. Memory is in MiB with `nounits`, which is our MB. */
export function parseNvidiaSmi(text: string): Gpu[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseLine);
}

function parseLine(line: string): Gpu {
  const [index, use, used, total, temperature, power, ...name] = line
    .split(',')
    .map((field) => field.trim());
  if (name.length === 0 || !/^\d+$/.test(index ?? ''))
    throw new Error(`nvidia-smi answered "${line.slice(0, 200)}"`);
  return {
    index: Number(index),
    name: name.join(', '),
    gpu_percent: numberOf(use),
    memory_used_mb: numberOf(used),
    memory_total_mb: numberOf(total),
    temperature_celsius: numberOf(temperature),
    power_watts: numberOf(power),
  };
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `ERR!` and the like are no numbers: not known. */
function numberOf(field: string | undefined): number | null {
  return field !== undefined && /^\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}

/** Asks nvidia-smi, one question at a time. */
export class NvidiaSmi {
  #asking: AbortController | undefined;

  /** Null where there is no such program; rejects where it fails, with what it said. */
  async look(): Promise<Gpu[] | null> {
    const asking = new AbortController();
    this.#asking = asking;
    const timer = setTimeout(() => asking.abort(), TIMEOUT_MS).unref();
    try {
      const text = await ask(asking.signal);
      return text === null ? null : parseNvidiaSmi(text);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of a question that is not answered: it must not keep this process alive. */
  close(): void {
    this.#asking?.abort();
  }
}

/** Windows looks for a program in the current folder first, which may be a project of others. */
function safeFolder(): string {
  const home = homedir();
  // Users of services may have none, and a program cannot start in a folder that is not there.
  return existsSync(home) ? home : parse(home).root;
}

function ask(signal: AbortSignal): Promise<string | null> {
  const options = {
    signal,
    cwd: safeFolder(),
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT,
    windowsHide: true,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile('nvidia-smi', ARGS, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (error.code === 'ENOENT') resolve(null);
      else reject(new Error(signal.aborted ? NO_ANSWER : reasonOf(error, stdout)));
    });
    // One that hangs in the driver cannot even be killed.
    signal.addEventListener('abort', () => child.unref());
  });
}

const NO_ANSWER = `nvidia-smi did not answer within ${TIMEOUT_MS / 1000} s`;

/** nvidia-smi says on stdout why it failed. */
function reasonOf(error: Error, stdout: string): string {
  const said = stdout.trim().split('\n')[0];
  return said ? `nvidia-smi said "${said.slice(0, 300)}"` : error.message;
}
