/** Runs of Nextflow with real times: whole ones, and what each did with one sample or one method. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trace, TracePhase } from './trace.ts';

interface Row {
  process: string;
  tag: string;
  submit: number;
  start: number;
  end: number;
}

const WHOLE = [
  ['hlatyping', 'wfcommons-2021/execution_trace.txt'],
  ['methylseq', 'wfcommons-2021/execution_trace.txt.3'],
  ['ampliseq', 'wfcommons-2021/execution_trace.txt.8'],
  ['openproblems', 'openproblems/2021-03-04-217tasks-8failed/execution_trace.txt'],
  ['openproblems', 'openproblems/2022-05-13-864tasks-12failed/execution_trace.txt'],
] as const;

export function nextflowTraces(corpora: string): Trace[] {
  const traces: Trace[] = [];
  for (const [pipeline, file] of WHOLE) {
    const path = join(corpora, 'nextflow', file);
    if (!existsSync(path)) continue;
    const rows = readRows(path);
    traces.push(whole(pipeline, rows));
    if (pipeline === 'methylseq' || pipeline === 'ampliseq')
      traces.push(...samples(pipeline, rows));
    if (pipeline === 'openproblems') traces.push(...methods(rows));
  }
  return traces;
}

function readRows(path: string): Row[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split('\t');
  return lines.flatMap((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const submit = Date.parse(`${cell('submit').replace(' ', 'T')}Z`);
    const took = msOf(cell('duration'));
    if (cell('status') !== 'COMPLETED' || Number.isNaN(submit) || took === null) return [];
    const [, process = '', tag = ''] = /^(\S+)(?: \((.*)\))?$/.exec(cell('name')) ?? [];
    const end = submit + took;
    return [
      { process, tag, submit, start: end - Math.min(took, msOf(cell('realtime')) ?? took), end },
    ];
  });
}

/** "7m 8s", "13.9s", "366ms" as milliseconds. */
export function msOf(text: string): number | null {
  const units: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  let sum: number | null = null;
  for (const [, value, unit] of text.matchAll(/([\d.]+)(ms|d|h|m|s)/g))
    sum = (sum ?? 0) + Number(value) * (units[unit ?? ''] ?? 0);
  return sum;
}

/** A phase a process. How many tasks one has is not known before. */
function whole(pipeline: string, rows: readonly Row[]): Trace {
  const phases = grouped(rows, ({ process }) => process).map(([id, all]) => phaseOf(id, all));
  return trace('nextflow, whole runs', { pipeline, name: pipeline }, phases, rows);
}

function samples(pipeline: string, rows: readonly Row[]): Trace[] {
  const own = rows.filter(({ tag }) => tag !== '' && !/^\d+$/.test(tag));
  const perSample = grouped(own, ({ tag }) => tag).filter(([, all]) => all.length > 1);
  return perSample.map(([tag, all]) => {
    const phases = grouped(all, ({ process }) => process).map(([id, some]) => phaseOf(id, some));
    return trace('nextflow, samples', { pipeline: `${pipeline} sample`, name: tag }, phases, all);
  });
}

/** What became of one method on one data set: it runs, then its metrics do. */
function methods(rows: readonly Row[]): Trace[] {
  const traces: Trace[] = [];
  for (const method of rows.filter(({ process }) => process === 'run_method')) {
    const [task = '', name = ''] = method.tag.split(':');
    const suffix = `-${name}`;
    const metrics = rows.filter(({ process, tag }) => {
      const [its, called = ''] = tag.split(':');
      return process === 'run_metric' && its === task && called.endsWith(suffix);
    });
    if (metrics.length === 0) continue;
    const own = metrics.map((row) => {
      const metric = row.tag.split(':')[1]?.slice(0, -suffix.length) ?? '';
      return phaseOf(metric, [row], ['run_method']);
    });
    // The two recordings are 14 months apart, on other machines with another queue.
    const year = new Date(method.submit).getUTCFullYear();
    const pipeline = `openproblems ${year} ${task}:${name.split('-')[0] ?? ''}`;
    const phases = [phaseOf('run_method', [method]), ...own];
    traces.push(trace('nextflow, methods', { pipeline, name }, phases, [method, ...metrics]));
  }
  return traces;
}

function phaseOf(id: string, rows: readonly Row[], after: string[] = []): TracePhase {
  const start = Math.min(...rows.map((row) => row.start));
  const end = Math.max(...rows.map((row) => row.end));
  return { id, start, end, after, size: null, tasks: [] };
}

function trace(
  set: string,
  named: { pipeline: string; name: string },
  phases: TracePhase[],
  rows: readonly Row[],
): Trace {
  phases.sort((a, b) => a.start - b.start);
  const begin = Math.min(...rows.map(({ submit }) => submit));
  const end = Math.max(...phases.map((phase) => phase.end));
  return { set, ...named, begin, end, size: null, planned: false, phases, progress: [] };
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const held = groups.get(key);
    if (held) held.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
