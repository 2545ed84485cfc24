/** Questions to one job's state: the answers of the REST routes and the hub. Pure. */
import type {
  AlertRecord,
  ArtifactRecord,
  JobSnapshot,
  LogRecord,
  PhaseRecord,
  PhaseSnapshot,
  ResourceSample,
  SubPhaseRecord,
  TimelineEntry,
} from '../protocol/record.ts';
import { errorLine } from '../protocol/describe.ts';
import type { Level } from '../protocol/states.ts';
import { deriveJob } from './derive.ts';
import type { Mark } from './marks.ts';
import type { JobState, PhaseState } from './model.ts';
import { type Samples, lowerBound } from './samples.ts';
import {
  artifactRecord,
  jobRecord,
  logRecord,
  orderedPhases,
  phaseName,
  phaseRecord,
  resourceSample,
  subPhaseRecord,
  timeText,
} from './view.ts';

/** All phases in order; with `only`, those of these ids (with the place they have among all). */
export function phaseRecords(job: JobState, only?: ReadonlySet<string>): PhaseRecord[] {
  const derived = deriveJob(job);
  const records: PhaseRecord[] = [];
  orderedPhases(job).forEach((phase, index) => {
    if (only === undefined || only.has(phase.phase_id))
      records.push(phaseRecord(job, phase, index, derived));
  });
  return records;
}

export function subPhaseRecords(job: JobState, phase: PhaseState, since = 0): SubPhaseRecord[] {
  const records: SubPhaseRecord[] = [];
  for (const sub of phase.sub_phases.values())
    if (sub.seq > since) records.push(subPhaseRecord(job, phase, sub));
  return records.sort((a, b) => startOf(a) - startOf(b) || (a.name < b.name ? -1 : 1));
}

function startOf(sub: SubPhaseRecord): number {
  return Date.parse(sub.started_at ?? sub.recorded_at);
}

export interface LogQuery {
  levels: readonly Level[];
  phase_id?: string | undefined;
  /** Only lines that changed after this sequence number. */
  since?: number;
}

/** Log lines in order of time. */
export function logRecords(job: JobState, { levels, phase_id, since = 0 }: LogQuery): LogRecord[] {
  const lines = levels.flatMap((level) => job.logs[level]);
  return lines
    .filter((line) => line.seq > since && (phase_id === undefined || line.phase_id === phase_id))
    .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
    .map((line) => logRecord(job, line));
}

export interface PartQuery {
  phase_id?: string | undefined;
  since?: number;
}

export function artifactRecords(
  job: JobState,
  { phase_id, since = 0 }: PartQuery = {},
): ArtifactRecord[] {
  const records: ArtifactRecord[] = [];
  for (const artifact of job.artifacts.values()) {
    if (artifact.seq <= since || (phase_id !== undefined && artifact.phase_id !== phase_id))
      continue;
    records.push(artifactRecord(job, artifact));
  }
  return records.sort(
    (a, b) => Date.parse(a.produced_at) - Date.parse(b.produced_at) || (a.path < b.path ? -1 : 1),
  );
}

/** The job's resource timeline; with `phase_id` that of the phase: its own samples, else the job's while it ran. */
export function resourceSamples(
  job: JobState,
  { phase_id, since = 0 }: PartQuery = {},
): ResourceSample[] {
  if (phase_id === undefined)
    return allSamples(job, job.samples, null).filter((sample) => sample.seq > since);
  const phase = job.phases.get(phase_id);
  if (phase === undefined) return [];
  if (phase.samples) return allSamples(job, phase.samples, phase_id);
  const record = phaseRecord(job, phase, 0, deriveJob(job));
  if (record.started_at === null) return [];
  const from = Date.parse(record.started_at) - job.samples.width_ms + 1;
  const to = record.ended_at === null ? Infinity : Date.parse(record.ended_at);
  const buckets = job.samples.buckets
    .slice(lowerBound(job.samples.buckets, from))
    .filter((b) => b.time <= to);
  return allSamples(job, { ...job.samples, buckets }, phase_id);
}

