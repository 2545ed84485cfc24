/** How a phase's figures go from execution to execution. */
import type { PhaseExecution, PhaseTrend, TrendMetric } from '../protocol/domain.ts';
import { known, spreadOf } from './quantile.ts';

/** So many of the newest values are shown, and decide on the direction. */
const TREND_LENGTH = 20;
/** Below this, even values that only rise may be chance. */
const MIN_VALUES = 5;
/** |Z| of the normal distribution beyond which a trend is no chance: 5 % error, both sides. */
const Z_THRESHOLD = 1.96;

const METRICS: Record<TrendMetric, { unit: string; of: (one: PhaseExecution) => number | null }> = {
  execution_time: { unit: 'ms', of: (one) => one.execution_time_ms },
  memory_usage: { unit: 'MB', of: (one) => one.memory_mb },
  cpu_usage: { unit: 'percent', of: (one) => one.cpu_percent },
  error_count: { unit: 'errors', of: (one) => one.error_count },
};

/**
 * Figures of one metric over `executions` (newest first, as `phaseHistory` gives them): exact average, extremes and
 * quantiles of all, the last 20 values oldest first, and their direction. Executions that never started, and those in
 * which the metric was not measured, are left out; figures of nothing are null.
 */
export function phaseTrend(
  executions: readonly PhaseExecution[],
  phase_id: string,
  metric: TrendMetric,
): PhaseTrend {
  const { unit, of } = METRICS[metric];
  const ran = executions.filter((one) => one.status !== 'SKIPPED' || one.started_at !== null);
  const values = known(ran, of).reverse();
  const trend = values.slice(-TREND_LENGTH);
  return { phase_id, metric, unit, ...spreadOf(values), trend, direction: direction(trend) };
}

/**
 * Whether values rise or fall over time: the Mann-Kendall test (Mann 1945; Kendall, "Rank Correlation Methods", 1975) with
 * its correction for ties. It asks how many pairs rise and how many fall, so one outlier makes no trend. `rising` or
 * `falling` from |Z| > 1.96 on (5 % error), `unknown` below 5 values.
 */
export function direction(values: readonly number[]): PhaseTrend['direction'] {
  if (values.length < MIN_VALUES) return 'unknown';
  const score = pairScore(values);
  const deviation = Math.sqrt(variance(values));
  // The correction for continuity: S moves in steps, the normal distribution does not.
  const z = deviation === 0 ? 0 : (score - Math.sign(score)) / deviation;
  if (Math.abs(z) <= Z_THRESHOLD) return 'steady';
  return z > 0 ? 'rising' : 'falling';
}

/** S: pairs that rise less pairs that fall. */
function pairScore(values: readonly number[]): number {
  let score = 0;
  values.forEach((later, i) => {
    for (const earlier of values.slice(0, i)) score += Math.sign(later - earlier);
  });
  return score;
}

/** Of S, where there is no trend. */
function variance(values: readonly number[]): number {
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const term = (n: number) => n * (n - 1) * (2 * n + 5);
  const tied = [...ties.values()].reduce((sum, n) => sum + term(n), 0);
  return (term(values.length) - tied) / 18;
}
