/** The recorded workflows, and what they hold, counted without any of the service's code. */
import { readFileSync, readdirSync } from 'node:fs';
import { wfFormatToEvents } from '../../../service/ingest/wfformat.ts';
import { corpus } from '../../support/corpus.ts';
import { DAY, HOUR, type RawEvent } from './support.ts';

interface Document {
  name: string;
  workflow: {
    specification: {
      tasks: {
        id: string;
        name: string;
        parents: string[];
        inputFiles?: string[];
        outputFiles?: string[];
      }[];
      files?: { id: string; sizeInBytes: number }[];
    };
    execution: {
      tasks: {
        id: string;
        runtimeInSeconds: number;
        readBytes?: number;
        writtenBytes?: number;
        avgCPU?: number;
        memoryInBytes?: number;
        machines?: string[];
      }[];
      machines: { nodeName: string; cpu?: { coreCount?: number } }[];
    };
  };
}

export interface KnownTask {
  id: string;
  phase: string;
  parents: string[];
  runtime_ms: number;
  worker: string;
  input_bytes: number;
  output_bytes: number;
  cpu_ms: number | null;
  memory_mb: number | null;
}

export interface Workflow {
  file: string;
  name: string;
  document: unknown;
  tasks: KnownTask[];
  machines: { nodeName: string; cpu?: { coreCount?: number } }[];
}

export function readWorkflows(): Workflow[] {
  return readdirSync(corpus('wfcommons'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => {
      const document = JSON.parse(readFileSync(corpus('wfcommons', file), 'utf8')) as Document;
      const { machines } = document.workflow.execution;
      return { file, name: document.name, document, tasks: knownTasks(document), machines };
    });
}

function knownTasks({ workflow: { specification, execution } }: Document): KnownTask[] {
  const size = new Map((specification.files ?? []).map((one) => [one.id, one.sizeInBytes]));
  const total = (files: string[] = []) => files.reduce((sum, id) => sum + (size.get(id) ?? 0), 0);
  const ran = new Map(execution.tasks.map((task) => [task.id, task]));
  return specification.tasks.map((task) => {
    const run = ran.get(task.id);
    if (!run) throw new Error(`${task.id} never ran.`);
    const runtime_ms = run.runtimeInSeconds * 1000;
    return {
      ...{ id: task.id, phase: kindOf(task.name), parents: task.parents, runtime_ms },
      worker: run.machines?.[0] ?? execution.machines[0]?.nodeName ?? '',
      input_bytes: run.readBytes ?? total(task.inputFiles),
      output_bytes: run.writtenBytes ?? total(task.outputFiles),
      cpu_ms: run.avgCPU === undefined ? null : (runtime_ms * run.avgCPU) / 100,
      memory_mb: run.memoryInBytes === undefined ? null : run.memoryInBytes / 1_048_576,
    };
  });
}

/** `mProject_ID0000002` and `blastall_00000002` are one of many. */
function kindOf(name: string): string {
  const at = name.lastIndexOf('_');
  const isNumber = at > 0 && /^(ID)?[0-9]+$/.test(name.slice(at + 1));
  return isNumber ? name.slice(0, at) : name;
}

/** Phases that tasks of others wait for: "before>after". */
export function edgesOf(tasks: readonly KnownTask[]): Set<string> {
  const phase = new Map(tasks.map((task) => [task.id, task.phase]));
  const edges = new Set<string>();
  for (const task of tasks)
    for (const parent of task.parents)
      if (phase.get(parent) !== task.phase) edges.add(`${phase.get(parent)}>${task.phase}`);
  return edges;
}

/** Whether a walk along the edges comes back to where it began: what is left when all ends are cut off. */
export function isCyclic(edges: ReadonlySet<string>): boolean {
  let left = [...edges].map((edge) => edge.split('>') as [string, string]);
  for (;;) {
    const begins = new Set(left.map(([before]) => before));
    const kept = left.filter(([, after]) => begins.has(after));
    if (kept.length === left.length) return kept.length > 0;
    left = kept;
  }
}

/** The longest way through the tasks, in milliseconds: no schedule is shorter. */
export function longestPath(tasks: readonly KnownTask[]): number {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ends = new Map<string, number>();
  const endOf = (id: string): number => {
    const held = ends.get(id);
    if (held !== undefined) return held;
    const task = byId.get(id);
    if (!task) return 0;
    const end = Math.max(0, ...task.parents.map(endOf)) + task.runtime_ms;
    ends.set(id, end);
    return end;
  };
  return Math.max(...tasks.map(({ id }) => endOf(id)));
}

export interface Recorded {
  workflow: Workflow;
  job_id: string;
  pipeline: string;
  events: RawEvent[];
}

/** 23:00 of yesterday (UTC): all of a run of 15 hours is in one day. */
export const END = Math.floor(Date.now() / DAY) * DAY - HOUR;
export const BEGIN_OF_DAY = END + HOUR - DAY;

/** The events of each workflow, moved in time as a whole so that its run ended at END. */
export function recordedRuns(): Recorded[] {
  return readWorkflows().map((workflow) => {
    const events = wfFormatToEvents(workflow.document, END);
    const offset = END - Math.max(...events.map(({ time }) => time));
    const started = events.find(({ type }) => type === 'job.started');
    return {
      workflow,
      job_id: String(started?.['job_id']),
      pipeline: String(started?.['pipeline']),
      events: events.map((event) => ({ ...event, time: event.time + offset })),
    };
  });
}
