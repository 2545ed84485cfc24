/** When the tasks of a recorded workflow ran, where the record has durations and dependencies but no times. */

export interface WfTask {
  id: string;
  parents: readonly string[];
  /** Milliseconds it ran. */
  runtime_ms: number;
  cores: number;
  machine: string;
}

export interface Slot {
  /** Milliseconds after the begin of the workflow. */
  ready: number;
  start: number;
  end: number;
}

/** A task of a machine nobody described gets as many cores as it wants, up to this. */
const UNKNOWN_CORES = 1024;

interface Waiting {
  task: WfTask;
  ready: number;
  place: number;
}

/**
 * List scheduling (Graham, SIAM J. Appl. Math. 17, 1969): a task is ready when its parents have ended, and starts on its
 * machine as soon as enough cores are free; who is ready first comes first. Tasks of a dependency cycle get no slot.
 */
export function reconstructSchedule(
  tasks: readonly WfTask[],
  coresOf: ReadonlyMap<string, number>,
): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  const children = childrenOf(tasks);
  const open = new Map(tasks.map((task) => [task.id, new Set(task.parents).size]));
  const place = new Map(tasks.map((task, index) => [task.id, index]));
  const free = new Map<string, number[]>();
  const queue: Waiting[] = [];
  for (const task of tasks)
    if (task.parents.length === 0)
      enqueue(queue, { task, ready: 0, place: place.get(task.id) ?? 0 });
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { task, ready } = next;
    const start = Math.max(
      ready,
      takeCores(free, task, { ready, limit: coresOf.get(task.machine) }),
    );
    slots.set(task.id, { ready, start, end: start + task.runtime_ms });
    for (const child of children.get(task.id) ?? []) {
      const left = (open.get(child.id) ?? 0) - 1;
      open.set(child.id, left);
      if (left > 0) continue;
      const ends = child.parents.map((parent) => slots.get(parent)?.end ?? 0);
      enqueue(queue, { task: child, ready: Math.max(...ends), place: place.get(child.id) ?? 0 });
    }
  }
  return slots;
}

function childrenOf(tasks: readonly WfTask[]): Map<string, WfTask[]> {
  const children = new Map<string, WfTask[]>();
  for (const task of tasks) {
    for (const parent of new Set(task.parents)) {
      const held = children.get(parent);
      if (held) held.push(task);
      else children.set(parent, [task]);
    }
  }
  return children;
}

/** Keeps the queue in the order of readiness, then of the file. */
function enqueue(queue: Waiting[], item: Waiting): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue[middle];
    const before =
      other !== undefined &&
      (other.ready < item.ready || (other.ready === item.ready && other.place < item.place));
    if (before) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, item);
}

/** Takes the cores that are free first; milliseconds at which the last of them is. */
function takeCores(
  free: Map<string, number[]>,
  task: WfTask,
  { ready, limit = UNKNOWN_CORES }: { ready: number; limit: number | undefined },
): number {
  const cores = free.get(task.machine) ?? new Array<number>(Math.max(1, limit)).fill(0);
  free.set(task.machine, cores);
  const count = Math.min(Math.max(1, task.cores), cores.length);
  const begin = Math.max(ready, cores[count - 1] ?? 0);
  cores.fill(begin + task.runtime_ms, 0, count);
  cores.sort((a, b) => a - b);
  return begin;
}
