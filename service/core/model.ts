/**
 * The model: what is true now. A job's state is one document that is kept in memory while it runs and in one file when it
 * has ended; everything in it is a function of the set of its events. Times are epoch milliseconds here.
 */
import type { ErrorDetails, EventOf } from '../protocol/event.ts';
import type { RouteOutcome } from '../protocol/notification.ts';
import type { JobRecord } from '../protocol/record.ts';
import type { Level } from '../protocol/states.ts';
import type { Mark } from './marks.ts';
import type { Registers } from './registers.ts';
import { type Samples, newSamples } from './samples.ts';

/** What one job may hold; beyond that the latest are kept and the rest is counted in `dropped`. */
export const LIMITS = {
  phases: 20_000,
  subPhases: 2_000,
  artifacts: 5_000,
  logs: { error: 500, warning: 500, info: 1_000 } satisfies Record<Level, number>,
  jobBuckets: 1_000,
  phaseBuckets: 200,
  signals: 1_000,
};

export interface LogLine {
  id: string;
  time: number;
  level: Level;
  message: string;
  phase_id: string | null;
  worker_id: string | null;
  details: Record<string, unknown>;
  error: ErrorDetails | null;
  seq: number;
}

export interface SubPhaseState {
  name: string;
  fields: Registers;
  metrics: Registers;
  recorded_at: number;
  seq: number;
}

export interface ArtifactState {
  path: string;
  phase_id: string | null;
  fields: Registers;
  produced_at: number;
  seq: number;
}

export interface PhaseState {
  phase_id: string;
  marks: Mark[];
  fields: Registers;
  metrics: Registers;
  extra: Registers;
  sub_phases: Map<string, SubPhaseState>;
  samples: Samples | null;
  error_count: number;
  warning_count: number;
  artifact_count: number;
  /** Earliest time of any event about it: its place among undeclared phases. */
  first_time: number;
  /** Latest time of its progress: what throughput is counted to. */
  last_time: number;
  seq: number;
}

export interface JobState {
  job_id: string;
  marks: Mark[];
  fields: Registers;
  labels: Registers;
  extra: Registers;
  phases: Map<string, PhaseState>;
  logs: Record<Level, LogLine[]>;
  log_counts: Record<Level, number>;
  artifacts: Map<string, ArtifactState>;
  samples: Samples;
  signals: Map<string, number>;
  dropped: Map<string, number>;
  /** Arrival of the first and the latest sign of life. */
  first_seen: number;
  last_seen: number;
  /** Silent since this arrival, as a job.stalled event found. */
  silent_since: number;
  /** True while nothing but an import tells of it: nobody is alerted of what happened long ago. */
  imported: boolean;
  /** Parts of imports that have not come: more than 0 when one was cut off. */
  import_missing: number;
  /** Sequence numbers of the first and the last entry folded in: a replay skips what the document already holds. */
  first_seq: number;
  folded_seq: number;
  seq: number;
}

/** An end of an alert, or its return. */
export type LifeMark = EventOf<'alert.resolved'> | EventOf<'alert.reopened'>;
/** Somebody takes care of an alert, or no more. */
export type AckMark = EventOf<'alert.acknowledged'> | EventOf<'alert.unacknowledged'>;

/** What became of a change of an alert on its way to one channel; `of` is the id of the event that changed it. */
export interface Route {
  channel_id: string;
  id: string;
  time: number;
  of: string;
  outcome: RouteOutcome;
  reason?: string;
  notification_id?: string;
  due_at?: number;
}

/** What was said of one alert; it is shown once it was raised, and no more when it was cleared. Times are epoch milliseconds. */
export interface AlertState {
  alert_id: string;
  raised: EventOf<'alert.raised'> | null;
  /** The acknowledgement that stands. */
  acknowledged: EventOf<'alert.acknowledged'> | null;
  /** Its end; null while it is active. */
  resolved: EventOf<'alert.resolved'> | null;
  /** Its latest return: what is true of it now. */
  reopened: EventOf<'alert.reopened'> | null;
  reopened_count: number;
  cleared: boolean;
  /** It came with an import: nobody is told of it. */
  imported: boolean;
  /** The latest ends and returns in their order, and what people said of it: what is above follows from them. */
  life: LifeMark[];
  acks: AckMark[];
  /** Returns whose marks are kept no more. */
  reopened_before: number;
  /** The latest change that was routed. */
  routed: { id: string; time: number; of: string; flapping: boolean } | null;
  /** By channel: what became of the latest change, and the latest that it is told. */
  routes: Route[];
  told: Route[];
  /** Number of the last entry that said more than who is told. */
  changed_seq: number;
  seq: number;
}

/** A job that has ended and left memory: its row of the index. */
export type FinishedJob = JobRecord;

export function newJob(job_id: string): JobState {
  return {
    job_id,
    marks: [],
    fields: new Map(),
    labels: new Map(),
    extra: new Map(),
    phases: new Map(),
    logs: { error: [], warning: [], info: [] },
    log_counts: { error: 0, warning: 0, info: 0 },
    artifacts: new Map(),
    samples: newSamples(),
    signals: new Map(),
    dropped: new Map(),
    first_seen: Infinity,
    last_seen: 0,
    silent_since: 0,
    imported: false,
    import_missing: 0,
    first_seq: 0,
    folded_seq: 0,
    seq: 0,
  };
}

export function newPhase(phase_id: string): PhaseState {
  return {
    phase_id,
    marks: [],
    fields: new Map(),
    metrics: new Map(),
    extra: new Map(),
    sub_phases: new Map(),
    samples: null,
    error_count: 0,
    warning_count: 0,
    artifact_count: 0,
    first_time: Infinity,
    last_time: 0,
    seq: 0,
  };
}

/** The phase of that id, made when it is new; null when the job already has as many as it may. */
export function phaseOf(job: JobState, phase_id: string): PhaseState | null {
  const held = job.phases.get(phase_id);
  if (held) return held;
  if (job.phases.size >= LIMITS.phases) {
    drop(job, 'phases');
    return null;
  }
  const phase = newPhase(phase_id);
  job.phases.set(phase_id, phase);
  return phase;
}

/** Counts something that was not kept. */
export function drop(job: JobState, kind: string): void {
  job.dropped.set(kind, (job.dropped.get(kind) ?? 0) + 1);
}
