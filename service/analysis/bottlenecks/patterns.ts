/**
 * Patterns: conditions over series that must all hold at the same time for a while. The built-in thresholds of the
 * reference document 003 (CPU 85 %, memory 90 %, IPC 10 ms) are patterns; people add theirs by `bottleneck_patterns`.
 */
import { unitSign } from '../../protocol/describe.ts';
import type { BottleneckKind, EvidenceSeries } from '../../protocol/bottleneck.ts';
import {
  type Facts,
  NOBODY,
  type Labels,
  type Sample,
  type Sign,
  type Whose,
  fraction,
  keyWith,
} from './sign.ts';

export interface Condition {
  metric: string;
  /** Labels that the series must have. */
  labels: Labels;
  /** It holds at or beyond this value. */
  above: number | null;
  below: number | null;
}

export interface Pattern {
  /** Of the configuration; null: built in. */
  name: string | null;
  kind: BottleneckKind;
  title: string;
  /** All must hold; the first one says where, and how bad. */
  conditions: readonly [Condition, ...Condition[]];
  for_ms: number;
  /** From this value of the first condition on the impact is 1; null: the impact is not known. */
  worst: number | null;
}

export interface PatternPoint {
  metric: string;
  labels: Labels;
  /** Epoch milliseconds. */
  time: number;
  value: number;
  unit: string;
}

interface Line {
  metric: string;
  labels: Labels;
  unit: string;
  /** The newest value. */
  time: number;
  value: number;
  /** Those since the last look, in order of time. */
  fresh: Sample[];
  /** By pattern. */
  told: Map<Pattern, Told>;
}

/** The sign of a line by a pattern: made once, as most of it never changes, and renewed by each look that shows it. */
interface Told {
  key: string;
  sign: Sign;
  /** The value that showed it last. */
  value: number;
}

/** Lines that are followed at once, and values of one between two looks: the newest. */
const MOST_LINES = 2000;
const MOST_FRESH = 120;
/** A value may be this old; a worker tells its own every few seconds. */
const FRESH_MS = 30_000;
/** Share of the way from the threshold back to nothing where it still holds once it is said. */
const HOLD_SHARE = 0.05;

const at = (metric: string, above: number, labels: Labels = {}): Condition => ({
  ...{ metric, labels, above, below: null },
});
const SUSTAINED_MS = 4000;

function builtIn(
  kind: BottleneckKind,
  title: string,
  { condition, worst }: { condition: Condition; worst: number },
): Pattern {
  return { name: null, kind, title, conditions: [condition], for_ms: SUSTAINED_MS, worst };
}

/** What pipelines, workers and other machines report of themselves; this machine is looked at in machine.ts. */
export const BUILT_IN: readonly Pattern[] = [
  builtIn('CPU', 'CPU use', { condition: at('cpu_percent', 85, { source: 'worker' }), worst: 100 }),
  builtIn('CPU', 'CPU use', { condition: at('cpu_percent', 85, { source: 'host' }), worst: 100 }),
  builtIn('MEMORY', 'Memory use', {
    condition: at('worker_memory_percent', 90),
    worst: 100,
  }),
  builtIn('GPU', 'GPU use', {
    condition: at('gpu_percent', 95, { source: 'worker' }),
    worst: 100,
  }),
  builtIn('IPC', 'IPC latency', { condition: at('ipc_latency_ms', 10), worst: 50 }),
];

export class PatternWatch {
  #patterns: readonly Pattern[] = [];
  /** By metric: only what a pattern names is kept. */
  #lines = new Map<string, Map<string, Line>>();
  #count = 0;
  /** Lines of a condition, found once for as long as none comes or goes. */
  readonly #found = new Map<Condition, readonly Line[]>();

