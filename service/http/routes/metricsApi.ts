/** The metrics routes of the reference document (001): now, over time, summed up. Alerts and health are beside it. */
import { Type } from '@sinclair/typebox';
import { type MeasureQuery, type Span, measure, measures } from '../../analysis/measures.ts';
import { cacheRecords, endpointRecords, modelRecords } from '../../core/domain/queries.ts';
import { listAlerts } from '../../core/list.ts';
import { timeText } from '../../core/view.ts';
import type { CacheRecord, ModelRecord } from '../../protocol/domain.ts';
import {
  type ApiMetrics,
  type CacheMetrics,
  CurrentMetrics,
  type EndpointMetrics,
  MAX_ROWS,
  MetricsSummary,
  type ModelMetrics,
} from '../../protocol/metricsApi.ts';
import type { SeriesReader } from '../../series/types.ts';
import { RangeQuery, rangeOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import { historyRoute } from './metricsHistory.ts';
import type { Sources } from './sources.ts';

const MINUTE_MS = 60_000;
const DEFAULT_WINDOW_MINUTES = 5;

export function metricsApiRoutes(sources: Sources): Route[] {
  const startedAt = Date.now();
  return [
    route({
      path: '/metrics/current',
      summary: 'Requests, models, this machine and caches as they are now.',
      query: Type.Object({
        window_minutes: Type.Optional(
          Type.Number({
            minimum: 1,
            maximum: 60,
            description: 'minutes that requests are counted over, 1 to 60; default 5',
          }),
        ),
      }),
      response: CurrentMetrics,
      handle: ({ query }) =>
        current(sources, {
          windowMinutes: query.window_minutes ?? DEFAULT_WINDOW_MINUTES,
          now: Date.now(),
          startedAt,
        }),
    }),
    historyRoute(sources),
    route({
      path: '/metrics/summary',
      summary:
        'Requests, models, this machine, caches and alerts over a range of time, the last day by default.',
      query: Type.Object(RangeQuery),
      response: MetricsSummary,
      handle: ({ query }) => summary(sources, rangeOf(query, { now: Date.now(), usual: '1d' })),
    }),
  ];
}

interface Moment {
  windowMinutes: number;
  /** Epoch milliseconds. */
  now: number;
  startedAt: number;
}

async function current(
  { monitor, host }: Sources,
  { windowMinutes, now, startedAt }: Moment,
): Promise<CurrentMetrics> {
  const { series, model } = monitor;
  const span = { from: now - windowMinutes * MINUTE_MS, to: now };
  const [api_metrics, endpoints] = await Promise.all([
    apiMetrics(series, span),
    endpointMetrics(series, span),
  ]);
  const models = modelRecords(model.domain);
  const { memory_mb = null, cpu_percent = null, disk_percent = null } = host?.latest() ?? {};
  return {
    time: timeText(now),
    window_minutes: windowMinutes,
    api_metrics,
    model_metrics: modelMetrics(models),
    system_metrics: {
      uptime_seconds: (now - startedAt) / 1000,
      memory_usage_mb: memory_mb,
      cpu_percent,
      disk_usage_percent: disk_percent,
    },
    cache_metrics: cacheMetrics(cacheRecords(model.domain)),
    endpoints: endpoints.slice(0, MAX_ROWS),
    truncated: endpoints.length > MAX_ROWS || models.length > MAX_ROWS,
  };
}

async function apiMetrics(series: SeriesReader, span: Span): Promise<ApiMetrics> {
  const of = (metric: string, aggregation: MeasureQuery['aggregation']) =>
    measure(series, { metric, aggregation, ...span });
  const [count, avg, p95, p99, errors] = await Promise.all([
    of('request_duration_ms', 'count'),
    of('request_duration_ms', 'avg'),
    of('request_duration_ms', 'p95'),
    of('request_duration_ms', 'p99'),
    of('request_errors', 'avg'),
  ]);
  return {
    requests_per_minute: ((count ?? 0) * MINUTE_MS) / (span.to - span.from),
    avg_response_time_ms: avg,
    error_rate_percent: errors === null ? null : errors * 100,
    p95_response_time_ms: p95,
    p99_response_time_ms: p99,
  };
}

/** The same by endpoint, the busiest first; only those with requests in the span. */
async function endpointMetrics(series: SeriesReader, span: Span): Promise<EndpointMetrics[]> {
  const of = async (metric: string, aggregation: MeasureQuery['aggregation']) => {
    const found = await measures(series, { metric, aggregation, group_by: ['endpoint'], ...span });
    return new Map(found.map(({ labels, value }) => [labels['endpoint'] ?? '', value]));
  };
  const [counts, avg, p95, p99, errors] = await Promise.all([
    of('request_duration_ms', 'count'),
    of('request_duration_ms', 'avg'),
    of('request_duration_ms', 'p95'),
    of('request_duration_ms', 'p99'),
    of('request_errors', 'avg'),
  ]);
  const endpoints = [...counts].map(([endpoint, requests]) => {
    const failed = errors.get(endpoint);
    return {
      ...{ endpoint, requests },
      requests_per_minute: (requests * MINUTE_MS) / (span.to - span.from),
      avg_response_time_ms: avg.get(endpoint) ?? null,
      error_rate_percent: failed === undefined ? null : failed * 100,
      p95_response_time_ms: p95.get(endpoint) ?? null,
      p99_response_time_ms: p99.get(endpoint) ?? null,
    };
  });
  return endpoints.sort((a, b) => b.requests - a.requests || (a.endpoint < b.endpoint ? -1 : 1));
}

function modelMetrics(models: readonly ModelRecord[]): Record<string, ModelMetrics> {
  return Object.fromEntries(
    models.slice(0, MAX_ROWS).map(({ model, seq: _, ...metrics }) => [model, metrics]),
  );
}

function cacheMetrics(caches: readonly CacheRecord[]): CacheMetrics {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const total_hits = total(caches.map(({ hits }) => hits));
  const total_misses = total(caches.map(({ misses }) => misses));
  const sizes = caches.flatMap(({ size_mb }) => size_mb ?? []);
  const looks = total_hits + total_misses;
  return {
    hit_rate_percent: looks === 0 ? null : (total_hits / looks) * 100,
    ...{ total_hits, total_misses },
    cache_size_mb: sizes.length === 0 ? null : total(sizes),
  };
}

async function summary({ monitor }: Sources, span: Span): Promise<MetricsSummary> {
  const { series, model } = monitor;
  const of = (metric: string, aggregation: MeasureQuery['aggregation']) =>
    measure(series, { metric, aggregation, labels: { source: 'host' }, ...span });
  const use = async (metric: string) => {
    const [avg, max] = await Promise.all([of(metric, 'avg'), of(metric, 'max')]);
    return { avg, max };
  };
  const errorQuery = { metric: 'request_errors', ...span };
  const [api_metrics, requests, errors, cpu_percent, memory_usage_mb, disk_usage_percent] =
    await Promise.all([
      apiMetrics(series, span),
      measure(series, { ...errorQuery, aggregation: 'count' }),
      measure(series, { ...errorQuery, aggregation: 'sum' }),
      use('cpu_percent'),
      use('memory_mb'),
      use('disk_percent'),
    ]);
  return {
    from: timeText(span.from),
    to: timeText(span.to),
    requests: requests ?? 0,
    errors: errors ?? 0,
    success_rate_percent: requests ? 100 - ((errors ?? 0) / requests) * 100 : null,
    api_metrics,
    system: { cpu_percent, memory_usage_mb, disk_usage_percent },
    ...known(model, span),
  };
}

/** What does not come from the series: counts since the first event, and alerts. */
function known(model: Sources['monitor']['model'], { from, to }: Span) {
  const { domain } = model;
  const [endpoints, models, caches] = [
    endpointRecords(domain),
    modelRecords(domain),
    cacheRecords(domain),
  ];
  const alerts = listAlerts(model);
  const raised = alerts.filter(({ raised_at }) => {
    const time = Date.parse(raised_at);
    return time >= from && time <= to;
  });
  return {
    model_metrics: modelMetrics(models),
    cache_metrics: cacheMetrics(caches),
    all_time: {
      requests: endpoints.reduce((sum, one) => sum + one.requests_total, 0),
      errors: endpoints.reduce((sum, one) => sum + one.errors_total, 0),
      endpoints: endpoints.length,
      models: models.length,
      caches: caches.length,
    },
    alerts: { active: alerts.filter(({ active }) => active).length, raised: raised.length },
    truncated: models.length > MAX_ROWS,
  };
}
