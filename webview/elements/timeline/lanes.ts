/** Tasks by the worker that did them: those that ran at once stand on tracks below each other. */
import type { TaskRecord } from '../../../service/protocol/domain.ts';
import type { TaskStatus } from '../../../service/protocol/states.ts';
import type { Occupancy, OccupancyLane } from '../../../service/protocol/occupancy.ts';

/** What is drawn and said of a task: tens of thousands are kept. Epoch milliseconds. */
export interface LaneTask {
  id: string;
  worker: string | null;
  phase: string | null;
  status: TaskStatus;
  submitted: number | null;
  start: number | null;
  /** Null while it is open. */
  end: number | null;
  retries: number;
  error: string | null;
  seq: number;
}

export function laneTask(task: TaskRecord): LaneTask {
  const end = parse(task.completed_at);
  return {
    ...{ id: task.task_id, worker: task.worker_id, phase: task.phase_id, status: task.status },
    ...{ submitted: parse(task.submitted_at), start: parse(task.started_at) ?? end, end },
    ...{ retries: task.retry_count, error: task.error?.message ?? null, seq: task.seq },
  };
}

function parse(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

export interface PlacedTask extends LaneTask {
  start: number;
  track: number;
}

export interface Lane {
  /** Null: tasks that no worker has taken. */
  worker: string | null;
  /** How many workers it stands for. */
  workers: number;
  tasks: number;
  failed: number;
  open: number;
  /** Those that started, by their start; none where only `bins` are known. */
  placed: readonly PlacedTask[];
  /** When tasks waited for it, joined. Epoch milliseconds. */
  waits: readonly { from: number; to: number }[];
  /** Tracks in use. */
  depth: number;
  bins: Bins | null;
}

export interface Bins {
  from: number;
  width: number;
  busy: readonly number[];
  waiting: readonly number[];
  failures: readonly number[];
}

/** More tracks in a row would be thinner than a line. */
const MOST_TRACKS = 10;

/** By worker, in the order of their names; what nobody has taken comes last. O(n log n). */
export function lanesOf(tasks: Iterable<LaneTask>, now: number): Lane[] {
  const groups = new Map<string | null, LaneTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.worker);
    if (group) group.push(task);
    else groups.set(task.worker, [task]);
  }
  return [...groups]
    .sort(([a], [b]) => byName(a, b))
    .map(([worker, all]) => laneOf(worker, all, now));
}

const NAMES = new Intl.Collator('en', { numeric: true });

function byName(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return NAMES.compare(a, b);
}

function laneOf(worker: string | null, all: readonly LaneTask[], now: number): Lane {
  const started = all.flatMap((task) =>
    task.start === null ? [] : [{ ...task, start: task.start }],
  );
  started.sort((a, b) => a.start - b.start);
  const placed = place(started, now);
  return {
    ...{ worker, workers: 1, tasks: all.length, placed, waits: waitsOf(all, now), bins: null },
    failed: all.filter(({ status }) => status === 'FAILED').length,
    open: all.filter(({ end }) => end === null).length,
    depth: placed.reduce((most, { track }) => Math.max(most, track + 1), 1),
  };
}

/** Each on the first track that is free; when all are taken, on the one that is free next. */
function place(tasks: readonly (LaneTask & { start: number })[], now: number): PlacedTask[] {
  const free: number[] = [];
  return tasks.map((task) => {
    let track = free.findIndex((end) => end <= task.start);
    if (track < 0)
      track = free.length < MOST_TRACKS ? free.length : free.indexOf(Math.min(...free));
    free[track] = Math.max(free[track] ?? 0, endOf(task, now));
    return { ...task, track };
  });
}

export function endOf(task: { start: number; end: number | null }, now: number): number {
  return Math.max(task.start, task.end ?? now);
}

function waitsOf(tasks: readonly LaneTask[], now: number): { from: number; to: number }[] {
  const spans = tasks.flatMap(({ submitted, start }) => {
    const to = start ?? now;
    return submitted === null || submitted >= to ? [] : [{ from: submitted, to }];
  });
  spans.sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** The same from an answer that only counts: for jobs with more tasks than can be drawn one by one. */
export function countedLanes({ lanes, others, from, bin_ms }: Occupancy): Lane[] {
  const counted = (
    lane: Omit<OccupancyLane, 'worker_id'>,
    worker: string | null,
    workers: number,
  ): Lane => ({
    ...{ worker, workers, tasks: lane.tasks, failed: lane.failed, open: lane.open },
    ...{ placed: [], waits: [], depth: Math.max(1, ...lane.busy) },
    bins: {
      ...{ from: Date.parse(from), width: bin_ms, busy: lane.busy },
      ...{ waiting: lane.waiting, failures: lane.failures },
    },
  });
  const own = lanes.map((lane) => counted(lane, lane.worker_id, 1));
  own.sort((a, b) => byName(a.worker, b.worker));
  return others === null ? own : [...own, counted(others, null, others.workers)];
}

/** The task at a time on a track of a lane; the latest that began where several do. */
export function taskAt(
  { placed }: Lane,
  time: number,
  track: number | null,
  now: number,
): PlacedTask | undefined {
  for (let at = firstAfter(placed, time) - 1; at >= 0; at--) {
    const task = placed[at] as PlacedTask;
    if ((track === null || task.track === track) && endOf(task, now) >= time) return task;
  }
  return undefined;
}

/** How many began at or before a time. */
export function firstAfter(placed: readonly PlacedTask[], time: number): number {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((placed[middle] as PlacedTask).start > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
