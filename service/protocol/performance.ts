/** The answers of the reference document's performance routes (/api/metrics, /api/dashboard). */
import { type Static, Type } from '@sinclair/typebox';
import { Bottleneck } from './bottleneck.ts';
import { PeriodStatistics } from './domain.ts';
import { OptimizationRecord } from './optimization.ts';
import { AlertRecord } from './record.ts';
import { OrNull, Time } from './schema.ts';
import { SystemMetrics } from './system.ts';
import { HealthScore, TargetRecord } from './targets.ts';

export const PerformanceMetrics = Type.Object({
  time: Time,
  host: Type.Record(Type.String(), OrNull(Type.Number()), {
    description: 'the newest values of this machine; null for what it does not tell',
  }),
  system: SystemMetrics,
  totals: PeriodStatistics,
});
export type PerformanceMetrics = Static<typeof PerformanceMetrics>;

/** Most alerts and optimizations of the dashboard's state; their own routes have all. */
export const STATE_ROWS = 50;

export const PerformanceState = Type.Object({
  time: Time,
  metrics: PerformanceMetrics,
  health: HealthScore,
  targets: Type.Array(TargetRecord),
  bottlenecks: Type.Array(Bottleneck),
  optimizations: Type.Array(OptimizationRecord, { maxItems: STATE_ROWS }),
  alerts: Type.Array(AlertRecord, { maxItems: STATE_ROWS }),
  alerts_total: Type.Integer(),
});
export type PerformanceState = Static<typeof PerformanceState>;
