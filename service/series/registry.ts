/** Which series there are, and how many there may be. */
import type { SeriesKind } from '../protocol/aggregation.ts';
import { type LabelSet, type MetricInfo, Series, type Shared } from './series.ts';
import { DAY } from './tiers.ts';

/** Longer names and labels together are refused: they would cost more than the points. */
const MAX_KEY_LENGTH = 4096;
/** After a look for unused series that found none: milliseconds until the next. */
const LOOK_AGAIN_MS = 60_000;

export interface CardinalityLimits {
  max_series: number;
  max_per_metric: number;
  /** Days after which a series that got no point may make room for a new one. */
  series_days: number;
}

interface Metric extends MetricInfo {
  series: Map<string, Series>;
  /** The one that was asked for last: often the next one, too. */
  recent: Series | null;
}

/** A series as it is kept over a restart. */
export interface SeriesName {
  id: number;
  metric: string;
  labels: LabelSet;
  kind: SeriesKind;
  unit: string | null;
  newest: number;
}

export class Registry {
  readonly #metrics = new Map<string, Metric>();
  readonly #byId = new Map<number, Series>();
  limits: CardinalityLimits;
  readonly #shared: Shared;
  #nextId = 1;
  /** Until then no series is unused for long enough: all, and by metric. */
  #lookAgainAt = -Infinity;
  readonly #lookAgainFor = new Map<string, number>();
  /** How many points were refused for their label sets, here or at the door. */
  refused = 0;

  constructor(limits: CardinalityLimits, shared: Shared) {
    this.limits = limits;
    this.#shared = shared;
  }

  get size(): number {
    return this.#byId.size;
  }

  get nextId(): number {
    return this.#nextId;
  }

  get all(): ReadonlyMap<number, Series> {
    return this.#byId;
  }

  metrics(): Iterable<MetricInfo & { series: ReadonlyMap<string, Series> }> {
    return this.#metrics.values();
  }

  metric(name: string): (MetricInfo & { series: ReadonlyMap<string, Series> }) | undefined {
    return this.#metrics.get(name);
  }

  /** True when the series is there or may be made. */
  admits(metric: string, labels: LabelSet): boolean {
    const key = labelKey(labels);
    return this.#metrics.get(metric)?.series.has(key) === true || this.#hasRoom(metric, key);
  }

  /** The series, made when it is new; null when there is no room for it. */
  resolve(
    metric: string,
    labels: LabelSet,
    info: { kind: SeriesKind; unit?: string | undefined },
  ): Series | null {
    const found = this.#metrics.get(metric);
    if (found !== undefined && info.unit !== undefined) found.unit ??= info.unit;
    if (found?.recent && hasLabels(found.recent, labels)) return found.recent;
    const key = labelKey(labels);
    const held = found?.series.get(key);
    if (found !== undefined && held !== undefined) {
      found.recent = held;
      return held;
    }
    if (!this.#hasRoom(metric, key)) {
      this.refused++;
      return null;
    }
    this.#makeRoom(metric);
    const { kind, unit = null } = info;
    const series = this.#add({ id: this.#nextId++, metric, labels, kind, unit, newest: -Infinity });
    series.usedAt = this.#shared.clock();
    return series;
  }

  restore(names: readonly SeriesName[], nextId: number): void {
    for (const name of names) this.#add(name).heard(name.newest);
    this.#nextId = Math.max(this.#nextId, nextId);
  }

  /** All series with points. */
  names(): SeriesName[] {
    const names: SeriesName[] = [];
    for (const { id, info, labels, newest } of this.#byId.values()) {
      const { name: metric, kind, unit } = info;
      if (newest > -Infinity) names.push({ id, metric, labels, kind, unit, newest });
    }
    return names;
  }

  /** Removes series that got no point for longer than anything is kept. */
  sweep(now: number): void {
    const oldest = now - (this.#shared.tiers.at(-1)?.retention ?? 0);
    for (const series of this.#byId.values()) {
      if (series.lastUse < oldest) this.#remove(series);
    }
  }

  #add({ id, metric: name, labels, kind, unit }: SeriesName): Series {
    let metric = this.#metrics.get(name);
    if (metric === undefined) {
      metric = { name, kind, unit, series: new Map(), recent: null };
      this.#metrics.set(name, metric);
    }
    metric.unit ??= unit;
    const kept = Object.freeze(Object.fromEntries(sorted(labels)));
    const series = new Series(id, metric, kept, this.#shared);
    metric.series.set(labelKey(labels), series);
    this.#byId.set(id, series);
    return series;
  }

  #remove(series: Series): void {
    series.removed = true;
    this.#byId.delete(series.id);
    const metric = this.#metrics.get(series.metric);
    if (metric === undefined) return;
    metric.series.delete(labelKey(series.labels));
    metric.recent = null;
    if (metric.series.size > 0) return;
    this.#metrics.delete(series.metric);
    this.#lookAgainFor.delete(series.metric);
  }

  #hasRoom(metric: string, key: string): boolean {
    if (metric.length + key.length > MAX_KEY_LENGTH) return false;
    const isFull = this.#isMetricFull(metric);
    if (!isFull && this.#byId.size < this.limits.max_series) return true;
    return this.#findUnused(isFull ? metric : null) !== null;
  }

  #isMetricFull(metric: string): boolean {
    return (this.#metrics.get(metric)?.series.size ?? 0) >= this.limits.max_per_metric;
  }

  #makeRoom(metric: string): void {
    const isFull = this.#isMetricFull(metric);
    if (!isFull && this.#byId.size < this.limits.max_series) return;
    const unused = this.#findUnused(isFull ? metric : null);
    if (unused !== null) this.#remove(unused);
  }

  /** The series that waits longest for a point, of one metric or of all; null when none waits long enough. */
  #findUnused(metric: string | null): Series | null {
    const now = this.#shared.clock();
    const again = metric === null ? this.#lookAgainAt : (this.#lookAgainFor.get(metric) ?? 0);
    // A flood of new label sets must not look through all series for each of them.
    if (now < again) return null;
    const among = metric === null ? this.#byId : this.#metrics.get(metric)?.series;
    let unused: Series | null = null;
    for (const series of among?.values() ?? []) {
      if (unused === null || series.lastUse < unused.lastUse) unused = series;
    }
    if (unused !== null && unused.lastUse < now - this.limits.series_days * DAY) return unused;
    if (metric === null) this.#lookAgainAt = now + LOOK_AGAIN_MS;
    else this.#lookAgainFor.set(metric, now + LOOK_AGAIN_MS);
    return null;
  }
}

function sorted(labels: LabelSet): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** True when these are its labels, all of them. */
function hasLabels(series: Series, labels: LabelSet): boolean {
  let count = 0;
  for (const name in labels) {
    if (series.labels[name] !== labels[name]) return false;
    count++;
  }
  return count === series.labelCount;
}

/** The same text for the same labels, whatever their order. Lengths keep names and values apart. */
export function labelKey(labels: LabelSet): string {
  const names = Object.keys(labels);
  if (names.length > 1) names.sort();
  let key = '';
  for (const name of names) {
    const value = labels[name] ?? '';
    key += `${name.length}:${name}${value.length}:${value}`;
  }
  return key;
}
