import { duration } from '../../protocol/describe.ts';
import type { Rule } from './rule.ts';

/** A phase that takes, or took, longer than the threshold. */
export const slowPhase: Rule = {
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
