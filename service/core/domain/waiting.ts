/**
 * The tasks that wait in each queue, the longest waiting first: so the oldest of a queue is known without a look at all
 * tasks. Not stored: it follows from the tasks, and is made of them when somebody first asks.
 */
import { readText } from '../registers.ts';
import type { Table } from './table.ts';
import type { TaskState } from './task.ts';

interface Waiting {
  task_id: string;
  queue: string;
  /** Epoch milliseconds. */
  since: number;
  /** False once it waits no more, or elsewhere: it leaves its heap when it comes to the top. */
  waits: boolean;
}

interface Line {
  /** A binary heap: each comes before the two at twice its place. */
  heap: Waiting[];
  gone: number;
}

/** Heaps are made anew when more than half of them, and at least so many, wait no more. */
const MANY_GONE = 32;

export class WaitingTasks {
  readonly #tasks: Table<TaskState>;
  #lines: Map<string, Line> | null = null;
  readonly #known = new Map<string, Waiting>();

  constructor(tasks: Table<TaskState>) {
    this.#tasks = tasks;
  }

  /** Since when the longest waiting task of the queue waits, in epoch milliseconds; null when none does. */
  since(queue: string): number | null {
    const lines = this.#read();
    const line = lines.get(queue);
    if (line === undefined) return null;
    for (let first = line.heap[0]; first !== undefined; first = line.heap[0]) {
      if (first.waits) return first.since;
      pop(line.heap);
      line.gone--;
    }
    lines.delete(queue);
    return null;
  }

  /** Takes note of a task that was changed. True where it waits in another way than before. */
  note(task: TaskState): boolean {
    if (this.#lines === null) return false;
    const held = this.#known.get(task.task_id);
    const since = waitsSince(task);
    const queue = readText(task.fields, 'queue');
    if (since === null || queue === null) return this.forget(task.task_id);
    if (held?.queue === queue && held.since === since) return false;
    this.forget(task.task_id);
    this.#add(this.#lines, { task_id: task.task_id, queue, since, waits: true });
    return true;
  }

  /** Takes note of a task that left the tables. True where it waited. */
  forget(task_id: string): boolean {
    const held = this.#known.get(task_id);
    if (held === undefined) return false;
    held.waits = false;
    this.#known.delete(task_id);
    const line = this.#lines?.get(held.queue);
    if (line === undefined) return true;
    line.gone++;
    if (line.gone > MANY_GONE && line.gone * 2 > line.heap.length) tidy(line);
    return true;
  }

  #read(): Map<string, Line> {
    if (this.#lines !== null) return this.#lines;
    this.#lines = new Map();
    for (const task of this.#tasks.rows.values()) this.note(task);
    return this.#lines;
  }

  #add(lines: Map<string, Line>, waiting: Waiting): void {
    this.#known.set(waiting.task_id, waiting);
    const line = lines.get(waiting.queue);
    if (line) push(line.heap, waiting);
    else lines.set(waiting.queue, { heap: [waiting], gone: 0 });
  }
}

/** Epoch milliseconds: its submission, or the retry by which it waits again; null for one that does not wait. */
export function waitsSince({ run, marks, submitted_at }: TaskState): number | null {
  return run.status === 'PENDING' ? (marks.at(-1)?.time ?? submitted_at) : null;
}

function tidy(line: Line): void {
  const left = line.heap.filter(({ waits }) => waits);
  // What is in order is a heap.
  line.heap = left.sort((a, b) => a.since - b.since);
  line.gone = 0;
}

/** J. W. J. Williams, Algorithm 232: Heapsort, Communications of the ACM 7(6), 1964. */
function push(heap: Waiting[], waiting: Waiting): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above.since <= waiting.since) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = waiting;
}

function pop(heap: Waiting[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let next = 2 * at + 1;
    const [left, right] = [heap[next], heap[next + 1]];
    if (left === undefined) break;
    const least = right !== undefined && right.since < left.since ? right : left;
    if (least === right) next++;
    if (last.since <= least.since) break;
    heap[at] = least;
    at = next;
  }
  heap[at] = last;
}
