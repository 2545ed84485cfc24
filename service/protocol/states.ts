/** The states of jobs, phases and sub-phases, and the severities of alerts: names as they stand on the wire. */
export const STATUSES = [
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'SKIPPED',
  'CANCELLED',
  'STALE',
] as const;
export type Status = (typeof STATUSES)[number];

export const SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const WORKER_STATES = ['ONLINE', 'OFFLINE', 'STOPPED'] as const;
export const WORKER_KINDS = ['cpu', 'gpu', 'hybrid'] as const;
export const TASK_STATES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];
export type TaskStatus = (typeof TASK_STATES)[number];

/** Orders of jobs: by start, by duration, by errors (most first), by name. */
export const JOB_ORDERS = ['newest', 'oldest', 'longest', 'shortest', 'errors', 'name'] as const;
export type JobOrder = (typeof JOB_ORDERS)[number];

export const LEVELS = ['info', 'warning', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Worst first: what the status bar and a job's folded row show. */
export const WORST_FIRST: readonly Status[] = [
  'FAILED',
  'STALE',
  'RUNNING',
  'CANCELLED',
  'PENDING',
  'SKIPPED',
  'COMPLETED',
];

const ENDED: ReadonlySet<Status> = new Set<Status>(['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED']);

/** True for a state that only a new attempt leaves. STALE is not one: a sign of life ends it. */
export function isEnded(status: Status): boolean {
  return ENDED.has(status);
}

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
