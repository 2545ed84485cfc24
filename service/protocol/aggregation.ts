/** Words of the time series. Without schemas, so that a page can hold them. */

/**
 * `rate` is per second: the increase of a counter, the sum of a histogram's values, the change of a gauge. `raw` is the
 * points as they were measured or, where these are too many or no longer kept, the lowest and highest of each stretch.
 */
export const AGGREGATIONS = [
  'avg',
  'min',
  'max',
  'sum',
  'count',
  'rate',
  'last',
  'p50',
  'p95',
  'p99',
  'raw',
] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** `gauge`: a level. `counter`: grows, and starts anew at 0. `histogram`: single observations, such as durations. */
export const SERIES_KINDS = ['gauge', 'counter', 'histogram'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];
