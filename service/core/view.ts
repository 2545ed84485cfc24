/** Records out of the model: times become text, what follows from marks and samples is worked out. */
import type {
  ArtifactRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
  ResourceSample,
  SubPhaseRecord,
} from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import { type Derived, deriveJob, derivePhase } from './derive.ts';
import type { ArtifactState, JobState, LogLine, PhaseState, SubPhaseState } from './model.ts';
import { type JobOutlook, outlookFields, outlookOf } from './outlook.ts';
import { readAll, readAllTexts, readNumber, readText, readTexts } from './registers.ts';
import { type Bucket, type Samples, means, summarize } from './samples.ts';

export function timeText(time: number): string {
  return new Date(time).toISOString();
}

export function timeOrNull(time: number | null): string | null {
  return time === null ? null : timeText(time);
}

/** Worked out by sorting all phases; a change of one is told in several ways. */
const ordered = new WeakMap<JobState, { seq: number; phases: readonly PhaseState[] }>();

/** The job's phases in the order they are shown: as declared, then by their first event. */
export function orderedPhases(job: JobState): readonly PhaseState[] {
  const { seq } = job;
  const held = ordered.get(job);
  if (held?.seq === seq) return held.phases;
  const phases = inOrder(job);
  ordered.set(job, { seq, phases });
  return phases;
}

