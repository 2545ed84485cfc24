/** Figures of executions out of the records of jobs. */
import type { JobRecord } from '../protocol/record.ts';
import type { ExecutionStatistics } from '../protocol/stages.ts';
import { STATUSES } from '../protocol/states.ts';
import { known, spreadOf } from './quantile.ts';
import { percentOf } from './rates.ts';

/** How the jobs stand, and how long those took that ended and whose start is known. */
export function executionStatistics(jobs: readonly JobRecord[]): ExecutionStatistics {
  const by_status = countByStatus(jobs);
  const { COMPLETED: completed = 0, FAILED: failed = 0 } = by_status;
  const { avg, min, max, p50, p95 } = spreadOf(known(jobs, (job) => job.duration_ms));
  return {
    executions_total: jobs.length,
    by_status,
    success_rate_percent: percentOf(completed, completed + failed),
    failure_rate_percent: percentOf(failed, completed + failed),
    average_duration_ms: avg,
    min_duration_ms: min,
    max_duration_ms: max,
    p50_duration_ms: p50,
    p95_duration_ms: p95,
  };
}

export function countByStatus(jobs: readonly JobRecord[]): Record<string, number> {
  const counts = new Map<string, number>(STATUSES.map((status) => [status, 0]));
  for (const { status } of jobs) counts.set(status, (counts.get(status) ?? 0) + 1);
  return Object.fromEntries(counts);
}
