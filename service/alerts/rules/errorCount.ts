import { count } from '../../protocol/describe.ts';
import type { Rule } from './rule.ts';

export const errorCount: Rule = {
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
