/** `agent`: reports this machine as a worker, for as long as it runs, whether a service answers or not. */
import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { WORKER_KINDS } from '../protocol/states.ts';
import { messageOf } from '../protocol/errors.ts';
import { RESOURCE_FIELDS } from '../protocol/event.ts';
import { VERSION } from '../protocol/version.ts';
import { NvidiaSmi } from '../sampler/gpu.ts';
import { findGpus } from '../sampler/gpuPart.ts';
import { HostSampler, machineParts } from '../sampler/hostSampler.ts';
import { AgentLink, say } from './agentLink.ts';
import { choiceOption, integerOption, invalidOption, parseOptions } from './options.ts';

export const usage =
  'agent --worker-id ID [--kind cpu|gpu|hybrid] [--interval SECONDS] [--label NAME=VALUE ...] [--data-dir D]';

const OPTIONS = {
  'worker-id': { type: 'string' },
  kind: { type: 'string' },
  interval: { type: 'string' },
  label: { type: 'string', multiple: true },
  'data-dir': { type: 'string' },
} as const;

const DEFAULT_SECONDS = 5;
const LONGEST_SECONDS = 3600;
const LONGEST_ID = 256;
/** The goodbye of a worker whose service hangs. */
const LAST_WORDS_MS = 2500;

/** Reports until SIGTERM or SIGINT; 0 then. */
export async function agent(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, OPTIONS);
  const worker_id = workerIdOf(values['worker-id']);
  const wanted = choiceOption('kind', values.kind, WORKER_KINDS);
  const range: [number, number] = [1, LONGEST_SECONDS];
  const seconds = integerOption('interval', values.interval, range) ?? DEFAULT_SECONDS;
  const labels = labelsOf(values.label ?? []);
  const link = new AgentLink(process.env, values['data-dir'], (url) =>
    console.error(
      `Reporting this machine as ${worker_id} to ${url} every ${seconds} s. Stop with Ctrl+C.`,
    ),
  );
  const stopped = stopSignal();
  const kind = wanted ?? (await kindOfMachine(stopped));
  if (stopped.aborted) return 0;
  const worker = { worker_id, kind, host: hostname(), source: 'pipescope-agent', labels };
  const event = (type: string, more: object = {}) => {
    return { type, id: randomUUID(), time: Date.now(), ...worker, ...more };
  };
  await report({ link, event, stopped, intervalMs: seconds * 1000 });
  await Promise.race([
    link.send(event('worker.stopped')),
    sleep(LAST_WORDS_MS, undefined, { ref: false }),
  ]);
  return 0;
}

function workerIdOf(text: string | undefined): string {
  if (text === undefined || text.trim() === '')
    throw invalidOption('agent needs --worker-id: the name that this machine gets as a worker');
  if (text.length > LONGEST_ID)
    throw invalidOption(`--worker-id takes at most ${LONGEST_ID} characters, not ${text.length}`);
  return text;
}

function labelsOf(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw invalidOption(`--label takes NAME=VALUE, not "${text}"`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** A machine with a GPU does both sorts of work. */
async function kindOfMachine(stopped: AbortSignal): Promise<string> {
  const nvidia = new NvidiaSmi();
  stopped.addEventListener('abort', () => nvidia.close());
  try {
    return (await findGpus(nvidia)).length > 0 ? 'hybrid' : 'cpu';
  } catch (error) {
    if (!stopped.aborted)
      say(`${messageOf(error).replace(/\.$/, '')}. Taking this machine for one without a GPU.`);
    return 'cpu';
  }
}

interface Report {
  link: AgentLink;
  event: (type: string, more?: object) => object;
  stopped: AbortSignal;
  intervalMs: number;
}

async function report({ link, event, stopped, intervalMs }: Report): Promise<void> {
  const folder = process.cwd();
  const sampler = new HostSampler({
    // Its rhythm is ours: rates are averages from one heartbeat to the next.
    intervalMs: 0,
    sink: () => undefined,
    logger: { warn: say },
    dataDir: folder,
    parts: machineParts(folder),
  });
  const aborted = once(stopped);
  sampler.look();
  const facts = { cores: availableParallelism(), platform: process.platform, version: VERSION };
  let sending = link.register(event('worker.registered', { ...facts, ...measured(sampler) }));
  const begin = performance.now();
  for (let beats = 0; ;) {
    await Promise.race([sending, aborted]);
    // A report that took longer than the interval, or a machine that slept: the beats between are over.
    const behind = performance.now() - begin;
    beats = Math.max(beats + 1, Math.ceil(behind / intervalMs));
    await sleep(beats * intervalMs - behind, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) break;
    sampler.look();
    const { latencyMs: latency_ms } = link;
    const latency = latency_ms === null ? {} : { latency_ms: round(latency_ms) };
    sending = link.send(event('worker.heartbeat', { ...measured(sampler), ...latency }));
  }
  sampler.close();
}

/** What is known now, in the fields that workers have; what they have no field for is kept beside. */
function measured(sampler: HostSampler): Record<string, number> {
  const latest: Record<string, number | null> = sampler.latest();
  const values: [string, number | null | undefined][] = [
    ...RESOURCE_FIELDS.map((field): [string, number | null | undefined] => [field, latest[field]]),
    ['memory_total_mb', totalmem() / (1024 * 1024)],
    ['memory_percent', latest['host_memory_percent']],
    ['load_1', latest['host_load_1']],
    ['disk_free_mb', latest['host_disk_free_mb']],
    ['gpu_memory_percent', latest['host_gpu_memory_percent']],
    ['gpu_temperature_celsius', latest['host_gpu_temperature_celsius']],
    ['temperature_celsius', latest['host_temperature_celsius']],
  ];
  const known = values.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, round(value)] as const],
  );
  return Object.fromEntries(known);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Aborted by the first SIGTERM or SIGINT; a second one ends the process at once, as without us. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
