/**
 * Bottlenecks under real load: programs that are held back by one thing, as phases of jobs that are reported by HTTP to a
 * real service with its real sampler; then the healthy example, in which nothing is to be found.
 *   node --import tsx bench/analysis/bottlenecks.ts [--rounds 2] [--healthy-minutes 30] [--only own,IPC] [--seconds 12]
 * Needs `npm run build`. On a machine that does other work as well, that work is found too.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Finding } from '../../service/protocol/finding.ts';
import { type Running, startService } from '../processes.ts';
import { type Load, commandOf, loadsOf, removeCgroup } from './bottlenecks/loads.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string' },
    'healthy-minutes': { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
  },
});
const numberOr = (value: unknown, fallback: number): number =>
  typeof value === 'string' ? Number(value) : fallback;
const ROUNDS = numberOr(values['rounds'], 2);
const HEALTHY_MINUTES = numberOr(values['healthy-minutes'], 30);
const SECONDS = Math.min(20, numberOr(values['seconds'], 12));
const ONLY = typeof values['only'] === 'string' ? values['only'].split(',') : [];

const FOUND_MS = 5000;
const POLL_MS = 200;
/** What is still open from before: at most so long is waited for its end. */
const QUIET_MS = 15_000;
const EXAMPLE_SECONDS = 28;

interface Outcome {
  load: Load;
  /** The first finding after the start; null: none. */
  first: Finding | null;
  /** Milliseconds from the start until it was noticed. */
  after_ms: number | null;
  /** Its class, and its worker where one is to be named. */
  right: boolean;
  /** The job and phase of the load were named. */
  named: boolean;
  others: string[];
}

