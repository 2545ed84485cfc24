/**
 * The named messages of the topic `events`, for programs that speak them: the names are those of the reference
 * documents, the data comes from the records. Texts are cut to keep each message below 5 KB; `progress` is a percentage
 * here, 0-100, as programs of that kind print it. Times are RFC 3339.
 */
import type { ErrorCode } from './errors.ts';
import type { AlertRecord } from './record.ts';
import type { Severity, Status } from './states.ts';
import type { SystemMetrics } from './system.ts';

/** `seq` is what the client knows with this message: what it sends as `since` when it comes back. */
export type NamedMessage = { seq: number; ref?: number } & (
  | { type: 'pipeline_progress'; data: PipelineProgress }
  | { type: 'job_created'; data: JobCreated }
  | { type: 'job_completed'; data: JobCompleted }
  | { type: 'sisas_metrics_update'; data: SisasMetrics }
  | { type: 'DashboardUpdate'; data: DashboardState }
  | { type: 'Alert'; data: AlertChange }
  | { type: 'OptimizationApplied'; data: OptimizationApplied }
);

/** The answer to a request that cannot be fulfilled. */
export interface ErrorMessage {
  type: 'error';
  ref?: number;
  code: ErrorCode;
  message: string;
}

/** What a program with the topic `events` may ask; `ref` comes back in the answer. */
export type MessageRequest =
  | { type: 'request_job_status'; job_id: string; ref?: number }
  /** Without a job: the counts of all of them. */
  | { type: 'request_sisas_update'; job_id?: string; ref?: number };

/** A phase moved; of the job itself where `phase_id` is null. */
export interface PipelineProgress {
  job_id: string;
  name: string;
  pipeline: string;
  /** The name of the phase. */
  phase: string | null;
  phase_id: string | null;
  /** 0-100. */
  progress: number | null;
  status: Status;
  message: string | null;
  job_status: Status;
  /** 0-100. */
  job_progress: number | null;
  started_at: string | null;
  ended_at: string | null;
  execution_time_ms: number | null;
  items_done: number | null;
  items_total: number | null;
  error_count: number;
  warning_count: number;
  error: string | null;
  /** Only in the answer to `request_job_status`. */
  snapshot?: StatusSummary;
}

/** A job in brief; GET /api/v1/monitoring/jobs/{job_id}/snapshot has all of it. */
export interface StatusSummary {
  phases_total: number;
  phases_done: number;
  phases_failed: number;
  artifact_count: number;
  alert_count: number;
  /** Failed ones first, then running ones, then the others in their order; at most 20. */
  phases: {
    phase_id: string;
    phase: string;
    status: Status;
    progress: number | null;
    execution_time_ms: number | null;
  }[];
}

export interface JobCreated {
  job_id: string;
  name: string;
  pipeline: string;
  kind: string | null;
  status: Status;
  attempt: number;
  submitted_at: string | null;
  started_at: string | null;
  phases_total: number;
  items_total: number | null;
  source_file: string | null;
  worker_id: string | null;
}

/** A job ended, well or not: `status` says how. */
export interface JobCompleted {
  job_id: string;
  name: string;
  pipeline: string;
  status: Status;
  attempt: number;
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  phases_total: number;
  phases_done: number;
  phases_failed: number;
  error_count: number;
  warning_count: number;
  artifact_count: number;
  alert_count: number;
  /** The phase that failed. */
  failed_phase: { phase_id: string; phase: string } | null;
  error: string | null;
}

/** Counts of signals, the largest first; `truncated` when there are more names than fit. */
export interface SisasMetrics {
  /** Null in the answer to a request that names no job. */
  job_id: string | null;
  /** Of the job. */
  signals: Record<string, number>;
  signals_count: number;
  /** Of all jobs. */
  total: Record<string, number>;
  total_count: number;
  truncated: boolean;
}

/** The state of everything in numbers: the `system_metrics` of GET /api/dashboard with the jobs and alerts by state. */
export type DashboardState = Omit<SystemMetrics, 'queue_sizes'> & {
  total_jobs: number;
  jobs: Partial<Record<Status, number>>;
  active_alerts: number;
  /** The active ones. */
  alerts: Partial<Record<Severity, number>>;
};

/** An alert was raised, acknowledged or resolved. */
export type AlertChange = Omit<
  AlertRecord,
  'tags' | 'metadata' | 'seq' | 'routed' | 'last_raised_at'
>;

export interface OptimizationApplied {
  optimization_id: string;
  outcome: 'applied';
  detail: string | null;
  answered_at: string;
}
