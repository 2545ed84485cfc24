/** The rest of a run played through: phases begin when what they wait for has ended and a place is free. */

export interface Step {
  /** Places of the steps it waits for. */
  after: readonly number[];
  /** Milliseconds from now until it ends, where it runs; else null. */
  left: number | null;
  /**
   * Milliseconds it takes once it has begun, and waits before that: in line, where it takes no place. Below 0 where it began
   * before the last of what it waited for had ended.
   */
  takes: number;
  waits: number;
}

/** Milliseconds from now until the last step has ended, with at most `parallel` at once. */
export function lengthOf(steps: readonly Step[], parallel: number): number {
  return new Schedule(steps).length(parallel);
}

/**
 * Steps that are laid out again and again, each time with another length of one of them: list scheduling in the order in
 * which they can begin (Graham, "Bounds on Multiprocessing Timing Anomalies", 1969). Steps on a cycle begin when nothing
 * else is left. O(n log n + edges) a layout.
 */
export class Schedule {
  readonly #steps: readonly Step[];
  /** Of each step, where in `#next` the places of those begin that wait for it. */
  readonly #from: Int32Array;
  readonly #next: Int32Array;
  /** How many each waits for. */
  readonly #needs: Int32Array;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#needs = new Int32Array(steps.length);
    this.#from = new Int32Array(steps.length + 1);
    this.#eachEdge((before, at) => {
      this.#from[before + 1] = (this.#from[before + 1] ?? 0) + 1;
      this.#needs[at] = (this.#needs[at] ?? 0) + 1;
    });
    for (let at = 0; at < steps.length; at++)
      this.#from[at + 1] = (this.#from[at + 1] ?? 0) + (this.#from[at] ?? 0);
    this.#next = new Int32Array(this.#from[steps.length] ?? 0);
    const free = Int32Array.from(this.#from);
    this.#eachEdge((before, at) => {
      const place = free[before] ?? 0;
      this.#next[place] = at;
      free[before] = place + 1;
    });
  }

  #eachEdge(take: (before: number, at: number) => void): void {
    const { length } = this.#steps;
    for (let at = 0; at < length; at++)
      for (const before of this.#steps[at]?.after ?? [])
        if (before >= 0 && before < length) take(before, at);
  }

  /** How long all of it takes, with at most `parallel` at once; the step at `changed` takes `takes` then. */
  length(parallel: number, changed = -1, takes = 0): number {
    const size = this.#steps.length;
    const ready = new Float64Array(size);
    const needs = Int32Array.from(this.#needs);
    const open = new Line(ready);
    const placed = Uint8Array.from(this.#steps, ({ left }) => (left === null ? 0 : 1));
    const free = new Places(Math.max(1, Math.min(parallel, size)));
    let longest = 0;
    const end = (at: number, time: number): void => {
      longest = Math.max(longest, time);
      for (let edge = this.#from[at] ?? 0; edge < (this.#from[at + 1] ?? 0); edge++) {
        const next = this.#next[edge] ?? 0;
        ready[next] = Math.max(ready[next] ?? 0, time);
        needs[next] = (needs[next] ?? 0) - 1;
        if (needs[next] === 0 && placed[next] === 0) open.add(next);
      }
    };
    this.#steps.forEach(({ left }, at) => {
      if (left === null) {
        if (this.#needs[at] === 0) open.add(at);
        return;
      }
      // More may run than was ever seen: the others then wait for all of these.
      free.take(Math.max(left, free.least));
      end(at, left);
    });
    for (let rest = 0; ;) {
      let at = open.take();
      const waits = at !== undefined;
      while (at === undefined && rest < size && placed[rest] === 1) rest++;
      at ??= rest < size ? rest : undefined;
      if (at === undefined) return longest;
      placed[at] = 1;
      const step = this.#steps[at] as Step;
      const begin = Math.max((waits ? (ready[at] ?? 0) : 0) + step.waits, free.least);
      const ends = begin + (at === changed ? takes : step.takes);
      free.take(ends);
      end(at, ends);
    }
  }
}

/** Steps that can be placed: the one that can begin first comes first, of those at once the first of them. */
class Line {
  readonly #ready: Float64Array;
  readonly #heap: number[] = [];

  constructor(ready: Float64Array) {
    this.#ready = ready;
  }

  add(at: number): void {
    const heap = this.#heap;
    let place = heap.push(at) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(at, heap[above] ?? 0)) break;
      heap[place] = heap[above] ?? 0;
      place = above;
    }
    heap[place] = at;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#isBefore(heap[below + 1] ?? 0, heap[below] ?? 0))
        below++;
      if (!this.#isBefore(heap[below] ?? 0, last)) break;
      heap[place] = heap[below] ?? 0;
      place = below;
    }
    heap[place] = last;
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#ready[a] ?? 0;
    const second = this.#ready[b] ?? 0;
    return first < second || (first === second && a < b);
  }
}

/** When each of the places is free, the one that is free first on top. */
class Places {
  readonly #times: Float64Array;

  constructor(count: number) {
    this.#times = new Float64Array(count);
  }

  get least(): number {
    return this.#times[0] ?? 0;
  }

  /** The place that is free first is taken until then. */
  take(until: number): void {
    const times = this.#times;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= times.length) break;
      if (below + 1 < times.length && (times[below + 1] ?? 0) < (times[below] ?? 0)) below++;
      if ((times[below] ?? 0) >= until) break;
      times[place] = times[below] ?? 0;
      place = below;
    }
    times[place] = until;
  }
}
