// Records as the service would send them: whole, with everything that a test does not name at its quietest.
import { NO_OUTLOOK } from '../../../service/core/outlook.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../../service/protocol/domain.ts';
import type {
  AlertRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
  SubPhaseRecord,
} from '../../../service/protocol/record.ts';

export const START = Date.parse('2026-03-01T10:00:00.000Z');

/** RFC 3339 text of a moment, in seconds after `START`. */
export function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

export function job(fields: Partial<JobRecord> & { job_id: string }): JobRecord {
  return {
    name: fields.job_id,
    pipeline: 'nightly',
    kind: null,
    status: 'RUNNING',
    attempt: 1,
    progress: null,
    message: null,
    submitted_at: null,
    started_at: at(0),
    ended_at: null,
    duration_ms: null,
    ...NO_OUTLOOK,
    last_seen_at: at(0),
    phases_total: 0,
    phases_done: 0,
    phases_failed: 0,
    error_count: 0,
    warning_count: 0,
    artifact_count: 0,
    alert_count: 0,
    current_phase: null,
    error: null,
    items_total: null,
    source_file: null,
    worker_id: null,
    labels: {},
    extra: {},
    dropped: {},
    seq: 1,
    ...fields,
  };
}

export function phase(
  fields: Partial<PhaseRecord> & { job_id: string; phase_id: string },
): PhaseRecord {
  return {
    name: fields.phase_id,
    index: 0,
    status: 'RUNNING',
    inferred: false,
    reason: null,
    attempt: 1,
    progress: null,
    message: null,
    started_at: at(0),
    ended_at: null,
    execution_time_ms: null,
    expected_ms: null,
    expected_low_ms: null,
    expected_high_ms: null,
    times_usual: null,
    eta_at: null,
    eta_low_at: null,
    eta_high_at: null,
    eta_basis: null,
    depends_on: [],
    cpu_percent: null,
    memory_mb: null,
    throughput: null,
    items_done: null,
    items_total: null,
    error_count: 0,
    warning_count: 0,
    artifact_count: 0,
    sub_phase_count: 0,
    error: null,
    metrics: {},
    worker_id: null,
    extra: {},
    seq: 1,
    ...fields,
  };
}

export function subPhase(
  fields: Partial<SubPhaseRecord> & { job_id: string; phase_id: string; name: string },
): SubPhaseRecord {
  return {
    status: 'COMPLETED',
    started_at: null,
    duration_ms: null,
    metrics: {},
    recorded_at: at(0),
    seq: 1,
    ...fields,
  };
}

export function log(fields: Partial<LogRecord> & { log_id: string; job_id: string }): LogRecord {
  return {
    phase_id: null,
    worker_id: null,
    level: 'info',
    time: at(0),
    message: 'a line',
    details: {},
    error: null,
    seq: 1,
    ...fields,
  };
}

export function alert(fields: Partial<AlertRecord> & { alert_id: string }): AlertRecord {
  return {
    rule: null,
    title: 'A phase is slow',
    description: 'P02 takes longer than 30 s.',
    severity: 'WARNING',
    component: 'phase',
    component_id: null,
    metric: null,
    value: null,
    threshold: null,
    active: true,
    acknowledged: false,
    acknowledged_by: null,
    acknowledged_at: null,
    acknowledged_until: null,
    note: null,
    raised_at: at(0),
    resolved_at: null,
    resolved_by: null,
    resolve_reason: null,
    reopened_count: 0,
    last_raised_at: at(0),
    flapping: false,
    routed: null,
    job_id: null,
    phase_id: null,
    tags: {},
    metadata: {},
    seq: 1,
    ...fields,
  };
}

export function worker(fields: Partial<WorkerRecord> & { worker_id: string }): WorkerRecord {
  return {
    kind: null,
    host: null,
    state: 'ONLINE',
    is_online: true,
    is_healthy: true,
    health_reason: null,
    registered_at: null,
    last_heartbeat: at(0),
    offline_since: null,
    active_tasks: 0,
    completed_tasks: 0,
    failed_tasks: 0,
    total_processing_ms: 0,
    average_task_ms: null,
    cpu_percent: null,
    memory_mb: null,
    gpu_percent: null,
    gpu_memory_mb: null,
    disk_percent: null,
    disk_read_mb_s: null,
    disk_write_mb_s: null,
    net_in_mb_s: null,
    net_out_mb_s: null,
    ipc_latency_ms: null,
    latency_ms: null,
    bytes_transferred: null,
    error_count: 0,
    timeout_count: 0,
    consecutive_failures: 0,
    labels: {},
    extra: {},
    seq: 1,
    ...fields,
  };
}

/** A worker that the service has not heard of for too long. */
export function offline(fields: Partial<WorkerRecord> & { worker_id: string }): WorkerRecord {
  return worker({ state: 'OFFLINE', is_online: false, is_healthy: false, ...fields });
}

export function task(fields: Partial<TaskRecord> & { task_id: string }): TaskRecord {
  return {
    job_id: null,
    phase_id: null,
    worker_id: null,
    queue: null,
    content_type: null,
    status: 'PENDING',
    submitted_at: null,
    started_at: null,
    completed_at: null,
    wait_ms: null,
    processing_ms: null,
    total_ms: null,
    retry_count: 0,
    timed_out: false,
    degraded: false,
    confidence: null,
    input_bytes: null,
    output_bytes: null,
    cpu_ms: null,
    gpu_ms: null,
    memory_peak_mb: null,
    error: null,
    labels: {},
    extra: {},
    seq: 1,
    ...fields,
  };
}

export function queue(fields: Partial<QueueRecord> & { queue: string }): QueueRecord {
  return {
    kind: null,
    pending: null,
    oldest_wait_ms: null,
    waiting_since: null,
    tasks_pending: 0,
    tasks_processing: 0,
    sampled_at: null,
    seq: 1,
    ...fields,
  };
}
