/** What a rule looks at and what it finds. One file a kind of rule stands beside this one. */
import type { Severity, Status } from '../../protocol/states.ts';
import type { ErrorDetails } from '../../protocol/event.ts';

/** The reference document's thresholds, in the units of their names. */
export interface RuleThresholds {
  execution_time_ms: number;
  memory_usage_mb: number;
  cpu_usage_percent: number;
  error_count: number;
}

/** A phase, or a job that has no phases of its own, as rules see it. */
export interface Subject {
  component: 'job' | 'phase';
  /** False where nothing new is to be said of it, only what was said before may have ended. */
  speaks: boolean;
  job_id: string;
  job_name: string;
  phase_id: string | null;
  /** `P06 Clustering` or the job's name. */
  label: string;
  status: Status;
  /** Names this run of the subject: the same cause raised twice is one alert. */
  run: string;
  /** Names its end in the same way; empty while it runs. */
  end: string;
  /** Milliseconds since the start of the run, to its end where it has one; null where the start is not known. */
  elapsed_ms: number | null;
  error_count: number;
  error: ErrorDetails | null;
  /** Mean over the last 30 seconds of samples; null with less than three. */
  recent(field: 'cpu_percent' | 'memory_mb'): number | null;
}

export interface Finding {
  severity: Severity;
  title: string;
  description: string;
  metric?: string;
  value?: number;
  threshold?: number;
}

export interface Rule {
  id: string;
  /** What is wrong with the subject now, or null. */
  find(subject: Subject, thresholds: RuleThresholds): Finding | null;
  /** What names the occasion, where it is not the begin of the run. */
  run?(subject: Subject): string;
  /** True when the subject shows that the cause of an earlier alert of this rule has ended. */
  ended(subject: Subject, thresholds: RuleThresholds): boolean;
}

/** High values must fall this far below the threshold before the alert resolves, so that it does not flap. */
export const RECOVERY = 0.9;
