/**
 * Runs in WfFormat: real run times and dependencies, but no times of day. Whole runs are laid out again by list scheduling
 * with as many places as bring the whole to the recorded makespan; what is done with one sample, a chain of tasks that only
 * wait for each other, one task after the other.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from './nextflow.ts';
import type { Trace, TracePhase } from './trace.ts';

interface Task {
  id: string;
  type: string;
  ms: number;
  bytes: number;
  parents: string[];
  children: string[];
}

interface Instance {
  specification: {
    tasks: {
      id: string;
      name: string;
      parents: string[];
      children: string[];
      inputFiles?: string[];
    }[];
    files?: { id: string; sizeInBytes: number }[];
  };
  execution: { makespanInSeconds: number; tasks: { id: string; runtimeInSeconds: number }[] };
}

/** Of tasks that come alone there are up to thousands of one kind: so many of each are looked at. */
const MOST_CHAINS = 15;
const LEAST_CHAINS = 4;
const LEAST_MS = 1000;

export function wfcommonsTraces(corpora: string): Trace[] {
  const folder = join(corpora, 'wfcommons');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file, at) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const { workflow } = JSON.parse(text) as { workflow: Instance };
      const name = (file.split('/').at(-1) ?? file).replace('.json', '');
      const tasks = tasksOf(workflow);
      const at0 = Date.UTC(2020, 0, 1) + at * 86_400_000 * 30;
      return [
        ...whole(name, tasks, { begin: at0, ms: workflow.execution.makespanInSeconds * 1000 }),
        ...chains(name, tasks, at0),
      ];
    });
}

function tasksOf({ specification, execution }: Instance): Task[] {
  const ran = new Map(execution.tasks.map((task) => [task.id, task.runtimeInSeconds * 1000]));
  const bytes = new Map(specification.files?.map((file) => [file.id, file.sizeInBytes]));
  return specification.tasks.map(({ id, name, parents, children, inputFiles = [] }) => ({
    ...{ id, parents, children },
    type: name.replace(/[-_](ID)?\d{3,}$/, '').replace(/_\d+$/, ''),
    ms: Math.max(1, ran.get(id) ?? 0),
    bytes: inputFiles.reduce((sum, file) => sum + (bytes.get(file) ?? 0), 0),
  }));
}

interface Placed {
  task: Task;
  start: number;
  end: number;
}

function whole(
  name: string,
  tasks: readonly Task[],
  { begin, ms }: { begin: number; ms: number },
): Trace[] {
  if (tasks.length < 10) return [];
  const placed = laidOut(tasks, ms);
  const typeOf = new Map(tasks.map(({ id, type }) => [id, type]));
  const phases = grouped(placed, ({ task }) => task.type).map(([type, all]): TracePhase => {
    const needs = new Set(
      all.flatMap(({ task }) => task.parents.map((id) => typeOf.get(id) ?? '')),
    );
    needs.delete(type);
    return {
      ...{ id: type, after: [...needs], size: all.length },
      start: begin + Math.min(...all.map(({ start }) => start)),
      end: begin + Math.max(...all.map(({ end }) => end)),
      tasks: all.map(({ end }) => begin + end).sort((a, b) => a - b),
    };
  });
  const ends = placed.map(({ end }) => begin + end).sort((a, b) => a - b);
  const progress = ends.map((time, at) => ({ time, share: (at + 1) / ends.length }));
  return [
    {
      ...{ set: 'wfcommons, whole runs', pipeline: name.split('-')[0] ?? name, name, begin },
      ...{ end: ends.at(-1) ?? begin, size: tasks.length, planned: true, phases, progress },
    },
  ];
}

function laidOut(tasks: readonly Task[], wanted: number): Placed[] {
  let best: { placed: Placed[]; off: number } | null = null;
  for (let places = 1; places <= 256; places = Math.ceil(places * 1.25)) {
    const placed = schedule(tasks, places);
    const off = Math.abs(Math.max(...placed.map(({ end }) => end)) - wanted);
    if (best === null || off < best.off) best = { placed, off };
  }
  return best?.placed ?? [];
}

function schedule(tasks: readonly Task[], places: number): Placed[] {
  const free = new Array<number>(places).fill(0);
  const ends = new Map<string, number>();
  const open = new Map(tasks.map((task) => [task.id, task.parents.length]));
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ready = tasks
    .filter(({ parents }) => parents.length === 0)
    .map((task) => ({ task, at: 0 }));
  const placed: Placed[] = [];
  while (ready.length > 0) {
    const slot = free.indexOf(Math.min(...free));
    const next = ready.reduce((least, one) => (one.at < least.at ? one : least));
    ready.splice(ready.indexOf(next), 1);
    const start = Math.max(next.at, free[slot] ?? 0);
    const end = start + next.task.ms;
    free[slot] = end;
    ends.set(next.task.id, end);
    placed.push({ task: next.task, start, end });
    for (const id of next.task.children) {
      const left = (open.get(id) ?? 1) - 1;
      open.set(id, left);
      const task = byId.get(id);
      if (left !== 0 || task === undefined) continue;
      ready.push({ task, at: Math.max(...task.parents.map((parent) => ends.get(parent) ?? 0)) });
    }
  }
  return placed;
}

/** Runs of tasks that each wait for the one before alone: what a pipeline does with one sample. */
function chains(name: string, tasks: readonly Task[], begin: number): Trace[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const isHead = ({ parents }: Task) =>
    parents.length !== 1 || (byId.get(parents[0] ?? '')?.children.length ?? 0) !== 1;
  const found = tasks.filter(isHead).map((head) => {
    const chain = [head];
    for (let task = head; task.children.length === 1;) {
      const next = byId.get(task.children[0] ?? '');
      if (next?.parents.length !== 1) break;
      chain.push(next);
      task = next;
    }
    return chain;
  });
  const long = found.filter((chain) => chain.reduce((sum, { ms }) => sum + ms, 0) >= LEAST_MS);
  const kinds = grouped(long, (chain) => chain.map(({ type }) => type).join('>'));
  let at = begin;
  return kinds
    .filter(([, all]) => all.length >= LEAST_CHAINS)
    .flatMap(([kind, all]) =>
      all.slice(0, MOST_CHAINS).map((chain, place): Trace => {
        const trace = chainTrace({ name, kind, place }, chain, at);
        at = trace.end + 1000;
        return trace;
      }),
    );
}

function chainTrace(
  { name, kind, place }: { name: string; kind: string; place: number },
  chain: readonly Task[],
  begin: number,
): Trace {
  let at = begin;
  const phases = chain.map(({ type, ms, bytes }, index): TracePhase => {
    const start = at;
    at += ms;
    const after = index === 0 ? [] : [chain[index - 1]?.type ?? ''];
    return { id: type, start, end: at, after, size: bytes || null, tasks: [] };
  });
  const set = chain.length > 1 ? 'wfcommons, samples' : 'wfcommons, single tasks';
  return {
    ...{ set, pipeline: `${name} ${kind}`, name: `${kind} ${place}`, begin, end: at },
    ...{ size: chain[0]?.bytes || null, planned: true, phases, progress: [] },
  };
}
