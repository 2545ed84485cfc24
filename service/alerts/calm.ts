/** What the lanes of a window were found to be. As long as it holds, no rule has anything new to say. */
import type { Rule } from '../protocol/rule.ts';
import type { Lane } from './lanes.ts';

const NONE: readonly Rule[] = [];
/** Of each lane: the number that was judged, and the two next to it at which that changes. */
const FIELDS = 3;

export class Calm {
  #known: number[] = [];
  #covered = false;
  #epoch = -1;
  #waiting: Set<Rule> | null = null;

  /** True while rules wait for their time: they are judged at every look. */
  get again(): boolean {
    return this.#waiting !== null;
  }

  /** Whatever was known is judged anew at the next look. */
  forget(): void {
    this.#known = [];
    this.#waiting = null;
  }

  wait(rule: Rule, waits: boolean): void {
    if (waits) (this.#waiting ??= new Set()).add(rule);
    else if (this.#waiting?.delete(rule) && this.#waiting.size === 0) this.#waiting = null;
  }

  /** What was known in another epoch, or of points that were covered in another way, says nothing. */
  begin(epoch: number, covered: boolean): void {
    if (epoch === this.#epoch && covered === this.#covered) return;
    this.forget();
    this.#epoch = epoch;
    this.#covered = covered;
  }

  /** True while `value` means what was found before. */
  #holds(lane: number, value: number): boolean {
    const known = this.#known;
    const at = lane * FIELDS;
    if (at >= known.length) return false;
    return (
      (value > (known[at + 1] as number) && value < (known[at + 2] as number)) ||
      Object.is(value, known[at])
    );
  }

  /** The rules to judge now that `value` came, those that wait among them. */
  changed(index: number, lane: Lane, value: number): readonly Rule[] {
    const before = this.#known[index * FIELDS];
    if (before === undefined) return lane.rules;
    const rules = this.#holds(index, value) ? NONE : lane.between(before, value);
    const waits = this.#waiting;
    if (waits === null) return rules;
    const changed = new Set(rules);
    return lane.rules.filter((rule) => changed.has(rule) || waits.has(rule));
  }

  /** Lanes come in their order, so that none is left out. */
  settle(index: number, lane: Lane, value: number): void {
    if (this.#holds(index, value)) return;
    const { low, high } = lane.calmAround(value);
    const at = index * FIELDS;
    this.#known[at] = value;
    this.#known[at + 1] = low;
    this.#known[at + 2] = high;
  }
}
