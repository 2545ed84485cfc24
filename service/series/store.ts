/** All time series: takes points, answers questions. */
import { ProductError } from '../protocol/errors.ts';
import type { Aggregation, SeriesKind } from '../protocol/aggregation.ts';
import type { SeriesAnswer, SeriesLine } from '../protocol/series.ts';
import { NO_ARCHIVE, type SeriesArchive } from './archive.ts';
import { evaluate, summarise } from './evaluate.ts';
import { groupBy, matches } from './groups.ts';
import { planQuery } from './plan.ts';
import { type CardinalityLimits, Registry, type SeriesName } from './registry.ts';
import {
  type LabelSet,
  type MetricInfo,
  type Series,
  type SeriesHandle,
  type Shared,
  takes,
} from './series.ts';
import { Slices } from './slices.ts';
import { MINUTE, type SeriesRetention, makeTiers } from './tiers.ts';
import type {
  Point,
  SeriesCounts,
  SeriesQuery,
  SeriesReader,
  Summary,
  SummaryQuery,
} from './types.ts';

/** Most lines of an answer. */
export const MAX_LINES = 100;
/** Points that are kept as they were measured, of all series together: 32 MB. */
const RAW_POINTS = 2_000_000;

export interface SeriesStoreOptions extends CardinalityLimits, SeriesRetention {
  /** Epoch milliseconds now. */
  clock: () => number;
  /** Lets others run during long reads; not at all when absent. */
  pause?: () => Promise<void>;
}

/** What came to a series since the last `collecting`, as bytes that `restore` takes. */
export interface Delta {
  id: number;
  bytes: Uint8Array;
}

/** What `collecting` found, and the series of which something was set aside. */
export interface Collected {
  deltas: Delta[];
  frozen: Series[];
}

/**
 * Points of any order in time, in memory: the newest as they were measured, all rolled up into buckets of 10 seconds, a
 * minute, an hour and a day. Buckets that were written to disk are read through an archive. Deltas are what makes it
 * durable: the buckets of a store are the sum of all its deltas.
 */
export class SeriesStore implements SeriesReader {
  #options: SeriesStoreOptions;
  readonly #shared: Shared;
  readonly #registry: Registry;
  #archive: SeriesArchive = NO_ARCHIVE;
  #tidiedAt = -Infinity;
  readonly #followers: ((series: Series, time: number, value: number) => void)[] = [];

