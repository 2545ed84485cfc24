/**
 * Records: what is true now, as it stands on the wire. The service makes them, everybody else only keeps the newest of
 * each id. Times are RFC 3339 text, units stand in the names, `null` is "not known" (never 0). `seq` is the journal
 * sequence number of the record's last change.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Routed } from './notification.ts';
import { LEVELS, SEVERITIES, STATUSES } from './states.ts';
import { ErrorDetails } from './event.ts';
import { Labels, OneOf, OrNull, Time, Values } from './schema.ts';

const Range = Type.Object({ avg: Type.Number(), max: Type.Number() });

/** What an expected end is worked out from: runs before, the progress of this one, or both. */
export const ETA_BASES = ['history', 'progress', 'both'] as const;

/** When it will end: the likely time, and between which times it ends in 8 of 10 cases. */
const eta = {
  eta_at: OrNull(Type.String({ format: 'date-time', description: 'null unless it runs' })),
  eta_low_at: OrNull(Type.String({ format: 'date-time', description: '10 % end earlier' })),
  eta_high_at: OrNull(Type.String({ format: 'date-time', description: '10 % end later' })),
  eta_basis: OrNull(OneOf(ETA_BASES)),
};

/** What is usual for it, from runs before it. */
const usual = {
  expected_ms: OrNull(Type.Number({ description: 'the usual time, from runs before' })),
  expected_low_ms: OrNull(Type.Number({ description: '10 % of runs take less' })),
  expected_high_ms: OrNull(Type.Number({ description: '10 % of runs take more' })),
  times_usual: OrNull(
    Type.Number({ description: 'its time / the usual one; null while it runs and is not beyond' }),
  ),
};

export const JobRecord = Type.Object({
  job_id: Type.String(),
  name: Type.String(),
  pipeline: Type.String(),
  kind: OrNull(Type.String()),
  status: OneOf(STATUSES),
  attempt: Type.Integer(),
  progress: OrNull(Type.Number({ description: '0-1' })),
  message: OrNull(Type.String()),
  submitted_at: OrNull(Time),
  started_at: OrNull(Time),
  ended_at: OrNull(Time),
  duration_ms: OrNull(Type.Number({ description: 'null while running: count from started_at' })),
  ...eta,
  ...usual,
  last_seen_at: Type.String({ format: 'date-time', description: 'last sign of life' }),
  phases_total: Type.Integer(),
  phases_done: Type.Integer(),
  phases_failed: Type.Integer(),
  error_count: Type.Integer(),
  warning_count: Type.Integer(),
  artifact_count: Type.Integer(),
  alert_count: Type.Integer({ description: 'active alerts' }),
  /** The phase that failed, or the one that runs: what a folded row names. */
  current_phase: OrNull(Type.Object({ phase_id: Type.String(), name: Type.String() })),
  error: OrNull(ErrorDetails),
  items_total: OrNull(Type.Number()),
  source_file: OrNull(Type.String()),
  worker_id: OrNull(Type.String()),
  labels: Labels,
  /** Fields of events that Pipescope does not know: kept as they came. */
  extra: Values,
  /** What no longer fitted and was only counted, by kind ("errors": 12 means 12 more than are kept). */
  dropped: Type.Record(Type.String(), Type.Integer()),
  seq: Type.Integer(),
});
export type JobRecord = Static<typeof JobRecord>;

export const PhaseRecord = Type.Object({
  job_id: Type.String(),
  phase_id: Type.String(),
  name: Type.String(),
  index: Type.Integer({ description: 'place in the order of the job, from 0' }),
  status: OneOf(STATUSES),
  /** True where no event said the status: it follows from the end of the job. */
  inferred: Type.Boolean(),
  reason: OrNull(Type.String()),
  attempt: Type.Integer({ description: 'how often this phase was started, at least 1' }),
  progress: OrNull(Type.Number({ description: '0-1' })),
  message: OrNull(Type.String()),
  started_at: OrNull(Time),
  ended_at: OrNull(Time),
  execution_time_ms: OrNull(
    Type.Number({ description: 'null while running: count from started_at' }),
  ),
  ...usual,
  ...eta,
  depends_on: Type.Array(Type.String()),
  cpu_percent: OrNull(Range),
  memory_mb: OrNull(Range),
  throughput: OrNull(Type.Number({ description: 'items per second' })),
  items_done: OrNull(Type.Number()),
  items_total: OrNull(Type.Number()),
  error_count: Type.Integer(),
  warning_count: Type.Integer(),
  artifact_count: Type.Integer(),
  sub_phase_count: Type.Integer(),
  error: OrNull(ErrorDetails),
  metrics: Values,
  worker_id: OrNull(Type.String()),
  extra: Values,
  seq: Type.Integer(),
});
export type PhaseRecord = Static<typeof PhaseRecord>;

/** A sub-phase is named by job, phase and name: recording the same name again updates it. */
export const SubPhaseRecord = Type.Object({
  job_id: Type.String(),
  phase_id: Type.String(),
  name: Type.String(),
  status: OneOf(STATUSES),
  started_at: OrNull(Time),
  duration_ms: OrNull(Type.Number()),
  metrics: Values,
  recorded_at: Time,
  seq: Type.Integer(),
});
export type SubPhaseRecord = Static<typeof SubPhaseRecord>;