  /** Other patterns from now on. What they need is kept, what nobody needs is let go. */
  use(patterns: readonly Pattern[]): void {
    this.#patterns = patterns;
    const wanted = new Set(
      patterns.flatMap(({ conditions }) => conditions.map((one) => one.metric)),
    );
    const kept = new Map<string, Map<string, Line>>();
    for (const metric of wanted)
      kept.set(metric, this.#lines.get(metric) ?? new Map<string, Line>());
    this.#lines = kept;
    this.#found.clear();
    for (const lines of kept.values()) for (const line of lines.values()) line.told.clear();
    this.#count = [...kept.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** `now`: epoch milliseconds. What a sender whose clock is ahead says is of now. */
  add({ metric, labels, time, value, unit }: PatternPoint, now: number): void {
    const lines = this.#lines.get(metric);
    if (lines === undefined || !Number.isFinite(value) || !Number.isFinite(time)) return;
    const key = lineKey(labels);
    let line = lines.get(key);
    if (line === undefined) {
      if (this.#count >= MOST_LINES) return;
      line = newLine({ metric, labels, time, value, unit });
      lines.set(key, line);
      this.#count++;
      this.#found.clear();
    }
    const at = Math.min(time, now);
    // What comes late or twice says nothing of now.
    if (at < line.time || (at === line.time && at === time)) return;
    // Of several that are ahead, the last one counts.
    if (at === line.time) line.fresh.pop();
    [line.time, line.value] = [at, value];
    line.fresh.push([at, value]);
    if (line.fresh.length > MOST_FRESH) line.fresh.shift();
  }

  /** The signs of this look. `isOpen` is asked with the key of an episode. */
  look(now: number, isOpen: (key: string) => boolean): Sign[] {
    this.#forget(now);
    const signs = this.#patterns.flatMap((pattern) => this.#signsOf(pattern, now, isOpen));
    for (const lines of this.#lines.values())
      for (const line of lines.values()) if (line.fresh.length > 0) line.fresh = [];
    return signs;
  }

  /** The classes of the patterns of whose first condition there is a series. */
  watched(): BottleneckKind[] {
    return this.#patterns.flatMap(({ kind, conditions }) =>
      this.#matching(conditions[0]).length > 0 ? [kind] : [],
    );
  }

  #signsOf(pattern: Pattern, now: number, isOpen: (key: string) => boolean): Sign[] {
    const [first, ...others] = pattern.conditions;
    const signs: Sign[] = [];
    for (const line of this.#matching(first)) {
      // Most do not even hold as what is said already would.
      if (!holds(first, line.value, true)) continue;
      const told = toldOf(pattern, line);
      const open = isOpen(told.key);
      if (!open && !holds(first, line.value, false)) continue;
      const joined = others.flatMap((one) => this.#joined(one, line.labels, now, open) ?? []);
      if (joined.length < others.length) continue;
      const sign = renewed(told, pattern, line, lastRun(first, line, open));
      if (joined.length > 0) sign.series = [line, ...joined].map((one) => evidenceOf(pattern, one));
      signs.push(sign);
    }
    return signs;
  }

  /** A line of another condition that holds now; its labels agree with those of the first where both have them. */
  #joined(condition: Condition, labels: Labels, now: number, open: boolean): Line | undefined {
    return this.#matching(condition).find(
      (line) =>
        now - line.time <= FRESH_MS &&
        holds(condition, line.value, open) &&
        Object.entries(line.labels).every(([name, value]) => (labels[name] ?? value) === value),
    );
  }

  #matching(condition: Condition): readonly Line[] {
    const held = this.#found.get(condition);
    if (held) return held;
    const wanted = Object.entries(condition.labels);
    const found = [...(this.#lines.get(condition.metric)?.values() ?? [])].filter((line) =>
      wanted.every(([name, value]) => line.labels[name] === value),
    );
    this.#found.set(condition, found);
    return found;
  }

  #forget(now: number): void {
    for (const lines of this.#lines.values())
      for (const [key, { time }] of lines)
        if (now - time > FRESH_MS) {
          lines.delete(key);
          this.#count--;
          this.#found.clear();
        }
  }
}

/** A series gives the same object with each of its points. */
const KEYS = new WeakMap<Labels, string>();

function lineKey(labels: Labels): string {
  let key = KEYS.get(labels);
  if (key === undefined) KEYS.set(labels, (key = keyOfLabels(labels)));
  return key;
}

function keyOfLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function holds({ above, below }: Condition, value: number, open: boolean): boolean {
  const slack = open ? HOLD_SHARE : 0;
  return (
    (above === null || value >= above - Math.abs(above) * slack) &&
    (below === null || value <= below + Math.abs(below) * slack)
  );
}

/** The newest values that all hold. */
function lastRun(condition: Condition, { fresh }: Line, open: boolean): Sample[] {
  const broken = fresh.findLastIndex(([, value]) => !holds(condition, value, open));
  return fresh.slice(broken + 1);
}

function newLine({ metric, labels, value, unit }: PatternPoint): Line {
  const time = Number.NEGATIVE_INFINITY;
  return { metric, labels, unit, time, value, fresh: [], told: new Map() };
}

function toldOf(pattern: Pattern, line: Line): Told {
  let told = line.told.get(pattern);
  if (told === undefined) line.told.set(pattern, (told = newTold(pattern, line)));
  return told;
}

function newTold(pattern: Pattern, line: Line): Told {
  const { kind, title, name, for_ms } = pattern;
  const { metric, labels, unit, value } = line;
  const key = keyWith(kind, name, metric, labels);
  // Written only when somebody asks: most signs are never said.
  const says = (): string => saysOf(pattern, { labels, unit, value: told.value });
  const sign: Sign = {
    ...{ key, kind, title, pattern: name, metric, labels, unit, says },
    facts: () => factsOf(pattern, told.value),
    ...{ threshold: thresholdOf(pattern), needs_ms: for_ms, fit: 1, samples: [] },
    ...{ impact: null, impact_basis: pattern.worst === null ? 'unknown' : 'use' },
    ...{ whose: whoseOf(labels), series: [evidenceOf(pattern, line)] },
  };
  const told: Told = { key, sign, value };
  return told;
}

function thresholdOf({ conditions: [{ above, below }] }: Pattern): number {
  return above ?? below ?? 0;
}

function evidenceOf({ title }: Pattern, { metric, labels, unit }: Line): EvidenceSeries {
  return { metric, labels, unit, title, aggregation: 'avg' };
}

function renewed(told: Told, pattern: Pattern, { value }: Line, samples: readonly Sample[]): Sign {
  const { sign } = told;
  const { worst } = pattern;
  const threshold = thresholdOf(pattern);
  told.value = value;
  sign.samples = samples;
  if (worst !== null) sign.impact = fraction((value - threshold) / (worst - threshold));
  return sign;
}

/** The numbers of its sentence. */
function factsOf({ conditions }: Pattern, value: number): Facts {
  const [{ above, below }] = conditions;
  const bound = above === null ? { at_most: below ?? 0 } : { at_least: above };
  return { value, ...bound, conditions: conditions.length };
}

function saysOf(
  { title, conditions }: Pattern,
  { labels, unit, value }: { labels: Labels; unit: string; value: number },
): string {
  const sign = unit === '' ? '' : ` ${unitSign(unit)}`;
  const [{ above, below }] = conditions;
  const bound = above === null ? `at or below ${below ?? 0}` : `at or above ${above}`;
  const where = labels['source'] === 'host' ? ' of this machine' : '';
  const more = conditions.length > 1 ? ', and all other conditions hold' : '';
  return `${title}${where} is ${Number(value.toPrecision(4))}${sign}, ${bound}${sign}${more}`;
}

function whoseOf(labels: Labels): Whose {
  return {
    ...NOBODY,
    pipeline: labels['pipeline'] ?? null,
    phase_id: labels['phase_id'] ?? null,
    worker_id: labels['worker_id'] ?? null,
  };
}
