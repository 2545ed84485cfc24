/**
 * Proposals: the example pipeline with fixed numbers of workers at once, and with wrong ones at the start while the
 * service changes them by itself. Needs a build; takes just below five minutes.
 *   node --import tsx bench/analysis/proposals.ts
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OptimizationRecord } from '../../service/protocol/optimization.ts';
import { type Running, startService } from '../processes.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

const root = join(import.meta.dirname, '../..');
const EXAMPLE = join(root, 'dist/examples/document-pipeline/main.mjs');
const WORKERS = 8;
const FIXED = [1, 2, 4, 8];
const FIXED_SECONDS = 20;
const TUNED_SECONDS = 100;
/** The end of the heavy phase, where nothing else runs and nothing is tried any more. */
const LAST_MS = 6000;
const SETTINGS = 'optimizer:\n  auto: true\n  window_ms: 6000\n  cooldown_ms: 1000\n';

interface Look {
  at: number;
  items: number;
}

/** Items a second at the end of the heavy phase, and what was changed until then. */
async function runOf(
  service: Running,
  {
    job,
    concurrency,
    seconds,
    listens,
  }: { job: string; concurrency: number; seconds: number; listens: boolean },
): Promise<{ rate: number; values: unknown[] }> {
  const headers = { authorization: `Bearer ${service.token}` };
  const get = async <T>(path: string): Promise<T | null> => {
    const response = await fetch(`${service.url}${path}`, { headers });
    return response.ok ? ((await response.json()) as T) : null;
  };
  const sizes = ['--workers', String(WORKERS), '--concurrency', String(concurrency)];
  const child = spawn(
    process.execPath,
    [EXAMPLE, '--quiet', '--job', job, '--seconds', String(seconds), ...sizes, '--root', root],
    {
      stdio: 'ignore',
      env: { ...process.env, PIPESCOPE_URL: service.url, PIPESCOPE_TOKEN: service.token },
    },
  );
  const looks: Look[] = [];
  while (child.exitCode === null && child.signalCode === null) {
    await sleep(500);
    const path = `/api/v1/monitoring/jobs/${job}/phases/P06`;
    const phase = await get<{ status: string; items_done: number | null }>(path);
    if (phase?.status !== 'RUNNING' || phase.items_done === null) continue;
    looks.push({ at: performance.now(), items: phase.items_done });
  }
  const found = await get<{ optimizations: OptimizationRecord[] }>(
    `/api/v1/optimizations?job_id=${job}`,
  );
  const made = (found?.optimizations ?? [])
    .filter(({ outcome }) => outcome === 'applied')
    .reverse();
  return {
    rate: lastRate(looks),
    values: listens ? made.map(({ parameter, to }) => `${parameter ?? ''} ${String(to)}`) : [],
  };
}

function lastRate(looks: readonly Look[]): number {
  const last = looks.at(-1);
  const first = looks.find(({ at }) => last !== undefined && last.at - at <= LAST_MS);
  if (!first || !last || last.at === first.at) return Number.NaN;
  return ((last.items - first.items) * 1000) / (last.at - first.at);
}

async function withService<T>(auto: boolean, work: (service: Running) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pipescope-proposals-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, auto ? SETTINGS : '{}\n');
  process.env['PIPESCOPE_CONFIG'] = file;
  const service = await startService(join(folder, 'data'));
  try {
    return await work(service);
  } finally {
    await service.stop();
    delete process.env['PIPESCOPE_CONFIG'];
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run(): Promise<TopicResult> {
  const rows: (string | number)[][] = [];
  const fixed = new Map<number, number>();
  await withService(false, async (service) => {
    for (const concurrency of FIXED) {
      const job = `fixed-${concurrency}`;
      const { rate } = await runOf(service, {
        job,
        concurrency,
        seconds: FIXED_SECONDS,
        listens: false,
      });
      fixed.set(concurrency, rate);
    }
  });
  const best = Math.max(...[...fixed.values()].filter(Number.isFinite));
  const share = (rate: number) => `${Math.round((rate / best) * 100)} %`;
  for (const [concurrency, rate] of fixed)
    rows.push([`fixed at ${concurrency}`, Math.round(rate), share(rate), '']);
  await withService(true, async (service) => {
    for (const concurrency of [1, WORKERS]) {
      const job = `tuned-${concurrency}`;
      const { rate, values } = await runOf(service, {
        job,
        concurrency,
        seconds: TUNED_SECONDS,
        listens: true,
      });
      rows.push([
        `started at ${concurrency}, by itself`,
        Math.round(rate),
        share(rate),
        values.join(', '),
      ]);
    }
  });
  return {
    title: `The clustering of the example pipeline with ${WORKERS} workers: wanted are 90 % of the best fixed setting.`,
    columns: ['workers at once', 'sections a second', 'of the best', 'changes that were applied'],
    rows,
    notes: [
      `The rates are those of the last ${LAST_MS / 1000} s of the phase. The best setting is that of the same run; nothing is known of it while it is searched.`,
      'Other work on the machine moves the numbers: run it alone.',
    ],
  };
}

await printWhenStarted(import.meta.url, run);
