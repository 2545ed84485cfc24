/** What the requests of a range of time were like: by endpoint, in all, and how their response times spread. Pure. */
import type {
  EndpointFigures,
  RequestFigures,
  RequestStatistics,
  ResponseTimes,
} from '../protocol/requests.ts';
import { Bucket } from '../series/bucket.ts';
import type { SeriesReader, Summary } from '../series/types.ts';
import type { Span } from './measures.ts';

const MINUTE_MS = 60_000;
/** Where the bars of a decade begin: about equally wide on a logarithmic scale, and round numbers. */
const EDGES = [1, 1.5, 2, 3, 5, 7.5];

export interface RequestQuery extends Span {
  /** Only this one; all when absent. */
  endpoint?: string | undefined;
}

/** The busiest endpoint first. */
export async function requestStatistics(
  reader: SeriesReader,
  { endpoint, ...span }: RequestQuery,
): Promise<Omit<RequestStatistics, 'from' | 'to'>> {
  const labels: Record<string, string> = endpoint === undefined ? {} : { endpoint };
  const by = { labels, group_by: ['endpoint'], ...span };
  const [durations, errors] = await Promise.all([
    reader.summaries({ metric: 'request_duration_ms', ...by }),
    reader.summaries({ metric: 'request_errors', ...by }),
  ]);
  const failed = new Map(errors.map((one) => [nameOf(one), one.bucket.sum]));
  const endpoints = durations.map((one) => ({
    endpoint: nameOf(one),
    ...figuresOf(one.bucket, failed.get(nameOf(one)) ?? 0, span),
  }));
  const all = new Bucket(0);
  for (const { bucket } of durations) all.merge(bucket);
  const sum = errors.reduce((total, { bucket }) => total + bucket.sum, 0);
  return {
    figures: figuresOf(all, sum, span),
    response_times: responseTimes(all),
    endpoints: endpoints.sort(busiestFirst),
  };
}

function nameOf({ labels }: Summary): string {
  return labels['endpoint'] ?? '';
}

function busiestFirst(a: EndpointFigures, b: EndpointFigures): number {
  return b.requests - a.requests || (a.endpoint < b.endpoint ? -1 : 1);
}

function figuresOf(bucket: Bucket, errors: number, { from, to }: Span): RequestFigures {
  const { count } = bucket;
  const known = (value: number): number | null => (count === 0 ? null : value);
  return {
    requests: count,
    requests_per_minute: (count * MINUTE_MS) / (to - from),
    errors,
    error_rate_percent: known((errors / count) * 100),
    avg_response_time_ms: known(bucket.sum / count),
    p50_response_time_ms: known(bucket.quantile(0.5)),
    p95_response_time_ms: known(bucket.quantile(0.95)),
    p99_response_time_ms: known(bucket.quantile(0.99)),
    max_response_time_ms: known(bucket.max),
  };
}

/** Bars from the quickest answer to the slowest; what took less than a tenth of a millisecond is in one of its own. */
export function responseTimes(bucket: Bucket): ResponseTimes[] {
  const bars = new Map<number, number>();
  for (const [value, count] of bucket.sketch.bins()) {
    const bar = barOf(value);
    bars.set(bar, (bars.get(bar) ?? 0) + count);
  }
  if (bars.size === 0) return [];
  const first = Math.min(...bars.keys());
  const last = Math.max(...bars.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    from_ms: first + i === LOWEST ? 0 : edgeOf(first + i),
    to_ms: edgeOf(first + i + 1),
    requests: bars.get(first + i) ?? 0,
  }));
}

/** The bar below 0.1 ms. */
const LOWEST = -EDGES.length - 1;

/** The bar of a value; 0 begins at 1 ms. */
function barOf(value: number): number {
  if (value < edgeOf(LOWEST + 1)) return LOWEST;
  let bar = Math.floor(Math.log10(value)) * EDGES.length;
  while (edgeOf(bar + 1) <= value) bar++;
  return bar;
}

function edgeOf(bar: number): number {
  const decade = Math.floor(bar / EDGES.length);
  const edge = EDGES[bar - decade * EDGES.length] ?? 1;
  // A division is exact where a multiplication by 0.1 is not.
  return decade < 0 ? edge / 10 ** -decade : edge * 10 ** decade;
}
