/** Records -> the data of the named messages. Pure; every text is cut so that a message stays below 5 KB. */
import type {
  AlertChange,
  JobCompleted,
  JobCreated,
  OptimizationApplied,
  PipelineProgress,
  SisasMetrics,
  StatusSummary,
} from '../protocol/message.ts';
import type { OptimizationRecord } from '../protocol/optimization.ts';
import type { ErrorDetails } from '../protocol/event.ts';
import type { AlertRecord, JobRecord, PhaseRecord } from '../protocol/record.ts';

/** Bytes of JSON. */
const LONGEST_TEXT = 400;
const LONGEST_PHASE_NAME = 100;
const LONGEST_DESCRIPTION = 1500;
const MOST_PHASES = 20;
/** That the answer with a job's phases may take. */
const MOST_OF_STATUS = 4800;
/** That the names and counts of signals may take, of the job and in total each. */
const MOST_OF_SIGNALS = 1800;

/** How far a phase has come, or the job itself when `phase` is null. */
export function pipelineProgress(job: JobRecord, phase: PhaseRecord | null): PipelineProgress {
  const of = phase ?? job;
  return {
    job_id: job.job_id,
    name: cut(job.name),
    pipeline: cut(job.pipeline),
    phase: phase && cut(phase.name),
    phase_id: phase && phase.phase_id,
    progress: percent(of.progress),
    status: of.status,
    message: cutOrNull(of.message),
    job_status: job.status,
    job_progress: percent(job.progress),
    started_at: of.started_at,
    ended_at: of.ended_at,
    execution_time_ms: phase ? phase.execution_time_ms : job.duration_ms,
    items_done: phase && phase.items_done,
    items_total: of.items_total,
    error_count: of.error_count,
    warning_count: of.warning_count,
    error: errorText(of.error),
  };
}

/** The answer to `request_job_status`: the job's own progress with its phases in brief, as many as fit. */
export function jobStatus(job: JobRecord, phases: readonly PhaseRecord[]): PipelineProgress {
  const { phases_total, phases_done, phases_failed, artifact_count, alert_count } = job;
  const snapshot: StatusSummary = {
    ...{ phases_total, phases_done, phases_failed, artifact_count, alert_count },
    phases: [],
  };
  const status = { ...pipelineProgress(job, null), snapshot };
  const urgent = [...phases].sort((a, b) => urgency(a) - urgency(b) || a.index - b.index);
  let room = MOST_OF_STATUS - sizeOf(status);
  for (const phase of urgent.slice(0, MOST_PHASES).map(phaseInBrief)) {
    room -= sizeOf(phase) + 1;
    if (room < 0) break;
    snapshot.phases.push(phase);
  }
  return status;
}

function phaseInBrief(phase: PhaseRecord): StatusSummary['phases'][number] {
  const { phase_id, status, execution_time_ms } = phase;
  const name = cut(phase.name, LONGEST_PHASE_NAME);
  return { phase_id, phase: name, status, progress: percent(phase.progress), execution_time_ms };
}

function urgency({ status }: PhaseRecord): number {
  return status === 'FAILED' ? 0 : status === 'RUNNING' ? 1 : 2;
}

export function jobCreated(job: JobRecord): JobCreated {
  const { job_id, status, attempt, submitted_at, started_at, phases_total, items_total } = job;
  return {
    job_id,
    name: cut(job.name),
    pipeline: cut(job.pipeline),
    kind: cutOrNull(job.kind),
    ...{ status, attempt, submitted_at, started_at, phases_total, items_total },
    source_file: cutOrNull(job.source_file),
    worker_id: cutOrNull(job.worker_id),
  };
}

export function jobCompleted(job: JobRecord): JobCompleted {
  const { job_id, status, attempt, started_at, ended_at, duration_ms } = job;
  const { phases_total, phases_done, phases_failed, error_count, warning_count } = job;
  const failed = job.status === 'FAILED' ? job.current_phase : null;
  return {
    job_id,
    name: cut(job.name),
    pipeline: cut(job.pipeline),
    ...{ status, attempt, started_at, ended_at, duration_ms },
    ...{ phases_total, phases_done, phases_failed, error_count, warning_count },
    artifact_count: job.artifact_count,
    alert_count: job.alert_count,
    failed_phase: failed && { phase_id: failed.phase_id, phase: cut(failed.name) },
    error: errorText(job.error),
  };
}

/** `job` is null when nobody asked for one. */
export function sisasMetrics(
  job: { job_id: string; signals: ReadonlyMap<string, number> } | null,
  totals: Readonly<Record<string, number>>,
): SisasMetrics {
  const own = largest(job?.signals ?? []);
  const all = largest(Object.entries(totals));
  return {
    job_id: job?.job_id ?? null,
    signals: own.counts,
    signals_count: own.sum,
    total: all.counts,
    total_count: all.sum,
    truncated: own.truncated || all.truncated,
  };
}

/** The largest counts, as many as fit. */
function largest(signals: Iterable<[string, number]>) {
  const sorted = [...signals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept: [string, number][] = [];
  let size = 0;
  for (const [signal, count] of sorted) {
    size += sizeOf(signal) + sizeOf(count) + 2;
    if (size > MOST_OF_SIGNALS) break;
    kept.push([signal, count]);
  }
  return {
    counts: Object.fromEntries(kept),
    sum: sorted.reduce((sum, [, count]) => sum + count, 0),
    truncated: kept.length < sorted.length,
  };
}

export function alertChange(alert: AlertRecord): AlertChange {
  const { tags: _tags, metadata: _metadata, seq: _seq, ...more } = alert;
  const { routed: _routed, last_raised_at: _last, ...rest } = more;
  return {
    ...rest,
    title: cut(alert.title),
    description: cut(alert.description, LONGEST_DESCRIPTION),
    component: cut(alert.component),
    component_id: cutOrNull(alert.component_id),
    metric: cutOrNull(alert.metric),
    acknowledged_by: cutOrNull(alert.acknowledged_by),
    note: cutOrNull(alert.note),
  };
}

/** Null where the proposal was refused: that is no news to those who wait for an effect. */
export function optimizationApplied(
  answer: Pick<OptimizationRecord, 'optimization_id' | 'outcome' | 'detail' | 'answered_at'>,
): OptimizationApplied | null {
  const { optimization_id, outcome, answered_at } = answer;
  if (outcome !== 'applied' || answered_at === null) return null;
  return {
    optimization_id,
    outcome,
    detail: cutOrNull(answer.detail, LONGEST_DESCRIPTION),
    answered_at,
  };
}

/** 0-1 -> 0-100, to a hundredth. */
function percent(progress: number | null): number | null {
  return progress === null ? null : Math.round(progress * 10_000) / 100;
}

function errorText(error: ErrorDetails | null): string | null {
  return error === null
    ? null
    : cut(error.type ? `${error.type}: ${error.message}` : error.message);
}

function cutOrNull(text: string | null, most = LONGEST_TEXT): string | null {
  return text === null ? null : cut(text, most);
}

/** Cut to so many bytes of JSON, never within a character. */
function cut(text: string, most = LONGEST_TEXT): string {
  if (text.length <= most && sizeOf(text) <= most) return text;
  let kept = text.slice(0, most);
  while (sizeOf(kept) > most - 3) kept = kept.slice(0, Math.floor(kept.length * 0.95));
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
