/** Figures of stages out of the history of phases. */
import { type Execution } from '../core/executions.ts';
import { executionTime } from '../core/history.ts';
import { type HistoryRow, byEnd } from '../core/historyRow.ts';
import type { StageMetrics } from '../protocol/stages.ts';
import { known, spreadOf } from './quantile.ts';
import { percentOf } from './rates.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Sums up rows of one phase id: of one pipeline or of several. `running` is how many run `now` (epoch milliseconds). */
export function stageMetrics(
  rows: readonly HistoryRow[],
  { running, now }: { running: number; now: number },
): StageMetrics {
  const executions = rows.flatMap((row) => row.executions);
  const last = lastOf(executions);
  const newest = rows.find((row) => last !== undefined && row.executions.at(-1) === last);
  const [first] = rows;
  return {
    phase_id: first?.phase_id ?? '',
    name: newest?.name ?? first?.name ?? '',
    pipeline: rows.length === 1 ? (first?.pipeline ?? null) : null,
    pipelines_total: rows.length,
    running,
    ...totals(rows),
    executions_kept: executions.length,
    ...times(executions),
    ...resources(executions),
    error_count: sum(executions.map((one) => one.error_count)),
    warning_count: sum(executions.map((one) => one.warning_count)),
    executions_per_hour: perHour(executions, now),
    last_status: last?.status ?? null,
    last_ended_at: last === undefined ? null : new Date(last.ended_at).toISOString(),
  };
}

/** How many there ever were, and how they ended. */
export function totals(rows: readonly HistoryRow[]) {
  const of = (kind: keyof HistoryRow['counts']) => sum(rows.map((row) => row.counts[kind]));
  const [completed, failed] = [of('COMPLETED'), of('FAILED')];
  const [skipped, cancelled] = [of('SKIPPED'), of('CANCELLED')];
  return {
    executions_total: completed + failed + skipped + cancelled,
    completed_total: completed,
    failed_total: failed,
    skipped_total: skipped,
    cancelled_total: cancelled,
    success_rate_percent: percentOf(completed, completed + failed),
    failure_rate_percent: percentOf(failed, completed + failed),
  };
}

function times(executions: readonly Execution[]) {
  const { avg, min, max, p50, p95 } = spreadOf(known(executions, executionTime));
  return {
    average_execution_time_ms: avg,
    min_execution_time_ms: min,
    max_execution_time_ms: max,
    p50_execution_time_ms: p50,
    p95_execution_time_ms: p95,
  };
}

function resources(executions: readonly Execution[]) {
  const cpu = spreadOf(known(executions, (one) => one.cpu_percent));
  const memory = spreadOf(known(executions, (one) => one.memory_mb));
  return {
    average_cpu_percent: cpu.avg,
    max_cpu_percent: cpu.max,
    average_memory_mb: memory.avg,
    max_memory_mb: memory.max,
  };
}

/**
 * Executions an hour of the 24 hours up to `until` (epoch milliseconds), or of the time since the first start where that
 * is shorter, and of one hour at least: so it never exceeds what ended in a last hour that is all there is. Null for none.
 */
export function perHour(executions: readonly Execution[], until: number): number | null {
  if (executions.length === 0) return null;
  let first = until - HOUR_MS;
  for (const { started_at, ended_at } of executions)
    first = Math.min(first, started_at ?? ended_at);
  const from = Math.max(first, until - DAY_MS);
  const ended = executions.filter(({ ended_at }) => ended_at >= from && ended_at <= until);
  return (ended.length * HOUR_MS) / (until - from);
}

function lastOf(executions: readonly Execution[]): Execution | undefined {
  let last: Execution | undefined;
  for (const one of executions) if (last === undefined || byEnd(one, last) > 0) last = one;
  return last;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
