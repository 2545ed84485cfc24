/** What is measured of runs and phases: its name, how it is said, its colour and its unit. */
import { t } from '@vscode/l10n';
import { count, duration, memory, percent, UNKNOWN } from '../service/protocol/describe.ts';
import type { TrendMetric } from '../service/protocol/domain.ts';
import { type Color, METRIC_COLORS, type Say } from './charts/spec.ts';

export interface MetricWords {
  title: () => string;
  say: Say;
  color: Color;
  unit: string;
}

export const METRIC_WORDS: Record<TrendMetric, MetricWords> = {
  execution_time: {
    ...{ title: () => t('Execution time'), say: duration, color: METRIC_COLORS.cpu, unit: 'ms' },
  },
  memory_usage: {
    ...{ title: () => t('Memory'), say: memory, color: METRIC_COLORS.memory, unit: 'MB' },
  },
  cpu_usage: { title: () => t('CPU'), say: percent, color: METRIC_COLORS.cpu, unit: '%' },
  error_count: {
    ...{ title: () => t('Errors'), say: errors, color: METRIC_COLORS.bad },
    get unit() {
      return t('errors');
    },
  },
};

function errors(value: number | null): string {
  if (value === null) return UNKNOWN;
  return count(Math.round(value * 100) / 100, t('{0} error'), t('{0} errors'));
}
