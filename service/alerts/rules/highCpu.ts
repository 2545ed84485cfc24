import { percent } from '../../protocol/describe.ts';
import { isEnded } from '../../protocol/states.ts';
import { RECOVERY, type Rule } from './rule.ts';

export const highCpu: Rule = {
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
