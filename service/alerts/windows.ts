/**
 * What the rules on series look at: for each subject the points of the last stretch. Which subjects a series belongs to
 * is worked out at its first point and then looked up, so a point of a series that no rule watches costs one look.
 */
import type { Rule, RuleOf } from '../protocol/rule.ts';
import type { Series } from '../series/series.ts';
import type { SeriesStore } from '../series/store.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, SeriesSpec } from './rules/kind.ts';
import { Filling } from './filling.ts';
import { lanesOf } from './lanes.ts';
import { fitsSeries } from './ruleIndex.ts';
import { needsQuantiles } from './slots.ts';
import { type Part, type Watched, Window, fitsSpec, groupOf } from './window.ts';

/** Subjects of all rules together; 10,000 take about 30 MB when all are busy. Beyond, rules say what is left out. */
export const MAX_WINDOWS = 30_000;
/** So many series are remembered with the subjects they belong to; beyond, all are worked out anew. */
const MAX_SERIES = 200_000;

export interface WindowsOptions {
  store: SeriesStore;
  /** Epoch milliseconds. */
  now: () => number;
  /** Gets one sentence where something cannot be read. */
  warn: (sentence: string) => void;
}

export class Windows {
  readonly #options: WindowsOptions;
  #watched = new Map<string, Watched>();
  #byMetric = new Map<string, Watched[]>();
  readonly #ofSeries = new Map<number, { window: Window; part: Part }[]>();
  #dirty: Window[] = [];
  readonly #byId = new Map<string, Set<Window>>();
  #count = 0;
  /** What windows were found to be in another epoch says nothing. */
  epoch = 0;

  readonly #filling: Filling;
  readonly #startedAt: number;

  constructor(options: WindowsOptions) {
    this.#options = options;
    const { store, now, warn } = options;
    this.#startedAt = now();
    this.#filling = new Filling({
      ...{ store, now, warn, startedAt: this.#startedAt },
      placeOf: (watched, series) => {
        const window = this.#windowOf(watched, series.labels);
        return window && { window, part: window.part(series) };
      },
      isWatched: (watched) => [...this.#watched.values()].includes(watched),
      filled: (window) => {
        window.calm.forget();
        this.#mark(window);
      },
    });
  }

  get count(): number {
    return this.#count;
  }

  get isDirty(): boolean {
    return this.#dirty.length > 0;
  }

  /** Watches what these rules look at; what was watched in the same way before keeps its points. */
  configure(rules: readonly Rule[]): void {
    const before = this.#watched;
    this.#watched = new Map();
    this.#byMetric = new Map();
    this.#ofSeries.clear();
    for (const rule of rules) this.#watch(rule, before);
    this.#count = 0;
    this.#byId.clear();
    this.epoch++;
    for (const watched of this.#watched.values()) {
      watched.lanes = lanesOf(watched.rules);
      for (const window of watched.windows.values()) this.#added(window);
    }
    for (const [key, watched] of this.#watched) if (!before.has(key)) this.#seed(watched);
    for (const window of this.#dirty) window.dirty = false;
    this.#dirty = [];
    for (const window of this.all()) this.#mark(window);
  }

  #watch(rule: Rule, before: ReadonlyMap<string, Watched>): void {
    const part = KINDS[rule.kind] as unknown as KindPart<'threshold'>;
    if (part.watches !== 'series') return;
    const spec = part.series(rule as RuleOf<'threshold'>);
    const aggregation = 'aggregation' in rule.params ? rule.params.aggregation : undefined;
    const quantiles = needsQuantiles(aggregation);
    const { fits: own, ...plain } = spec;
    const key = JSON.stringify([plain, rule.scope, quantiles, own === undefined]);
    let watched = this.#watched.get(key);
    if (watched === undefined) {
      watched = { spec, quantiles, rules: [], lanes: [], windows: new Map(), left: 0, dueAt: 0 };
      const held = before.get(key);
      if (held) Object.assign(held, { rules: [], left: 0 });
      watched = held ?? watched;
      this.#watched.set(key, watched);
      for (const metric of spec.metrics) {
        const list = this.#byMetric.get(metric);
        if (list) list.push(watched);
        else this.#byMetric.set(metric, [watched]);
      }
    }
    watched.rules.push(rule);
  }

  /** One point that a series has taken. */
  onPoint(series: Series, time: number, value: number): void {
    if (this.#byMetric.size === 0) return;
    const places = this.#ofSeries.get(series.id) ?? this.#placesOf(series);
    if (places.length === 0) return;
    const now = this.#options.now();
    for (const { window, part } of places) {
      if (!part.slots.add(time, value, now)) continue;
      if (time < window.first) window.first = time;
      window.heard = now;
      this.#mark(window);
    }
  }

  #mark(window: Window): void {
    if (window.dirty) return;
    window.dirty = true;
    this.#dirty.push(window);
  }

  #placesOf(series: Series): { window: Window; part: Part }[] {
    const places = (this.#byMetric.get(series.metric) ?? []).flatMap((watched) => {
      const window = this.#windowOf(watched, series.labels);
      return window === null ? [] : [{ window, part: window.part(series) }];
    });
    if (this.#ofSeries.size >= MAX_SERIES) this.#ofSeries.clear();
    this.#ofSeries.set(series.id, places);
    return places;
  }