  constructor(options: SeriesStoreOptions) {
    this.#options = options;
    this.#shared = {
      tiers: makeTiers(options),
      clock: options.clock,
      budget: { points: RAW_POINTS },
      oldest: Infinity,
      latest: -Infinity,
      dirty: [],
      points: 0,
      refusedTimes: 0,
      refusedValues: 0,
    };
    this.#registry = new Registry(options, this.#shared);
  }

  /** False when the point was refused; `counts` says why. */
  append({ metric, labels, kind, unit, time, value }: Point): boolean {
    // What is refused makes no series, which would take the room of another.
    if (!takes(this.#shared, time, value)) return false;
    const series = this.#registry.resolve(metric, labels, { kind, unit });
    if (!series?.append(time, value)) return false;
    for (const follower of this.#followers) follower(series, time, value);
    return true;
  }

  /** Calls back for each point that is taken by `append`, for as long as the store lives: each point pays for it. */
  follow(follower: (series: Series, time: number, value: number) => void): void {
    this.#followers.push(follower);
  }

  /** All series of a metric; none for an unknown one. */
  seriesOfMetric(metric: string): Iterable<Series> {
    return this.#registry.metric(metric)?.series.values() ?? [];
  }

  /** The series, made when it is new, to append many points to; null when there are too many. */
  seriesOf(metric: string, labels: LabelSet, kind: SeriesKind, unit?: string): SeriesHandle | null {
    return this.#registry.resolve(metric, labels, { kind, unit });
  }

  /** True when a point with these labels would find a place: to refuse at the door what does not. */
  admits(metric: string, labels: LabelSet): boolean {
    return this.#registry.admits(metric, labels);
  }

  /** Counts a point that was refused at the door: it never comes to `append`. */
  countRefused(): void {
    this.#registry.refused++;
  }

  has(metric: string): boolean {
    return this.#registry.metric(metric) !== undefined;
  }

  metrics(): { metric: string; kind: SeriesKind; unit: string | null; series: number }[] {
    return [...this.#registry.metrics()].map(({ name, kind, unit, series }) => ({
      metric: name,
      kind,
      unit,
      series: series.size,
    }));
  }

  /** How many points the metric got since the start: what a follower compares to know whether to ask again. */
  changes(metric: string): number {
    let points = 0;
    for (const series of this.#registry.metric(metric)?.series.values() ?? []) {
      points += series.points;
    }
    return points;
  }

  /** Rejects with METRIC_UNKNOWN, or with QUERY_INVALID when the step is too small. */
  async query(query: SeriesQuery): Promise<SeriesAnswer> {
    const metric = this.#registry.metric(query.metric);
    if (metric === undefined) {
      throw new ProductError('METRIC_UNKNOWN', {
        detail: `There is no metric "${query.metric}". GET /api/v1/series/metrics lists them.`,
      });
    }
    const aggregation = query.aggregation ?? usualAggregation(metric.kind);
    const matching = [...metric.series.values()].filter((one) => matches(one, query.labels));
    const groups = [...groupBy(matching, query.group_by).values()];
    const shown = groups.slice(0, query.limit ?? MAX_LINES);
    const { tiers } = this.#shared;
    const from = query.from;
    const hasRaw = matching.every(({ ring }) => ring.covers(from));
    const plan = planQuery(
      { ...query, aggregation },
      { tiers, now: this.#options.clock(), hasRaw },
    );
    const archive = this.#archive;
    const slices = new Slices(this.#pause);
    const reading = { plan, aggregation, from, to: query.to, tiers, archive, slices };
    const lines: SeriesLine[] = [];
    for (const { labels, series } of shown) {
      lines.push({ labels: { ...labels }, points: await evaluate(series, reading) });
    }
    return answerOf(metric, { ...query, aggregation, step_ms: plan.step }, lines, groups.length);
  }

  async summaries(query: SummaryQuery): Promise<Summary[]> {
    const { from, to } = query;
    const all = [...(this.#registry.metric(query.metric)?.series.values() ?? [])];
    const matching = all.filter((one) => matches(one, query.labels));
    const { tiers } = this.#shared;
    const hasRaw = matching.every(({ ring }) => ring.covers(from));
    const whole = { ...query, aggregation: 'p50', step_ms: to - from, whole: true } as const;
    const plan = planQuery(whole, { tiers, now: this.#options.clock(), hasRaw });
    const slices = new Slices(this.#pause);
    const reading = { plan, from, to, tiers, archive: this.#archive, slices };
    const found: Summary[] = [];
    for (const { labels, series } of groupBy(matching, query.group_by).values()) {
      const bucket = await summarise(series, reading);
      if (bucket !== null) found.push({ labels, bucket });
    }
    return found;
  }

  get #pause(): () => Promise<void> {
    return this.#options.pause ?? (() => Promise.resolve());
  }

  get counts(): SeriesCounts {
    const { all } = this.#registry;
    return {
      series: this.#registry.size,
      max_series: this.#options.max_series,
      points_total: this.#shared.points,
      refused_labels: this.#registry.refused,
      refused_times: this.#shared.refusedTimes,
      refused_values: this.#shared.refusedValues,
      // Goes through all series: worked out for those who ask.
      get memory_bytes() {
        let bytes = 0;
        for (const series of all.values()) bytes += series.memoryBytes;
        return bytes;
      },
      disk_bytes: this.#archive.bytes,
    };
  }

  /** Other limits from now on: series that are there stay, buckets that are too old leave with the next tidying. */
  configure(limits: CardinalityLimits & SeriesRetention): void {
    this.#options = { ...this.#options, ...limits };
    this.#shared.tiers = makeTiers(limits);
    this.#registry.limits = limits;
  }

  get archive(): SeriesArchive {
    return this.#archive;
  }

  /** Where to read what is no longer in memory. */
  readFrom(archive: SeriesArchive): void {
    this.#archive = archive;
  }

  /** True when points came since the last `collecting`. */
  get isDirty(): boolean {
    return this.#shared.dirty.length > 0;
  }

  /**
   * What came since the last time, series by series, so that the caller may pause in between. With `freezes` all that is
   * in memory is also set aside, to be written to disk; a series is then split at one instant.
   */
  *collecting(freezes: boolean): Generator<undefined, Collected> {
    const { dirty } = this.#shared;
    this.#shared.dirty = [];
    const found: Collected = { deltas: [], frozen: [] };
    for (const series of freezes ? [...this.#registry.all.values()] : dirty) {
      const bytes = series.take();
      if (bytes.length > 0) found.deltas.push({ id: series.id, bytes });
      if (freezes && series.freeze()) found.frozen.push(series);
      yield;
    }
    return found;
  }

  /** Puts a delta back after a restart. False when its series is not known. */
  restore({ id, bytes }: Delta): boolean {
    const series = this.#registry.all.get(id);
    series?.restore(bytes);
    return series !== undefined;
  }

  names(): { series: SeriesName[]; next_id: number } {
    return { series: this.#registry.names(), next_id: this.#registry.nextId };
  }

  restoreNames({ series, next_id }: { series: readonly SeriesName[]; next_id: number }): void {
    this.#registry.restore(series, next_id);
  }

  find(id: number): Series | undefined {
    return this.#registry.all.get(id);
  }

  get tiers(): Shared['tiers'] {
    return this.#shared.tiers;
  }

  /**
   * Gives memory back that old points take, at most once a minute. Where nothing is written to disk it also keeps the
   * roll-ups to their time.
   */
  async tidy(now: number): Promise<void> {
    if (Math.abs(now - this.#tidiedAt) < MINUTE) return;
    this.#tidiedAt = now;
    this.#registry.sweep(now);
    const isAll = this.#archive === NO_ARCHIVE;
    const slices = new Slices(this.#pause);
    for (const series of [...this.#registry.all.values()]) {
      series.tidy(now, isAll);
      await slices.step();
    }
  }
}

/** What a person means who does not say it. */
function usualAggregation(kind: SeriesKind): Aggregation {
  return kind === 'counter' ? 'rate' : 'avg';
}

function answerOf(
  { name, kind, unit }: MetricInfo,
  { aggregation, from, to, step_ms }: SeriesQuery & { aggregation: Aggregation },
  series: SeriesLine[],
  total: number,
): SeriesAnswer {
  return {
    metric: name,
    unit,
    kind,
    aggregation,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    step_ms,
    series,
    total,
    truncated: series.length < total,
  };
}
