/** The first six rules as they were until the judge reads them from the rule book. */
import { count, duration, errorLine, memory, percent } from '../../protocol/describe.ts';
import { isEnded } from '../../protocol/states.ts';
import { type Finding, RECOVERY, type Rule, type Subject } from './rule.ts';

const phaseFailed: Rule = {
  id: 'phase_failed',
  find: (subject) =>
    subject.component === 'phase' && subject.status === 'FAILED' ? describe(subject) : null,
  // The start may come late: it must not make a second failure of one.
  run: ({ end }) => end,
  ended: (subject) => subject.status === 'COMPLETED',
};

function describe({ label, job_name, error }: Subject): Finding {
  const why = error
    ? `: ${errorLine({ message: error.message, ...(error.type && { type: error.type }) })}`
    : '.';
  return {
    severity: 'ERROR',
    title: `Phase ${label} failed`,
    description: `Phase ${label} of ${job_name} failed${why}`,
  };
}

/** A job that failed although no phase did: its phases have alerts of their own. */
const jobFailed: Rule = {
  id: 'job_failed',
  find: ({ component, status, label, error }) => {
    if (component !== 'job' || status !== 'FAILED') return null;
    const why = error
      ? `: ${errorLine({ message: error.message, ...(error.type && { type: error.type }) })}`
      : '.';
    return {
      severity: 'ERROR',
      title: `Job ${label} failed`,
      description: `Job ${label} failed${why}`,
    };
  },
  // The start may come late: it must not make a second failure of one.
  run: ({ end }) => end,
  ended: (subject) => subject.status === 'COMPLETED',
};

/** A phase that takes, or took, longer than the threshold. */
const slowPhase: Rule = {
  id: 'slow_phase',
  find: ({ elapsed_ms, label, job_name, status }, { execution_time_ms: threshold }) => {
    if (elapsed_ms === null || elapsed_ms <= threshold) return null;
    const verb = status === 'RUNNING' ? 'has been running for' : 'took';
    return {
      severity: 'WARNING',
      title: `${label} is slow`,
      description: `${label} of ${job_name} ${verb} ${duration(elapsed_ms)}; the threshold is ${duration(threshold)}.`,
      metric: 'execution_time_ms',
      value: Math.round(elapsed_ms),
      threshold,
    };
  },
  ended: ({ status, elapsed_ms }, { execution_time_ms }) =>
    status === 'COMPLETED' && elapsed_ms !== null && elapsed_ms <= execution_time_ms,
};

const highMemory: Rule = {
  id: 'high_memory',
  find: (subject, { memory_usage_mb: threshold }) => {
    const value = isEnded(subject.status) ? null : subject.recent('memory_mb');
    if (value === null || value <= threshold) return null;
    return {
      severity: 'WARNING',
      title: `${subject.label} uses much memory`,
      description: `${subject.label} of ${subject.job_name} uses ${memory(value)}; the threshold is ${memory(threshold)}.`,
      metric: 'memory_mb',
      value,
      threshold,
    };
  },
  ended: (subject, { memory_usage_mb }) => {
    const value = subject.recent('memory_mb');
    return isEnded(subject.status) || (value !== null && value <= memory_usage_mb * RECOVERY);
  },
};

const highCpu: Rule = {
  id: 'high_cpu',
  find: (subject, { cpu_usage_percent: threshold }) => {
    const value = isEnded(subject.status) ? null : subject.recent('cpu_percent');
    if (value === null || value <= threshold) return null;
    return {
      severity: 'WARNING',
      title: `${subject.label} uses much CPU`,
      description: `${subject.label} of ${subject.job_name} uses ${percent(value)} of the machine's CPU; the threshold is ${percent(threshold)}.`,
      metric: 'cpu_percent',
      value,
      threshold,
    };
  },
  ended: (subject, { cpu_usage_percent }) => {
    const value = subject.recent('cpu_percent');
    return isEnded(subject.status) || (value !== null && value <= cpu_usage_percent * RECOVERY);
  },
};

const errorCount: Rule = {
  id: 'error_count',
  find: ({ error_count, label, job_name }, { error_count: threshold }) => {
    if (error_count < threshold) return null;
    return {
      severity: 'ERROR',
      title: `${label} has many errors`,
      description: `${label} of ${job_name} reported ${count(error_count, '{0} error', '{0} errors')}; the threshold is ${threshold}.`,
      metric: 'error_count',
      value: error_count,
      threshold,
    };
  },
  // The count goes on over all runs of a phase, and so does its alert.
  run: () => '',
  ended: ({ status, error_count }, thresholds) =>
    status === 'COMPLETED' && error_count < thresholds.error_count,
};
export const RULES: readonly Rule[] = [
  phaseFailed,
  jobFailed,
  slowPhase,
  highMemory,
  highCpu,
  errorCount,
];
