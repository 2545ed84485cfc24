/** Words of the time series that others speak: points, queries, answers. Times are epoch milliseconds. */
import type { Bucket } from './bucket.ts';
import type { Aggregation, SeriesKind } from '../protocol/aggregation.ts';
import type { SeriesAnswer } from '../protocol/series.ts';

/** One measured value of one series. */
export interface Point {
  metric: string;
  labels: Readonly<Record<string, string>>;
  time: number;
  value: number;
  kind: SeriesKind;
  unit?: string;
}

/** A question to the series, checked: `step_ms` divides the range, `to` included, into at most 2,000 points. */
export interface SeriesQuery {
  metric: string;
  /** Only series that have all of these labels. */
  labels: Readonly<Record<string, string>>;
  from: number;
  to: number;
  step_ms: number;
  /** Null for what is usual: the rate of a counter, the average of anything else. */
  aggregation: Aggregation | null;
  /** Series that agree in these labels become one; all others stay apart when empty. */
  group_by: readonly string[];
  /** True for one value of the whole range in place of steps: not for a rate. `step_ms` says nothing then. */
  whole?: boolean;
  /** Most lines of the answer; 100 when absent. */
  limit?: number;
}

/** A question for summaries: see SeriesQuery. */
export type SummaryQuery = Pick<SeriesQuery, 'metric' | 'labels' | 'from' | 'to' | 'group_by'>;

/** All that is known of the points of some series in a range, as one bucket. */
export interface Summary {
  labels: Readonly<Record<string, string>>;
  bucket: Bucket;
}

/** What takes points and answers questions. */
export interface SeriesReader {
  /** True when the metric has at least one series. */
  has(metric: string): boolean;
  metrics(): { metric: string; kind: SeriesKind; unit: string | null; series: number }[];
  /** How many points the metric got since the start: what a follower compares to know whether to ask again. */
  changes(metric: string): number;
  /** Rejects with METRIC_UNKNOWN, or with QUERY_INVALID when the step is too small. */
  query(query: SeriesQuery): Promise<SeriesAnswer>;
  /** One summary a group of the points of the range; none for a metric that is not known, nor for a group without points. */
  summaries(query: SummaryQuery): Promise<Summary[]>;
  /** What the store holds and refused. */
  readonly counts: SeriesCounts;
}

export interface SeriesCounts {
  series: number;
  max_series: number;
  /** Points taken since the start. */
  points_total: number;
  /** Points of new label sets beyond the limits. */
  refused_labels: number;
  /** Points whose time is older than what is kept, or more than a day ahead. */
  refused_times: number;
  /** NaN and infinities. */
  refused_values: number;
  memory_bytes: number;
  disk_bytes: number;
}