function inOrder(job: JobState): PhaseState[] {
  const place = (phase: PhaseState) => readNumber(phase.fields, 'declared_index') ?? Infinity;
  const placed = [...job.phases.values()].map((phase) => ({ phase, at: place(phase) }));
  placed.sort(
    (a, b) =>
      compare(a.at, b.at) ||
      compare(a.phase.first_time, b.phase.first_time) ||
      (a.phase.phase_id < b.phase.phase_id ? -1 : 1),
  );
  return placed.map(({ phase }) => phase);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function phaseName(phase: PhaseState): string {
  return (
    readText(phase.fields, 'name') ?? readText(phase.fields, 'declared_name') ?? phase.phase_id
  );
}

/** What groups runs of the same thing: as told, else the name, else the id. */
export function pipelineOf({ fields, job_id }: JobState): string {
  return readText(fields, 'pipeline') ?? readText(fields, 'name') ?? job_id;
}

interface MadeRecord {
  seq: number;
  alertCount: number;
  outlook: JobOutlook | undefined;
  record: JobRecord;
}

/** Lists ask for the same jobs again and again, and a record is worked out from all phases. */
const made = new WeakMap<JobState, MadeRecord>();

/** The job as others see it. The same object until something is heard of the job, or expected of it. */
export function jobRecord(job: JobState, alertCount: number): JobRecord {
  const { seq } = job;
  const outlook = outlookOf(job);
  const held = made.get(job);
  if (held?.seq === seq && held.alertCount === alertCount && held.outlook === outlook)
    return held.record;
  const record = makeRecord(job, alertCount);
  made.set(job, { seq, alertCount, outlook, record });
  return record;
}

function makeRecord(job: JobState, alertCount: number): JobRecord {
  const derived = deriveJob(job);
  const phases = orderedPhases(job).map((phase) => ({
    phase,
    derived: derivePhase(phase, job, derived),
  }));
  const done = phases.filter((p) => p.derived.status === 'COMPLETED').length;
  const failed = phases.filter((p) => p.derived.status === 'FAILED');
  const name = readText(job.fields, 'name') ?? job.job_id;
  const error =
    derived.error ?? (derived.status === 'FAILED' ? (failed[0]?.derived.error ?? null) : null);
  const failures = failed.length === 0 && derived.error ? 1 : 0;
  const current = failed[0] ?? phases.find((p) => p.derived.status === 'RUNNING');
  const times = span(derived);
  return {
    job_id: job.job_id,
    name,
    pipeline: pipelineOf(job),
    kind: readText(job.fields, 'kind'),
    status: derived.status,
    attempt: derived.attempt,
    progress: jobProgress(
      job,
      derived,
      phases.map((p) => progressOf(p.phase, p.derived)),
    ),
    message: isEnded(derived.status) ? derived.reason : readText(job.fields, 'message'),
    submitted_at: timeOrNull(readNumber(job.fields, 'submitted_at')),
    ...times,
    ...outlookFields(outlookOf(job), times.duration_ms, derived.status),
    last_seen_at: timeText(job.last_seen),
    phases_total: phases.length,
    phases_done: done,
    phases_failed: failed.length,
    error_count: job.log_counts.error + failures,
    warning_count: job.log_counts.warning,
    artifact_count: job.artifacts.size + (job.dropped.get('artifacts') ?? 0),
    alert_count: alertCount,
    current_phase: current
      ? { phase_id: current.phase.phase_id, name: phaseName(current.phase) }
      : null,
    error,
    items_total: readNumber(job.fields, 'items_total'),
    source_file: readText(job.fields, 'source_file'),
    worker_id: readText(job.fields, 'worker_id'),
    labels: readAllTexts(job.labels),
    extra: readAll(job.extra),
    dropped: Object.fromEntries([...job.dropped].sort()),
    seq: job.seq,
  };
}

function span({ started_at, ended_at }: Derived) {
  const known = started_at !== null && ended_at !== null;
  return {
    started_at: timeOrNull(started_at),
    ended_at: timeOrNull(ended_at),
    duration_ms: known ? Math.max(0, ended_at - started_at) : null,
  };
}

/** What the pipeline said itself of the run that goes on, 0 to 1; null where it said nothing. */
export function toldProgress({ fields }: JobState, { started_at }: Derived): number | null {
  const told = fields.get('progress');
  const ofThisRun = told && (started_at === null || told.time >= started_at);
  return ofThisRun && typeof told.value === 'number' ? told.value : null;
}

/** What the pipeline said itself, else the mean of its phases. */
function jobProgress(job: JobState, derived: Derived, phases: number[]): number | null {
  if (derived.status === 'COMPLETED') return 1;
  const told = toldProgress(job, derived);
  if (told !== null) return told;
  if (phases.length === 0) return null;
  return round(phases.reduce((sum, one) => sum + one, 0) / phases.length, 4);
}

function progressOf(phase: PhaseState, derived: Derived): number {
  if (derived.status === 'COMPLETED' || derived.status === 'SKIPPED') return 1;
  return phaseProgress(phase, derived) ?? 0;
}

export function phaseProgress(phase: PhaseState, { status, started_at }: Derived): number | null {
  if (status === 'COMPLETED') return 1;
  if (status === 'PENDING' || status === 'SKIPPED') return null;
  const current = (key: string) => {
    const held = phase.fields.get(key);
    return held &&
      (started_at === null || held.time >= started_at) &&
      typeof held.value === 'number'
      ? held.value
      : null;
  };
  const told = current('progress');
  if (told !== null) return told;
  const total = readNumber(phase.fields, 'items_total');
  const done = current('items_done');
  return done === null || total === null || total <= 0 ? null : Math.min(1, round(done / total, 4));
}

/** `index` is the phase's place in `orderedPhases`. */
export function phaseRecord(
  job: JobState,
  phase: PhaseState,
  index: number,
  of: Derived,
): PhaseRecord {
  const derived = derivePhase(phase, job, of);
  const { fields } = phase;
  const { duration_ms, ...times } = span(derived);
  const own = readTexts(fields, 'depends_on');
  return {
    job_id: job.job_id,
    phase_id: phase.phase_id,
    name: phaseName(phase),
    index,
    status: derived.status,
    inferred: derived.inferred,
    reason: derived.reason,
    attempt: derived.attempt,
    progress: phaseProgress(phase, derived),
    message: readText(fields, 'message'),
    ...times,
    execution_time_ms: duration_ms,
    ...outlookFields(outlookOf(job)?.phases.get(phase.phase_id), duration_ms, derived.status),
    depends_on: own.length > 0 ? own : readTexts(fields, 'declared_depends_on'),
    cpu_percent: usage(job, phase, derived, 'cpu_percent'),
    memory_mb: usage(job, phase, derived, 'memory_mb'),
    throughput: throughput(phase, derived),
    items_done: readNumber(fields, 'items_done'),
    items_total: readNumber(fields, 'items_total'),
    error_count: phase.error_count,
    warning_count: phase.warning_count,
    artifact_count: phase.artifact_count,
    sub_phase_count: phase.sub_phases.size,
    error: derived.error,
    metrics: readAll(phase.metrics),
    worker_id: readText(fields, 'worker_id'),
    extra: readAll(phase.extra),
    seq: phase.seq,
  };
}

type Ran = Pick<Derived, 'started_at' | 'ended_at'>;

/** The phase's own samples where it has any, else those of the job while the phase ran. */
export function usage(job: JobState, phase: PhaseState, ran: Ran, field: string) {
  if (ran.started_at === null) return null;
  const samples: Samples = phase.samples ?? job.samples;
  const summary = summarize(samples, field, ran.started_at, ran.ended_at ?? Infinity);
  return summary === null ? null : { avg: summary.avg, max: summary.max };
}

function throughput(phase: PhaseState, { started_at, ended_at }: Derived): number | null {
  const done = readNumber(phase.fields, 'items_done');
  const until = ended_at ?? phase.last_time;
  if (done === null || started_at === null || until <= started_at) return null;
  return round((done * 1000) / (until - started_at), 2);
}

export function subPhaseRecord(
  job: JobState,
  phase: PhaseState,
  sub: SubPhaseState,
): SubPhaseRecord {
  return {
    job_id: job.job_id,
    phase_id: phase.phase_id,
    name: sub.name,
    status: (readText(sub.fields, 'status') ?? 'COMPLETED') as Status,
    started_at: timeOrNull(readNumber(sub.fields, 'started_at')),
    duration_ms: readNumber(sub.fields, 'duration_ms'),
    metrics: readAll(sub.metrics),
    recorded_at: timeText(sub.recorded_at),
    seq: sub.seq,
  };
}

export function logRecord(job: JobState, line: LogLine): LogRecord {
  const { id, time, ...rest } = line;
  return { log_id: id, job_id: job.job_id, ...rest, time: timeText(time) };
}

export function artifactRecord(job: JobState, artifact: ArtifactState): ArtifactRecord {
  return {
    job_id: job.job_id,
    phase_id: artifact.phase_id,
    path: artifact.path,
    kind: readText(artifact.fields, 'kind'),
    size_bytes: readNumber(artifact.fields, 'size_bytes'),
    checksum: readText(artifact.fields, 'checksum'),
    produced_at: timeText(artifact.produced_at),
    seq: artifact.seq,
  };
}

export interface SampleSource {
  job_id: string;
  phase_id: string | null;
  width_ms: number;
}

export function resourceSample(source: SampleSource, bucket: Bucket): ResourceSample {
  return { ...source, time: timeText(bucket.time), ...means(bucket), seq: bucket.seq };
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
