/** The answers of the reference document's metrics routes (/metrics/current, /metrics/summary, /health): its field names. */
import { type Static, Type } from '@sinclair/typebox';
import { ModelRecord } from './domain.ts';
import { Labels, OneOf, OrNull, Time } from './schema.ts';
import { TARGET_STATES } from './targets.ts';

const Measure = OrNull(Type.Number());

export const ApiMetrics = Type.Object({
  requests_per_minute: Type.Number(),
  avg_response_time_ms: Measure,
  error_rate_percent: OrNull(Type.Number({ description: 'share of status 500 and more, 0-100' })),
  p95_response_time_ms: Measure,
  p99_response_time_ms: Measure,
});
export type ApiMetrics = Static<typeof ApiMetrics>;

export const EndpointMetrics = Type.Composite([
  Type.Object({ endpoint: Type.String(), requests: Type.Integer() }),
  ApiMetrics,
]);
export type EndpointMetrics = Static<typeof EndpointMetrics>;

export const ModelMetrics = Type.Omit(ModelRecord, ['model', 'seq']);
export type ModelMetrics = Static<typeof ModelMetrics>;

export const CacheMetrics = Type.Object({
  hit_rate_percent: OrNull(Type.Number({ description: 'of all caches together, 0-100' })),
  total_hits: Type.Number(),
  total_misses: Type.Number(),
  cache_size_mb: Measure,
});
export type CacheMetrics = Static<typeof CacheMetrics>;

/** Most endpoints, models and caches of one answer; `truncated` says when there are more. Their own routes have all. */
export const MAX_ROWS = 200;

export const CurrentMetrics = Type.Object({
  time: Time,
  window_minutes: Type.Number({ description: 'what api_metrics and endpoints are about' }),
  api_metrics: ApiMetrics,
  model_metrics: Type.Record(Type.String(), ModelMetrics, { description: 'by model' }),
  system_metrics: Type.Object({
    uptime_seconds: Type.Number({ description: 'of the monitoring service' }),
    memory_usage_mb: Measure,
    cpu_percent: Measure,
    disk_usage_percent: Measure,
  }),
  cache_metrics: CacheMetrics,
  endpoints: Type.Array(EndpointMetrics, { description: 'the busiest first' }),
  truncated: Type.Boolean(),
});
export type CurrentMetrics = Static<typeof CurrentMetrics>;

const Use = Type.Object({ avg: Measure, max: Measure });

export const MetricsSummary = Type.Object({
  from: Time,
  to: Time,
  requests: Type.Integer(),
  errors: Type.Integer({ description: 'status 500 and more' }),
  success_rate_percent: Measure,
  api_metrics: ApiMetrics,
  system: Type.Object({ cpu_percent: Use, memory_usage_mb: Use, disk_usage_percent: Use }),
  /** Since the first event of each. */
  model_metrics: Type.Record(Type.String(), ModelMetrics),
  cache_metrics: CacheMetrics,
  all_time: Type.Object({
    requests: Type.Integer(),
    errors: Type.Integer(),
    endpoints: Type.Integer(),
    models: Type.Integer(),
    caches: Type.Integer(),
  }),
  alerts: Type.Object({
    active: Type.Integer(),
    raised: Type.Integer({ description: 'within the range' }),
  }),
  truncated: Type.Boolean(),
});
export type MetricsSummary = Static<typeof MetricsSummary>;

export const HistoryLine = Type.Object({
  metric: Type.String(),
  unit: Type.String(),
  labels: Labels,
  points: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
    description: 'begin of the step in epoch milliseconds, and the value',
  }),
});
export type HistoryLine = Static<typeof HistoryLine>;

export const HEALTH_STATES = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'] as const;

export const HealthReport = Type.Object({
  status: OneOf(HEALTH_STATES),
  /** Why it is not healthy, one sentence each. */
  reasons: Type.Array(Type.String()),
  time: Time,
  version: Type.String(),
  uptime_seconds: Type.Number(),
  storage: Type.String(),
  health_score: OrNull(Type.Number({ description: '0-100' })),
  health_status: OneOf(TARGET_STATES),
  alerts_active: Type.Integer(),
  alerts_critical: Type.Integer(),
});
export type HealthReport = Static<typeof HealthReport>;