function allSamples(job: JobState, samples: Samples, phase_id: string | null): ResourceSample[] {
  const source = { job_id: job.job_id, phase_id, width_ms: samples.width_ms };
  return samples.buckets.map((bucket) => resourceSample(source, bucket));
}

/** What happened, in order of time: starts and ends of the job and its phases, and its alerts. */
export function timeline(job: JobState, alerts: readonly AlertRecord[]): TimelineEntry[] {
  const entries: TimelineEntry[] = job.marks.map((mark) =>
    timelineEntry(mark, 'job', null, 'The job'),
  );
  for (const phase of orderedPhases(job)) {
    const name = phaseName(phase);
    for (const mark of phase.marks)
      entries.push(timelineEntry(mark, 'phase', phase.phase_id, name));
  }
  for (const alert of alerts) {
    entries.push({
      time: alert.raised_at,
      type: 'alert.raised',
      phase_id: alert.phase_id,
      message: alert.title,
    });
  }
  return entries.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

const VERBS: Record<Mark['kind'], { type: string; verb: string }> = {
  START: { type: 'started', verb: 'started' },
  COMPLETED: { type: 'completed', verb: 'completed' },
  FAILED: { type: 'failed', verb: 'failed' },
  SKIPPED: { type: 'skipped', verb: 'was skipped' },
  CANCELLED: { type: 'cancelled', verb: 'was cancelled' },
};

function timelineEntry(
  mark: Mark,
  of: string,
  phase_id: string | null,
  name: string,
): TimelineEntry {
  const { type, verb } = VERBS[mark.kind];
  const why = mark.error
    ? `: ${errorLine(withType(mark.error))}`
    : mark.reason
      ? `: ${mark.reason}`
      : '.';
  return {
    time: timeText(mark.time),
    type: `${of}.${type}`,
    phase_id,
    message: `${name} ${verb}${why}`,
  };
}

function withType(error: { message: string; type?: string | undefined }): {
  message: string;
  type?: string;
} {
  return error.type === undefined
    ? { message: error.message }
    : { message: error.message, type: error.type };
}

/** Everything about the job, in one document. */
export function jobSnapshot(job: JobState, alerts: readonly AlertRecord[]): JobSnapshot {
  const active = alerts.filter((alert) => alert.active).length;
  // Sorted out once: a job may have 20,000 phases.
  const errors = byPhase(logRecords(job, { levels: ['error'] }));
  const warnings = byPhase(logRecords(job, { levels: ['warning'] }));
  const artifacts = byPhase(artifactRecords(job));
  const phases = phaseRecords(job).map((phase): PhaseSnapshot => {
    const { phase_id } = phase;
    const state = job.phases.get(phase_id);
    return {
      ...phase,
      sub_phases: state ? subPhaseRecords(job, state) : [],
      errors: errors.get(phase_id) ?? [],
      warnings: warnings.get(phase_id) ?? [],
      artifacts: artifacts.get(phase_id) ?? [],
    };
  });
  return {
    ...jobRecord(job, active),
    phases,
    errors: errors.get(null) ?? [],
    warnings: warnings.get(null) ?? [],
    artifacts: artifacts.get(null) ?? [],
    resource_usage: resourceSamples(job),
    signals: Object.fromEntries([...job.signals].sort()),
    alerts: [...alerts],
    timeline: timeline(job, alerts),
  };
}

function byPhase<T extends { phase_id: string | null }>(
  records: readonly T[],
): Map<string | null, T[]> {
  const groups = new Map<string | null, T[]>();
  for (const record of records) {
    const group = groups.get(record.phase_id);
    if (group) group.push(record);
    else groups.set(record.phase_id, [record]);
  }
  return groups;
}

export function phaseSnapshot(job: JobState, record: PhaseRecord): PhaseSnapshot {
  const { phase_id } = record;
  const phase = job.phases.get(phase_id);
  return {
    ...record,
    sub_phases: phase ? subPhaseRecords(job, phase) : [],
    errors: logRecords(job, { levels: ['error'], phase_id }),
    warnings: logRecords(job, { levels: ['warning'], phase_id }),
    artifacts: artifactRecords(job, { phase_id }),
  };
}
