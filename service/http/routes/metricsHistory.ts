/** GET /metrics/history: what /metrics/current says, over time. */
import { Type } from '@sinclair/typebox';
import { ALL_AS_ONE } from '../../analysis/measures.ts';
import { timeText } from '../../core/view.ts';
import { HistoryLine } from '../../protocol/metricsApi.ts';
import { Time } from '../../protocol/schema.ts';
import type { Aggregation } from '../../protocol/aggregation.ts';
import type { SeriesReader } from '../../series/types.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, RangeQuery, StepQuery, choicesOf, rangeOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import type { Sources } from './sources.ts';

const MINUTE_MS = 60_000;

interface History {
  series: string;
  aggregation: Aggregation;
  unit: string;
  /** One line for each value of this label; one for all when absent. */
  by?: 'model' | 'cache';
  labels?: Record<string, string>;
  /** Out of a value of the series, with the length of its step. */
  convert?: (value: number, step_ms: number) => number;
}

const requests = { series: 'request_duration_ms', unit: 'ms' } as const;
const ofModel = { by: 'model', unit: '' } as const;
const ofHost = { labels: { source: 'host' }, aggregation: 'avg' } as const;

/** By the names of /metrics/current. */
const HISTORIES = {
  requests_per_minute: {
    ...requests,
    aggregation: 'count',
    unit: 'requests/min',
    convert: (count, step_ms) => (count * MINUTE_MS) / step_ms,
  },
  avg_response_time_ms: { ...requests, aggregation: 'avg' },
  p95_response_time_ms: { ...requests, aggregation: 'p95' },
  p99_response_time_ms: { ...requests, aggregation: 'p99' },
  error_rate_percent: {
    series: 'request_errors',
    aggregation: 'avg',
    unit: 'percent',
    convert: (share) => share * 100,
  },
  avg_mae: { ...ofModel, series: 'prediction_absolute_error', aggregation: 'avg' },
  avg_confidence: { ...ofModel, series: 'prediction_confidence', aggregation: 'avg' },
  r2: { ...ofModel, series: 'prediction_r2', aggregation: 'last' },
  hit_rate_percent: {
    series: 'cache_hit_rate_percent',
    aggregation: 'last',
    unit: 'percent',
    by: 'cache',
  },
  cache_size_mb: { series: 'cache_size_mb', aggregation: 'last', unit: 'MB', by: 'cache' },
  cpu_percent: { ...ofHost, series: 'cpu_percent', unit: 'percent' },
  memory_usage_mb: { ...ofHost, series: 'memory_mb', unit: 'MB' },
  disk_usage_percent: { ...ofHost, series: 'disk_percent', unit: 'percent' },
} satisfies Record<string, History>;

type HistoryName = keyof typeof HISTORIES;
const NAMES = Object.keys(HISTORIES) as HistoryName[];

const HistoryQuery = Type.Object({
  ...PageQuery,
  ...RangeQuery,
  ...StepQuery,
  metrics: ChoicesOf(NAMES),
  endpoint: Type.Optional(Type.String({ description: 'requests of this endpoint only' })),
  model: Type.Optional(Type.String({ description: 'predictions of this model only' })),
  cache: Type.Optional(Type.String({ description: 'this cache only' })),
});

export function historyRoute({ monitor }: Sources): Route {
  return route({
    path: '/metrics/history',
    summary: 'Requests, models, caches and this machine over time, the last hour by default.',
    query: HistoryQuery,
    response: PageOf('series', HistoryLine, { from: Time, to: Time, step_ms: Type.Number() }),
    handle: async ({ query }) => {
      const { from, to, step_ms } = rangeOf(query, { now: Date.now(), usual: '1h' });
      const { endpoint, model, cache } = query;
      const only = { endpoint, model, cache };
      const names = choicesOf(query.metrics, 'metrics', NAMES) ?? NAMES;
      const lines = await Promise.all(
        [...new Set(names)].map((name) =>
          linesOf(monitor.series, name, { from, to, step_ms, only }),
        ),
      );
      const { items, ...page } = pageOf(lines.flat(), query);
      return { from: timeText(from), to: timeText(to), step_ms, series: items, ...page };
    },
  });
}

interface Wanted {
  from: number;
  to: number;
  step_ms: number;
  only: Partial<Record<'endpoint' | 'model' | 'cache', string | undefined>>;
}

async function linesOf(
  reader: SeriesReader,
  name: HistoryName,
  { only, ...span }: Wanted,
): Promise<HistoryLine[]> {
  const { series: metric, aggregation, unit, by, labels, convert }: History = HISTORIES[name];
  if (!reader.has(metric)) return [];
  const filter = by ?? (metric.startsWith('request_') ? 'endpoint' : undefined);
  const chosen = filter && only[filter];
  const answer = await reader.query({
    ...{ metric, aggregation, ...span },
    labels: { ...labels, ...(filter && chosen !== undefined && { [filter]: chosen }) },
    group_by: by === undefined ? ALL_AS_ONE : [by],
  });
  return answer.series.map((line) => ({
    ...{ metric: name, unit },
    labels: line.labels,
    points: line.points.map(([time, value]) => [
      time,
      convert ? convert(value, answer.step_ms) : value,
    ]),
  }));
}
