import type { JobRecord } from '../service/protocol/record.ts';

/** When a job began, as far as is known: epoch milliseconds. */
function beganAt(job: JobRecord): number {
  return Date.parse(job.started_at ?? job.submitted_at ?? job.last_seen_at);
}

export function newestFirst(a: JobRecord, b: JobRecord): number {
  return beganAt(b) - beganAt(a) || (a.job_id < b.job_id ? -1 : 1);
}

/** Running first, then newest. */
export function runningFirst(a: JobRecord, b: JobRecord): number {
  return Number(isActive(b)) - Number(isActive(a)) || newestFirst(a, b);
}

export function isActive(job: JobRecord): boolean {
  return job.status === 'RUNNING' || job.status === 'STALE';
}

/** The jobs of one state, newest first. */
export function jobsIn(jobs: Iterable<JobRecord>, status: JobRecord['status']): JobRecord[] {
  return [...jobs].filter((job) => job.status === status).sort(newestFirst);
}