  #windowOf(watched: Watched, labels: Series['labels']): Window | null {
    const { spec, windows, rules } = watched;
    const [rule] = rules;
    if (rule === undefined || !fitsSpec(spec, labels) || !fitsSeries(rule.scope, labels))
      return null;
    const group = groupOf(spec, labels);
    const key = JSON.stringify(group);
    const held = windows.get(key);
    if (held !== undefined) return held;
    if (this.#count >= MAX_WINDOWS) {
      watched.left++;
      return null;
    }
    const window = new Window(watched, group);
    windows.set(key, window);
    this.#added(window);
    return window;
  }

  #added(window: Window): void {
    this.#count++;
    const held = this.#byId.get(window.component_id);
    if (held) held.add(window);
    else this.#byId.set(window.component_id, new Set([window]));
  }

  #removed(window: Window): void {
    this.#count--;
    const held = this.#byId.get(window.component_id);
    held?.delete(window);
    if (held?.size === 0) this.#byId.delete(window.component_id);
  }

  /** An alert on these is not as it was, perhaps since its cause ended: they are judged anew with the next look. */
  reconsider(component_id: string): void {
    for (const window of this.#byId.get(component_id) ?? []) {
      window.calm.forget();
      this.#mark(window);
    }
  }

  /** What was found of any of them may not have been said: all are judged anew with the next look. */
  reconsiderAll(): void {
    this.epoch++;
    for (const window of this.all()) this.#mark(window);
  }

  /** What the series know of the time before the rule was there. */
  #seed(watched: Watched): void {
    const now = this.#options.now();
    const { metrics, range_ms, twice } = watched.spec;
    const from = now - range_ms * (twice ? 2 : 1);
    for (const metric of metrics) {
      for (const series of this.#options.store.seriesOfMetric(metric)) {
        const window = this.#windowOf(watched, series.labels);
        if (window === null) continue;
        window.takeRecent(series, { from, now, startedAt: this.#startedAt });
      }
    }
    this.#filling.add(watched);
  }

  /** Resolves when nothing is read from disk any more. */
  close(): Promise<void> {
    return this.#filling.close();
  }

  *all(): Generator<Window> {
    for (const { windows } of this.#watched.values()) yield* windows.values();
  }

  /** Those that got points since the last call. */
  takeDirty(): Window[] {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const window of dirty) window.dirty = false;
    return dirty;
  }

  /** It was judged at `now`: says when time alone will change it, or it is covered. */
  settled(window: Window, now: number, coveredFrom: number): void {
    const { watched } = window;
    let at = window.changesAfter(now);
    if (coveredFrom > now) at = Math.min(at, coveredFrom);
    if (window.isEmpty(now)) at = Math.min(at, window.heard + keptFor(watched.spec) + 1);
    window.dueAt = at;
    if (at < watched.dueAt) watched.dueAt = at;
  }

  /** Those that time alone has changed; those that need not be watched any more are let go. */
  takeAged(now: number): Window[] {
    const aged: Window[] = [];
    for (const watched of this.#watched.values())
      if (watched.dueAt <= now) this.#takeAgedOf(watched, now, aged);
    return aged;
  }

  #takeAgedOf(watched: Watched, now: number, aged: Window[]): void {
    watched.dueAt = Infinity;
    for (const [key, window] of watched.windows) {
      if (window.dueAt > now) {
        watched.dueAt = Math.min(watched.dueAt, window.dueAt);
        continue;
      }
      window.prune(now);
      if (!window.isEmpty(now) || now - window.heard <= keptFor(watched.spec)) {
        aged.push(window);
        continue;
      }
      watched.windows.delete(key);
      this.#removed(window);
      this.#ofSeries.clear();
    }
  }

  /** How many subjects of a rule found no room. */
  left(rule_id: string): number {
    for (const { rules, left } of this.#watched.values())
      if (rules.some((rule) => rule.rule_id === rule_id)) return left;
    return 0;
  }
}

/** A subject that nothing comes from is known for so long. */
export function keptFor({ range_ms, twice }: SeriesSpec): number {
  return Math.max(3_600_000, range_ms * (twice ? 2 : 1));
}
