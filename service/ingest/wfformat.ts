/**
 * WfCommons WfFormat 1.5: a recorded workflow as one job, with a phase for each kind of task and a worker for each
 * machine. The format has no start times: they are reconstructed, and the job is labelled so.
 */
import { type Executed, type Specified, type WfDocument, checked, invalid } from './wfDocument.ts';
import { type Slot, type WfTask, reconstructSchedule } from './wfSchedule.ts';

/** One task with all that is known of it. */
interface Task {
  id: string;
  phase: string;
  slot: Slot;
  runtime_ms: number;
  worker: string;
  executed: Executed;
  input_bytes: number;
  output_bytes: number;
}

const latestEnd = (latest: number, { slot }: Task) => Math.max(latest, slot.end);

type RawEvent = Record<string, unknown> & { type: string; time: number };

/**
 * The events of the document, in the order of their times, with ids of their own: importing it twice changes nothing.
 * Throws IMPORT_INVALID naming the field that is wrong. `now` (epoch ms) is the begin where the document has none.
 */
export function wfFormatToEvents(value: unknown, now: number): RawEvent[] {
  const document = checked(value);
  const tasks = tasksOf(document);
  const told = beginOf(document);
  const begin = told ?? now;
  // Recorded runs of different workflows share names such as "workflow-test".
  const job_id = `wf:${document.name}${told === null ? '' : `@${new Date(told).toISOString()}`}`;
  const end = tasks.reduce(latestEnd, 0) + begin;
  const events = [
    ...workerEvents(document, begin),
    jobStarted(document, { job_id, tasks, begin }),
    ...phaseEvents(job_id, tasks, begin),
    ...tasks.flatMap((task) => taskEvents(job_id, task, begin)),
    { type: 'job.completed', job_id, time: end },
    ...workerStops(document, tasks, end),
  ];
  // The last 90 characters tell names apart that only begin alike; an event id has at most 128.
  const prefix = job_id.slice(-90);
  return events
    .map((event, index) => ({ id: `${prefix}#${index}`, source: 'wfcommons', ...event }))
    .sort((a, b) => a.time - b.time);
}

function tasksOf(document: WfDocument): Task[] {
  const { specification, execution } = document.workflow;
  const executed = new Map(execution.tasks.map((task) => [task.id, task]));
  const cores = new Map(
    (execution.machines ?? []).map(({ nodeName, cpu }) => [nodeName, cpu?.coreCount ?? 1]),
  );
  const known = new Set(specification.tasks.map(({ id }) => id));
  const first = execution.machines?.[0]?.nodeName ?? 'unknown';
  const wanted = specification.tasks.map((task): WfTask => {
    const stranger = task.parents.find((parent) => !known.has(parent));
    if (stranger !== undefined)
      throw invalid(
        `Task "${task.id}" depends on "${stranger}", which is no task.`,
        '/workflow/specification/tasks',
      );
    const run = ran(executed, task.id);
    return {
      id: task.id,
      parents: task.parents,
      runtime_ms: run.runtimeInSeconds * 1000,
      cores: run.coreCount ?? 1,
      machine: run.machines?.[0] ?? first,
    };
  });
  const slots = reconstructSchedule(wanted, cores);
  const sizes = new Map(
    (specification.files ?? []).map(({ id, sizeInBytes }) => [id, sizeInBytes]),
  );
  return specification.tasks.map((task, index) => {
    const slot = slots.get(task.id);
    if (slot === undefined)
      throw invalid(
        `Task "${task.id}" waits for itself.`,
        `/workflow/specification/tasks/${index}/parents`,
      );
    const run = ran(executed, task.id);
    const worker = run.machines?.[0] ?? first;
    return {
      ...{
        id: task.id,
        phase: phaseOf(task),
        slot,
        runtime_ms: run.runtimeInSeconds * 1000,
        worker,
      },
      executed: run,
      input_bytes: run.readBytes ?? sum(task.inputFiles, sizes),
      output_bytes: run.writtenBytes ?? sum(task.outputFiles, sizes),
    };
  });
}

function ran(executed: ReadonlyMap<string, Executed>, id: string): Executed {
  const run = executed.get(id);
  if (run) return run;
  throw invalid(`Task "${id}" has no execution.`, '/workflow/execution/tasks');
}

function sum(files: readonly string[] | undefined, sizes: ReadonlyMap<string, number>): number {
  return (files ?? []).reduce((total, file) => total + (sizes.get(file) ?? 0), 0);
}

/** The task's name without the number that tells it from its like: `mProject_ID0000002` is one of `mProject`. */
function phaseOf({ name }: Specified): string {
  return name.replace(/_(ID)?\d+$/, '') || name;
}