async function findings(service: Running): Promise<Finding[]> {
  const response = await fetch(`${service.url}/api/v1/findings?kind=bottleneck&limit=1000`, {
    headers: { authorization: `Bearer ${service.token}` },
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { findings: Finding[] }).findings;
}

/** Waits until nothing is open. False where something stays: others use this machine. */
async function quiet(service: Running): Promise<boolean> {
  const until = Date.now() + QUIET_MS;
  while (Date.now() < until) {
    if ((await findings(service)).every((one) => one.until !== null)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function measure(service: Running, load: Load, job_id: string): Promise<Outcome> {
  const before = new Set((await findings(service)).map(({ finding_id }) => finding_id));
  const [command, args] = commandOf(load);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PIPESCOPE_URL: service.url, PIPESCOPE_TOKEN: service.token },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const about = { job_id, phase_id: 'work' };
  await service.say([
    { type: 'job.started', job_id, pipeline: 'bench', pid: child.pid },
    { type: 'phase.started', ...about },
  ]);
  const began = load.saysBegin ? await saysBegin(child) : Date.now();
  await exited;
  await service.say([
    { type: 'phase.completed', ...about },
    { type: 'job.completed', job_id },
  ]);
  const found = (await findings(service))
    .filter((one) => !before.has(one.finding_id) && Date.parse(one.noticed_at) >= began - POLL_MS)
    .sort((a, b) => Date.parse(a.noticed_at) - Date.parse(b.noticed_at));
  return outcomeOf(load, { found, began, job_id });
}

interface Seen {
  found: Finding[];
  /** Epoch milliseconds. */
  began: number;
  job_id: string;
}

function outcomeOf(load: Load, { found, began, job_id }: Seen): Outcome {
  const [first = null] = found;
  return {
    load,
    first,
    after_ms: first && Math.max(0, Date.parse(first.noticed_at) - began),
    right:
      first?.class === load.kind && (load.worker === undefined || first.worker_id === load.worker),
    named: first?.job_id === job_id && first.phase_id === 'work',
    others: found.slice(1).map((one) => one.class),
  };
}

function saysBegin(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (!stdout) throw new Error('The load has no output.');
  return new Promise((resolve) => {
    createInterface({ input: stdout }).once('line', () => resolve(Date.now()));
    child.once('exit', () => resolve(Date.now()));
  });
}

/** Runs the example again and again; how many findings began in that time. */
async function healthy(service: Running, minutes: number): Promise<Finding[]> {
  const example = join(import.meta.dirname, '../../dist/examples/document-pipeline/main.mjs');
  const before = new Set((await findings(service)).map(({ finding_id }) => finding_id));
  const until = Date.now() + minutes * 60_000;
  const out = mkdtempSync(join(tmpdir(), 'pipescope-bench-example-'));
  try {
    while (Date.now() < until) {
      const args = [example, '--quiet', '--out', out, '--seconds', String(EXAMPLE_SECONDS)];
      const child = spawn(process.execPath, args, {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, PIPESCOPE_URL: service.url, PIPESCOPE_TOKEN: service.token },
      });
      await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return (await findings(service)).filter((one) => !before.has(one.finding_id));
}

export async function run(): Promise<TopicResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pipescope-bench-bottlenecks-'));
  const service = await startService(dataDir);
  const notes = new Set<string>();
  const outcomes: Outcome[] = [];
  try {
    await sleep(3000);
    for (let round = 1; round <= ROUNDS; round++) {
      const { loads, missing } = loadsOf(SECONDS, round);
      for (const what of missing) notes.add(`Left out: ${what}.`);
      for (const load of loads.filter(isWanted)) {
        if (!(await quiet(service)))
          notes.add('Other work on this machine was found as well: it was not quiet.');
        const at = load.args.indexOf(String(SECONDS));
        const job_id = load.args[at + 1]?.startsWith('tasks-')
          ? (load.args[at + 1] ?? '')
          : `load-${round}-${outcomes.length}`;
        const outcome = await measure(service, load, job_id);
        outcomes.push(outcome);
        console.error(lineOf(outcome));
      }
    }
    if (HEALTHY_MINUTES > 0) {
      await quiet(service);
      const found = await healthy(service, HEALTHY_MINUTES);
      for (const one of found) console.error(`healthy: ${one.class}: ${one.sentence}`);
      notes.add(
        `The healthy example, run again and again for ${HEALTHY_MINUTES} minutes: ${found.length} found (at most 1 in 30 minutes is aimed at).`,
      );
    }
  } finally {
    removeCgroup();
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return resultOf(outcomes, [...notes]);
}

function isWanted({ name, kind }: Load): boolean {
  return ONLY.length === 0 || ONLY.some((word) => name.includes(word) || kind === word);
}

function lineOf({ load, first, after_ms, right, named, others }: Outcome): string {
  const said = first === null ? 'nothing' : `${first.class} after ${after_ms ?? 0} ms`;
  return `${right ? 'ok ' : 'NO '} ${load.kind} (${load.name}): ${said}, ${named ? 'named' : 'not named'}, then [${others.join(' ')}] ${first?.sentence ?? ''}`;
}

function resultOf(outcomes: readonly Outcome[], notes: string[]): TopicResult {
  const names = [...new Set(outcomes.map(({ load }) => `${load.kind}|${load.name}`))];
  const rows = names.map((key) => {
    const all = outcomes.filter(({ load }) => `${load.kind}|${load.name}` === key);
    const [kind = '', name = ''] = key.split('|');
    return [name, kind, ...figuresOf(all)];
  });
  return {
    title: `Real load of ${SECONDS} s each, ${ROUNDS} times, found by a running service from its own sampling. "Right" is the class of the first finding after the start (and the worker, where one is slow); "in time" is 5 s after the start or earlier.`,
    columns: ['load', 'class', 'right', 'in time', 'slowest', 'job and phase named'],
    rows: [...rows, ['all', '', ...figuresOf(outcomes)]],
    notes,
  };
}

function figuresOf(all: readonly Outcome[]): string[] {
  const share = (count: number): string => `${count} of ${all.length}`;
  const times = all.flatMap(({ after_ms }) => (after_ms === null ? [] : [after_ms]));
  return [
    share(all.filter(({ right }) => right).length),
    share(all.filter(({ right, after_ms }) => right && (after_ms ?? Infinity) <= FOUND_MS).length),
    times.length === 0 ? '-' : `${(Math.max(...times) / 1000).toFixed(1)} s`,
    share(all.filter(({ named }) => named).length),
  ];
}

await printWhenStarted(import.meta.url, run);
