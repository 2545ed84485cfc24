import { memory } from '../../protocol/describe.ts';
import { isEnded } from '../../protocol/states.ts';
import { RECOVERY, type Rule } from './rule.ts';

export const highMemory: Rule = {
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
