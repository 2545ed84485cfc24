/** How the performance of a pipeline is shown. */
import type { TrendMetric } from '../service/protocol/domain.ts';

/** Not those of domain.ts themselves: with them their schemas would come to the page. */
export const PERFORMANCE_METRICS = [
  'execution_time',
  'memory_usage',
  'cpu_usage',
  'error_count',
] as const satisfies readonly TrendMetric[];
export const PERFORMANCE_TABS = ['runs', 'phases', 'spread', 'grid', 'hours', 'success'] as const;
export type PerformanceTab = (typeof PERFORMANCE_TABS)[number];
/** How many runs are looked at. */
export const LAST_RUNS = [10, 30, 100] as const;

export interface PerformanceView {
  tab: PerformanceTab;
  metric: TrendMetric;
  last: (typeof LAST_RUNS)[number];
  spread: 'box' | 'violin';
}

export const DEFAULT_PERFORMANCE: PerformanceView = {
  tab: 'runs',
  metric: 'execution_time',
  last: 30,
  spread: 'box',
};

export function readPerformance(saved: unknown): PerformanceView {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_PERFORMANCE;
  const { tab, metric, last, spread } = saved as Partial<Record<keyof PerformanceView, unknown>>;
  return {
    tab: PERFORMANCE_TABS.find((one) => one === tab) ?? DEFAULT_PERFORMANCE.tab,
    metric: PERFORMANCE_METRICS.find((one) => one === metric) ?? DEFAULT_PERFORMANCE.metric,
    last: LAST_RUNS.find((one) => one === last) ?? DEFAULT_PERFORMANCE.last,
    spread: spread === 'violin' ? 'violin' : 'box',
  };
}
