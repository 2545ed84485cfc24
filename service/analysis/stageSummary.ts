/** Key figures over all stages. */
import type { Execution } from '../core/executions.ts';
import { executionTime } from '../core/history.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import type { StageSummary } from '../protocol/stages.ts';
import { known, meanOf } from './quantile.ts';
import { percentOf } from './rates.ts';
import { perHour } from './stages.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLOWEST = 5;

export interface SummaryRange {
  from?: number | undefined;
  to?: number | undefined;
  /** Epoch milliseconds: what "last hour" ends with. */
  now: number;
}

/** Figures of the kept executions that ended in the range. */
export function stageSummary(
  rows: readonly HistoryRow[],
  { from = -Infinity, to = Infinity, now }: SummaryRange,
): StageSummary {
  const inRange = rows.map(({ pipeline, phase_id, name, executions }) => ({
    stage: { pipeline, phase_id, name },
    ...meansOf(executions.filter((one) => one.ended_at >= from && one.ended_at <= to)),
  }));
  const all = inRange.flatMap((row) => row.executions);
  const { time, cpu, memory } = meansOf(all);
  const count = (matches: (one: Execution) => boolean) =>
    all.reduce((counted, one) => (matches(one) ? counted + 1 : counted), 0);
  const completed = count((one) => one.status === 'COMPLETED');
  const failed = count((one) => one.status === 'FAILED');
  const since = (begin: number) => count((one) => one.ended_at > begin && one.ended_at <= now);
  return {
    stages_total: inRange.filter((row) => row.executions.length > 0).length,
    executions_kept: all.length,
    completed,
    failed,
    success_rate_percent: percentOf(completed, completed + failed),
    failure_rate_percent: percentOf(failed, completed + failed),
    average_execution_time_ms: time,
    average_cpu_percent: cpu,
    average_memory_mb: memory,
    executions_last_hour: since(now - HOUR_MS),
    executions_last_day: since(now - DAY_MS),
    executions_per_hour: perHour(all, Math.min(to, now)),
    slowest: inRange
      .flatMap(({ stage, time: average }) =>
        average === null ? [] : [{ ...stage, average_execution_time_ms: average }],
      )
      .sort((a, b) => b.average_execution_time_ms - a.average_execution_time_ms)
      .slice(0, SLOWEST),
  };
}

function meansOf(executions: Execution[]) {
  return {
    executions,
    time: meanOf(known(executions, executionTime)),
    cpu: meanOf(known(executions, (one) => one.cpu_percent)),
    memory: meanOf(known(executions, (one) => one.memory_mb)),
  };
}
