/** Recorded runs of GitHub Actions, Bazel and Snakemake with real times. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Trace, TracePhase } from './trace.ts';

interface GitHubJobs {
  jobs?: {
    name: string;
    started_at: string;
    completed_at: string;
    steps: { name: string; started_at: string; completed_at: string }[];
  }[];
}

export function gitHubTraces(corpora: string): Trace[] {
  const folder = join(corpora, 'github-actions', 'api-recorded');
  if (!existsSync(folder)) return [];
  const traces: Trace[] = [];
  for (const file of readdirSync(folder)) {
    const { jobs = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as GitHubJobs;
    for (const job of jobs) {
      const [begin, end] = [Date.parse(job.started_at), Date.parse(job.completed_at)];
      const phases = job.steps.map(({ name, started_at, completed_at }) =>
        phase(name, Date.parse(started_at), Date.parse(completed_at)),
      );
      const named = { set: 'GitHub Actions', pipeline: job.name, name: file };
      traces.push({ ...named, begin, end, size: null, planned: false, phases, progress: [] });
    }
  }
  return traces;
}

interface BazelLine {
  id?: { testResult?: { label?: string } };
  testResult?: { testAttemptStart?: string; testAttemptDurationMillis?: string };
}

/** The tests of a build: all of them were announced before. The three recordings hold the same tests: one is read. */
export function bazelTraces(corpora: string): Trace[] {
  const path = join(corpora, 'bazel-bep', 'nextjs_test.bep.ndjson');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const phases = lines.flatMap((line): TracePhase[] => {
    const { id, testResult } = JSON.parse(line) as BazelLine;
    const start = Date.parse(testResult?.testAttemptStart ?? '');
    const ms = Number(testResult?.testAttemptDurationMillis);
    if (Number.isNaN(start) || Number.isNaN(ms)) return [];
    return [phase(id?.testResult?.label ?? '', start, start + ms)];
  });
  const begin = Math.min(...phases.map(({ start }) => start));
  const end = Math.max(...phases.map((one) => one.end));
  const named = { set: 'Bazel', pipeline: 'nextjs tests', name: 'nextjs_test' };
  return [{ ...named, begin, end, size: null, planned: true, phases, progress: [] }];
}

/** Runs of at least so many steps: of fewer, no share is told between begin and end. */
const LEAST_STEPS = 5;

/** Snakemake says "done n of m" and no more. */
export function snakemakeTraces(corpora: string): Trace[] {
  const folder = join(corpora, 'snakemake', 'wms-recordings');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file): Trace[] => {
    if (!file.endsWith('.ndjson')) return [];
    const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
    const said = lines.map((line) => JSON.parse(line) as { recv_ms: number; body?: string });
    const progress = said.flatMap(({ recv_ms, body }) => {
      const text = new URLSearchParams(body ?? '').get('msg') ?? '';
      if (!text.includes('"progress"')) return [];
      const { done, total } = JSON.parse(text) as { done: number; total: number };
      return total >= LEAST_STEPS ? [{ time: recv_ms, share: done / total }] : [];
    });
    const last = progress.at(-1);
    const first = said.find(({ body }) => body?.includes('run_info'))?.recv_ms;
    if (last?.share !== 1 || first === undefined) return [];
    const name = file.replace('.ndjson', '');
    const named = { set: 'Snakemake', pipeline: name, name };
    const whole = { begin: first, end: last.time, size: null, planned: false };
    return [{ ...named, ...whole, phases: [], progress }];
  });
}

function phase(id: string, start: number, end: number): TracePhase {
  return { id, start, end: Math.max(start, end), after: [], size: null, tasks: [] };
}
