/**
 * Rules on series that hold the same number against different bounds. The bounds in order say what a number that changed
 * can mean: nothing, while none of them lies between it and the one that was judged before.
 */
import type { Rule } from '../protocol/rule.ts';
import { boundOf } from './rules/bound.ts';
import { KINDS } from './rules/index.ts';
import type { OnSeries, SeriesSubject } from './rules/kind.ts';

type Part = OnSeries<'threshold'>;

/** A number at which a rule may change its mind. */
interface Mark {
  at: number;
  /** Which of the rules. */
  index: number;
}

export class Lane {
  readonly rules: readonly Rule[];
  readonly #part: Part;
  readonly #marks: readonly Mark[];

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
    this.#part = partOf(rules[0]);
    this.#marks = rules.flatMap(marksOf).sort((a, b) => a.at - b.at);
  }

  /** What its rules judge; NaN where there is nothing to judge. */
  value(subject: SeriesSubject): number {
    const value = this.#part.value(subject, this.rules[0] as never);
    return value !== null && Number.isFinite(value) ? value : NaN;
  }

  /** Those that may say something else of `value` than of `before`. */
  between(before: number, value: number): readonly Rule[] {
    if (Number.isNaN(before) || Number.isNaN(value)) return this.rules;
    const most = Math.max(before, value);
    const found = new Set<number>();
    for (let i = this.#firstFrom(Math.min(before, value)); i < this.#marks.length; i++) {
      const mark = this.#marks[i];
      if (mark === undefined || mark.at > most) break;
      found.add(mark.index);
    }
    return [...found].sort((a, b) => a - b).flatMap((index) => this.rules[index] ?? []);
  }

  /** The bounds next to `value`: between them, themselves left out, no rule changes its mind. */
  calmAround(value: number): { low: number; high: number } {
    if (Number.isNaN(value)) return { low: NaN, high: NaN };
    const next = this.#firstFrom(value);
    const high = this.#marks[next]?.at ?? Infinity;
    const low = high === value ? value : (this.#marks[next - 1]?.at ?? -Infinity);
    return { low, high };
  }

  /** Which mark is the first that is not below. */
  #firstFrom(value: number): number {
    let [low, high] = [0, this.#marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle]?.at ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** `rules` look at the same points. */
export function lanesOf(rules: readonly Rule[]): Lane[] {
  const lanes = new Map<string, Rule[]>();
  for (const rule of rules) {
    const params = { ...rule.params, [partOf(rule).limit]: null };
    const key = JSON.stringify([rule.kind, params]);
    const held = lanes.get(key);
    if (held) held.push(rule);
    else lanes.set(key, [rule]);
  }
  return [...lanes.values()].map((own) => new Lane(own));
}

function partOf(rule: Rule | undefined): Part {
  const part = rule && (KINDS[rule.kind] as unknown as Part);
  if (part?.watches !== 'series') throw new Error('Only rules on series have lanes.');
  return part;
}

function marksOf(rule: Rule, index: number): Mark[] {
  const bound = partOf(rule).bound?.(rule.params as never);
  if (!bound) throw new Error(`A rule of kind ${rule.kind} has no bound.`);
  // Where a percentage ends depends on the unit, which not all subjects share: a mark too many does no harm.
  const ends = [null, 'percent'].map((unit) => boundOf(bound, rule.recovery, unit).recovery);
  return [...new Set([bound.threshold, ...ends])].map((at) => ({ at, index }));
}
