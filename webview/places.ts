/** Which region shows the values of a metric. */
import type { RegionName } from './regionNames.ts';

/** The first one that fits; the rest is about how quickly the work goes. */
const REGIONS: readonly [RegExp, RegionName][] = [
  [/^(queue|task|tasks|worker)_/, 'Workers'],
  [/^(request_|error_rate_percent$)/, 'API'],
  [/^prediction_/, 'Models'],
  [/^cache_/, 'Cache'],
  [/^open_findings$/, 'Bottlenecks'],
  [/^(host|cpu|memory|gpu|disk|net|ipc)_|_memory_/, 'Resources'],
];
const SOURCES: ReadonlySet<string> = new Set(['host', 'worker', 'job']);

function named(metric: string): RegionName | undefined {
  return REGIONS.find(([pattern]) => pattern.test(metric))?.[1];
}

/** The region that shows more of a metric. */
export function regionOf(metric: string): RegionName {
  return named(metric) ?? 'Performance';
}

/** The region that shows these values; null for a metric of one's own, which stands in widgets only. */
export function placeOf({
  metric,
  labels,
}: {
  metric: string | null;
  labels: Readonly<Record<string, string>>;
}): RegionName | null {
  const { source } = labels;
  if (source !== undefined && SOURCES.has(source)) return 'Resources';
  return (metric === null ? undefined : named(metric)) ?? null;
}

/** What each region asks for when it says what was found in its values. */
export const METRICS_OF = {
  API: 'request_duration_ms,request_errors',
  Models: 'prediction_absolute_error,prediction_confidence,prediction_r2',
  Cache: 'cache_hit_rate_percent,cache_size_mb,cache_hits,cache_misses',
  Workers: [
    'queue_pending,queue_oldest_wait_ms,worker_latency_ms,worker_active_tasks,worker_memory_percent',
    'task_wait_ms,task_processing_ms,task_total_ms',
    'tasks_submitted,tasks_retried,tasks_completed,tasks_failed,tasks_timed_out',
  ].join(','),
} as const satisfies Partial<Record<RegionName, string>>;