function workerEvents({ workflow }: WfDocument, begin: number): RawEvent[] {
  const { machines = [] } = workflow.execution;
  return machines.map(({ nodeName, cpu }) => ({
    type: 'worker.registered',
    time: begin,
    worker_id: nodeName,
    kind: 'cpu',
    host: nodeName,
    ...(cpu?.coreCount !== undefined && { core_count: cpu.coreCount }),
  }));
}

/** A recorded machine is not one that is alive now. */
function workerStops({ workflow }: WfDocument, tasks: readonly Task[], time: number): RawEvent[] {
  const machines = (workflow.execution.machines ?? []).map(({ nodeName }) => nodeName);
  const workers = new Set([...machines, ...tasks.map(({ worker }) => worker)]);
  return [...workers].map((worker_id) => ({ type: 'worker.stopped', time, worker_id }));
}

function jobStarted(
  document: WfDocument,
  { job_id, tasks, begin }: { job_id: string; tasks: readonly Task[]; begin: number },
): RawEvent {
  const { name, runtimeSystem, workflow } = document;
  return {
    type: 'job.started',
    time: begin,
    job_id,
    name,
    // Without the number of the run, and its time where the name has it: `Cycles-20200413T031424Z-0`.
    pipeline: name.replace(/(-\d{8}T\d{6}Z)?(-\d+)?$/, '') || name,
    kind: 'workflow',
    items_total: tasks.length,
    phases: phasesOf(document, tasks),
    labels: {
      schedule: 'reconstructed',
      ...(runtimeSystem && { runtime_system: runtimeSystem.name }),
    },
    recorded_makespan_s: workflow.execution.makespanInSeconds ?? null,
  };
}

/** Phases in the order in which they begin, each after those whose tasks its own wait for. */
function phasesOf({ workflow }: WfDocument, tasks: readonly Task[]) {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const dependsOn = new Map<string, Set<string>>();
  const inOrder = [...tasks].sort((a, b) => a.slot.start - b.slot.start);
  for (const { phase } of inOrder) if (!dependsOn.has(phase)) dependsOn.set(phase, new Set());
  for (const { id, parents } of workflow.specification.tasks) {
    const phase = byId.get(id)?.phase ?? '';
    for (const parent of parents) {
      const before = byId.get(parent)?.phase;
      if (before !== undefined && before !== phase) dependsOn.get(phase)?.add(before);
    }
  }
  return [...dependsOn].map(([phase_id, before]) => ({
    phase_id,
    name: phase_id,
    depends_on: [...before],
  }));
}

function phaseEvents(job_id: string, tasks: readonly Task[], begin: number): RawEvent[] {
  const spans = new Map<string, { start: number; end: number; count: number }>();
  for (const { phase, slot } of tasks) {
    const span = spans.get(phase) ?? { start: Infinity, end: 0, count: 0 };
    span.start = Math.min(span.start, slot.start);
    span.end = Math.max(span.end, slot.end);
    span.count++;
    spans.set(phase, span);
  }
  return [...spans].flatMap(([phase_id, { start, end, count }]): RawEvent[] => [
    { type: 'phase.started', time: begin + start, job_id, phase_id, items_total: count },
    { type: 'phase.completed', time: begin + end, job_id, phase_id, items_done: count },
  ]);
}

function taskEvents(job_id: string, task: Task, begin: number): RawEvent[] {
  const { slot, executed, phase, worker, input_bytes, output_bytes, runtime_ms } = task;
  const about = {
    job_id,
    phase_id: phase,
    task_id: `${job_id}/${task.id}`.slice(-256),
    worker_id: worker,
    content_type: phase,
  };
  const cpu_ms = executed.avgCPU === undefined ? undefined : (runtime_ms * executed.avgCPU) / 100;
  const memory = executed.memoryInBytes;
  return [
    { type: 'task.submitted', time: begin + slot.ready, ...about, input_bytes },
    { type: 'task.started', time: begin + slot.start, ...about },
    {
      type: 'task.completed',
      time: begin + slot.end,
      ...about,
      output_bytes,
      ...(cpu_ms !== undefined && { cpu_ms }),
      ...(memory !== undefined && { memory_peak_mb: memory / (1024 * 1024) }),
    },
  ];
}

/**
 * Epoch milliseconds; null where the document has none. Recorded: RFC 3339, `20200403T154235+0000` and
 * `05-10-23T16:23:32Z` (month first).
 */
function beginOf({ workflow, createdAt }: WfDocument): number | null {
  for (const text of [workflow.execution.executedAt, createdAt]) {
    const time = Date.parse(normalized(text ?? ''));
    if (!Number.isNaN(time)) return time;
  }
  return null;
}

function normalized(text: string): string {
  return text
    .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)([+-]\d\d):?(\d\d)$/, '$1-$2-$3T$4:$5:$6$7:$8')
    .replace(/^(\d\d)-(\d\d)-(\d\d)T/, '20$3-$1-$2T');
}
