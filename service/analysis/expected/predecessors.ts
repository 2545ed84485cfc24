/** What the phases of a run waited for. */

/** A phase as it was told of. */
export interface Told {
  phase_id: string;
  name: string;
  /** Its place among the phases. */
  index: number;
  /** Epoch milliseconds; null where it has not begun, and while it runs. An end before the start is the start. */
  start: number | null;
  end: number | null;
  depends_on: readonly string[];
}

/** A phase with its times, epoch milliseconds; one that runs ends now. */
export interface Begun extends Omit<Told, 'start' | 'end'> {
  start: number;
  end: number;
}

/** Phases that never began are looked through so often: many of them behind each other for each of many phases. */
const MOST_LOOKS = 100_000;

export class Predecessors {
  readonly #phases: ReadonlyMap<string, Told>;
  readonly #begun: ReadonlyMap<string, Begun>;
  /** By their end. */
  readonly #ordered: readonly Begun[];
  readonly #places: ReadonlyMap<string, number>;
  #looks = MOST_LOOKS;

  /** `ordered` are those that began, by their end. */
  constructor(phases: readonly Told[], ordered: readonly Begun[]) {
    this.#phases = new Map(phases.map((phase) => [phase.phase_id, phase]));
    this.#begun = new Map(ordered.map((phase) => [phase.phase_id, phase]));
    this.#ordered = ordered;
    this.#places = new Map(ordered.map(({ phase_id }, at) => [phase_id, at]));
  }

  /** The dependencies that began. One that never did, as a skipped one, stands for what it depends on itself. */
  declared({ phase_id, depends_on }: Begun): Begun[] {
    const found: Begun[] = [];
    const looked = new Set([phase_id]);
    const ids = [...depends_on].reverse();
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      if (looked.has(id)) continue;
      looked.add(id);
      const begun = this.#begun.get(id);
      if (begun !== undefined) found.push(begun);
      else if (this.#looks-- > 0) ids.push(...(this.#phases.get(id)?.depends_on ?? []));
    }
    return found;
  }

  /** What had ended last when it began, of those that may be. Of phases without any length, which end as they begin, one before it. */
  observed({ phase_id, start }: Begun, may: (one: Begun) => boolean): Begun | undefined {
    const own = this.#places.get(phase_id) ?? 0;
    for (let at = Math.min(own, this.#endedBy(start)) - 1; at >= 0; at--) {
      const one = this.#ordered[at];
      if (one !== undefined && may(one)) return one;
    }
    return undefined;
  }

  /** How many had ended at a time. */
  #endedBy(time: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle] as Begun).end > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
