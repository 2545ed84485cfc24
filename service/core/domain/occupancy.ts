/** How busy each worker was over time: an answer of one size, however many tasks there are. Pure. */
import type { Occupancy, OccupancyLane } from '../../protocol/occupancy.ts';
import { readText } from '../registers.ts';
import { type TaskFilter, matchingTasks } from './queries.ts';
import type { Tables } from './tables.ts';
import type { TaskState } from './task.ts';

export interface OccupancyRequest {
  filter: TaskFilter;
  bins: number;
  /** Workers of their own; the tasks of all others are added up. */
  lanes: number;
  /** Epoch milliseconds; by default from the first submission to the last end, or now while a task is open. */
  from?: number | undefined;
  to?: number | undefined;
  now: number;
}

/** O(tasks + workers * bins). The busiest workers by their number of tasks come first. */
export function occupancy(tables: Tables, request: OccupancyRequest): Occupancy {
  const { bins, now } = request;
  const spans = matchingTasks(tables, request.filter).map((task) => spanOf(task, now));
  const range = rangeOf(spans, request);
  const width = Math.max(1, range.to - range.from) / bins;
  const groups = groupsOf(spans, request.lanes);
  const binned = (part: readonly TaskSpan[]) => binsOf(part, { from: range.from, width, bins });
  const lanes = groups.own.map(([worker_id, part]) => ({ worker_id, ...binned(part) }));
  const others =
    groups.others.length === 0
      ? null
      : { workers: groups.others.length, ...binned(groups.others.flatMap(([, part]) => part)) };
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    bin_ms: width,
    tasks: spans.length,
    lanes,
    others,
  };
}

/** Epoch milliseconds. */
interface TaskSpan {
  worker_id: string | null;
  failed: boolean;
  open: boolean;
  /** From when it waited until it started. */
  waits: number;
  /** Null: it has not started; it waits until now. */
  start: number | null;
  end: number;
}

function spanOf({ submitted_at, first_time, fields, run }: TaskState, now: number): TaskSpan {
  const start = run.started_at ?? run.ended_at;
  const open = run.ended_at === null;
  const begin = submitted_at ?? start ?? first_time;
  return {
    worker_id: readText(fields, 'worker_id'),
    ...{ failed: run.status === 'FAILED', open, start },
    waits: start === null ? begin : Math.min(begin, start),
    end: Math.max(start ?? begin, run.ended_at ?? now),
  };
}

function rangeOf(
  spans: readonly TaskSpan[],
  { from, to, now }: OccupancyRequest,
): { from: number; to: number } {
  let [first, last] = [Infinity, -Infinity];
  for (const span of spans) {
    first = Math.min(first, span.waits);
    last = Math.max(last, span.end);
  }
  const begin = from ?? (Number.isFinite(first) ? first : now);
  const end = to ?? (Number.isFinite(last) ? last : now);
  return { from: Math.floor(begin), to: Math.max(Math.ceil(end), Math.floor(begin) + 1) };
}

type Group = [worker_id: string | null, spans: TaskSpan[]];

function groupsOf(spans: readonly TaskSpan[], lanes: number): { own: Group[]; others: Group[] } {
  const groups = new Map<string | null, TaskSpan[]>();
  for (const span of spans) {
    const group = groups.get(span.worker_id);
    if (group) group.push(span);
    else groups.set(span.worker_id, [span]);
  }
  const all = [...groups].sort(
    ([a, x], [b, y]) => y.length - x.length || ((a ?? '') < (b ?? '') ? -1 : 1),
  );
  return { own: all.slice(0, lanes), others: all.slice(lanes) };
}

interface Grid {
  from: number;
  /** Milliseconds a bin. */
  width: number;
  bins: number;
}

function binsOf(spans: readonly TaskSpan[], grid: Grid): Omit<OccupancyLane, 'worker_id'> {
  const busy = new Coverage(grid);
  const waiting = new Coverage(grid);
  const failures = new Array<number>(grid.bins).fill(0);
  let [failed, open] = [0, 0];
  for (const span of spans) {
    if (span.open) open++;
    if (span.failed) {
      failed++;
      const bin = Math.floor((span.end - grid.from) / grid.width);
      const place = span.end === grid.from + grid.bins * grid.width ? grid.bins - 1 : bin;
      if (place >= 0 && place < grid.bins) failures[place] = (failures[place] ?? 0) + 1;
    }
    waiting.add(span.waits, span.start ?? span.end);
    if (span.start !== null) busy.add(span.start, span.end);
  }
  return {
    tasks: spans.length,
    failed,
    open,
    busy: busy.means(),
    waiting: waiting.means(),
    failures,
  };
}

/** How many of many spans cover each bin on average. A span costs the same however many bins it covers. */
class Coverage {
  readonly #grid: Grid;
  /** Bins that are covered in part, in bins; and how many spans begin or end to cover whole ones. */
  readonly #parts: Float64Array;
  readonly #steps: Float64Array;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#parts = new Float64Array(grid.bins);
    this.#steps = new Float64Array(grid.bins + 1);
  }

  add(begin: number, end: number): void {
    const { from, width, bins } = this.#grid;
    const a = Math.max(0, (begin - from) / width);
    const b = Math.min(bins, (end - from) / width);
    if (!(b > a)) return;
    const [first, last] = [Math.floor(a), Math.floor(b)];
    if (first === last) {
      this.#part(first, b - a);
      return;
    }
    this.#part(first, first + 1 - a);
    this.#part(last, b - last);
    this.#steps[first + 1] = (this.#steps[first + 1] ?? 0) + 1;
    this.#steps[last] = (this.#steps[last] ?? 0) - 1;
  }

  means(): number[] {
    let whole = 0;
    return Array.from(this.#parts, (part, bin) => {
      whole += this.#steps[bin] ?? 0;
      return Math.round((part + whole) * 1000) / 1000;
    });
  }

  #part(bin: number, share: number): void {
    if (bin < this.#parts.length) this.#parts[bin] = (this.#parts[bin] ?? 0) + share;
  }
}
