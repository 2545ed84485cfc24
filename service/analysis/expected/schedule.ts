/** The rest of a run played through: phases begin when what they wait for has ended and a place is free. */

export interface Step {
  /** Places of the steps it waits for. */
  after: readonly number[];
  /** Milliseconds from now until it ends, where it runs; else null. */
  left: number | null;
  /** Milliseconds it takes once it has begun, and waits before that: in line, where it takes no place. */
  takes: number;
  waits: number;
}

/**
 * Milliseconds from now until the last step has ended, with at most `parallel` at once (list scheduling in the order of the
 * steps: Graham, "Bounds on Multiprocessing Timing Anomalies", 1969). Steps on a cycle begin when nothing else is left.
 * O(n log n + edges) but for the search of the next place, of which there are few.
 */
export function lengthOf(steps: readonly Step[], parallel: number): number {
  const ends = new Float64Array(steps.length).fill(-1);
  const slots = Math.max(1, Math.min(parallel, steps.length));
  const free = new Float64Array(slots);
  let taken = 0;
  steps.forEach(({ left }, at) => {
    if (left === null) return;
    ends[at] = left;
    // More may run than was ever seen: the others then wait for all of these.
    if (taken < slots) free[taken++] = left;
    else free[leastOf(free)] = Math.max(left, free[leastOf(free)] ?? 0);
  });
  const open = steps.flatMap(({ left }, at) => (left === null ? [at] : []));
  while (open.length > 0) {
    const { place, ready } = nextOf(open, steps, ends);
    const [at = 0] = open.splice(place, 1);
    const slot = leastOf(free);
    const begin = Math.max(ready + (steps[at]?.waits ?? 0), free[slot] ?? 0);
    ends[at] = begin + (steps[at]?.takes ?? 0);
    free[slot] = ends[at] ?? 0;
  }
  return Math.max(0, ...ends);
}

/** Of what can be placed, the one that can begin first; where nothing can, the first. */
function nextOf(
  open: readonly number[],
  steps: readonly Step[],
  ends: Float64Array,
): { place: number; ready: number } {
  let best: { place: number; ready: number } | null = null;
  for (const [place, at] of open.entries()) {
    const ready = readyAt(steps[at]?.after ?? [], ends);
    if (ready !== null && (best === null || ready < best.ready)) best = { place, ready };
  }
  return best ?? { place: 0, ready: 0 };
}

function readyAt(after: readonly number[], ends: Float64Array): number | null {
  let ready = 0;
  for (const at of after) {
    const end = ends[at] ?? 0;
    if (end < 0) return null;
    ready = Math.max(ready, end);
  }
  return ready;
}

function leastOf(values: Float64Array): number {
  let least = 0;
  for (let at = 1; at < values.length; at++)
    if ((values[at] ?? 0) < (values[least] ?? 0)) least = at;
  return least;
}