/** One line of a job's log: errors and warnings are the lines of those levels. */
export const LogRecord = Type.Object({
  log_id: Type.String(),
  job_id: Type.String(),
  phase_id: OrNull(Type.String()),
  worker_id: OrNull(Type.String()),
  level: OneOf(LEVELS),
  time: Time,
  message: Type.String(),
  details: Values,
  /** Present on the line that a failed phase or job leaves. */
  error: OrNull(ErrorDetails),
  seq: Type.Integer(),
});
export type LogRecord = Static<typeof LogRecord>;

export const ArtifactRecord = Type.Object({
  job_id: Type.String(),
  phase_id: OrNull(Type.String()),
  path: Type.String(),
  kind: OrNull(Type.String()),
  size_bytes: OrNull(Type.Number()),
  checksum: OrNull(Type.String()),
  produced_at: Time,
  seq: Type.Integer(),
});
export type ArtifactRecord = Static<typeof ArtifactRecord>;

const measured = {
  cpu_percent: Type.Optional(Type.Number({ description: 'of the whole machine' })),
  memory_mb: Type.Optional(Type.Number()),
  gpu_percent: Type.Optional(Type.Number()),
  gpu_memory_mb: Type.Optional(Type.Number()),
  disk_percent: Type.Optional(Type.Number()),
  disk_read_mb_s: Type.Optional(Type.Number()),
  disk_write_mb_s: Type.Optional(Type.Number()),
  net_in_mb_s: Type.Optional(Type.Number()),
  net_out_mb_s: Type.Optional(Type.Number()),
  ipc_latency_ms: Type.Optional(Type.Number()),
};

/** One point of a job's resource timeline: the mean over `width_ms` from `time` on. */
export const ResourceSample = Type.Object({
  job_id: Type.String(),
  phase_id: OrNull(Type.String()),
  time: Time,
  width_ms: Type.Number(),
  ...measured,
  seq: Type.Integer(),
});
export type ResourceSample = Static<typeof ResourceSample>;

export const AlertRecord = Type.Object({
  alert_id: Type.String(),
  rule: OrNull(Type.String({ description: 'the rule that raised it; null when a pipeline did' })),
  title: Type.String(),
  description: Type.String(),
  severity: OneOf(SEVERITIES),
  component: Type.String(),
  component_id: OrNull(Type.String()),
  metric: OrNull(Type.String()),
  value: OrNull(Type.Number()),
  threshold: OrNull(Type.Number()),
  active: Type.Boolean({ description: 'false once resolved' }),
  acknowledged: Type.Boolean(),
  acknowledged_by: OrNull(Type.String()),
  acknowledged_at: OrNull(Time),
  acknowledged_until: OrNull(
    Type.String({ format: 'date-time', description: 'when the acknowledgement ends by itself' }),
  ),
  note: OrNull(Type.String()),
  raised_at: Time,
  resolved_at: OrNull(Time),
  resolved_by: OrNull(Type.String({ description: 'null when its cause ended' })),
  resolve_reason: OrNull(Type.String()),
  reopened_count: Type.Integer({ description: 'how often its cause came back' }),
  last_raised_at: Type.String({ format: 'date-time', description: 'raised or reopened last' }),
  flapping: Type.Boolean({ description: 'comes and goes so often that changes are told together' }),
  /** What became of its latest change on the way to each channel; null until that is decided. */
  routed: OrNull(Type.Array(Routed)),
  job_id: OrNull(Type.String()),
  phase_id: OrNull(Type.String()),
  tags: Labels,
  metadata: Values,
  seq: Type.Integer(),
});
export type AlertRecord = Static<typeof AlertRecord>;

export const TimelineEntry = Type.Object({
  time: Time,
  type: Type.String({ description: 'the event type' }),
  phase_id: OrNull(Type.String()),
  message: Type.String(),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

export const PhaseSnapshot = Type.Composite([
  PhaseRecord,
  Type.Object({
    sub_phases: Type.Array(SubPhaseRecord),
    errors: Type.Array(LogRecord),
    warnings: Type.Array(LogRecord),
    artifacts: Type.Array(ArtifactRecord),
  }),
]);
export type PhaseSnapshot = Static<typeof PhaseSnapshot>;

/** Everything about one job, in one document: the answer of the snapshot and export routes. */
export const JobSnapshot = Type.Composite([
  JobRecord,
  Type.Object({
    phases: Type.Array(PhaseSnapshot),
    /** Errors, warnings and artifacts of the job that name no phase. */
    errors: Type.Array(LogRecord),
    warnings: Type.Array(LogRecord),
    artifacts: Type.Array(ArtifactRecord),
    resource_usage: Type.Array(ResourceSample),
    signals: Type.Record(Type.String(), Type.Integer()),
    alerts: Type.Array(AlertRecord),
    timeline: Type.Array(TimelineEntry),
  }),
]);
export type JobSnapshot = Static<typeof JobSnapshot>;

/** A job as it is exported: its snapshot, and below that what `import` makes the same records of. */
export const JobExport = Type.Composite([
  Type.Object({
    pipescope: Type.Object({
      format: Type.Integer({ description: 'of this document; imports take the same' }),
      version: Type.String({ description: 'the Pipescope that wrote it' }),
    }),
  }),
  JobSnapshot,
  Type.Object({
    logs: Type.Array(LogRecord, {
      description: 'lines of level info; errors and warnings stand above',
    }),
    alert_events: Type.Array(Values, { description: 'all that was said of the alerts' }),
    state: Type.Object({}, { description: 'what the records are made of' }),
  }),
]);
export type JobExport = Static<typeof JobExport>;
/** The records among it. */
export type JobContents = JobSnapshot & Pick<JobExport, 'logs'>;
