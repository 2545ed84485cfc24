import { boundOf } from './bound.ts';
import { judgeUse } from './highUse.ts';
import { type KindPart, beginning } from './kind.ts';
import { fullName } from './words.ts';

export const highCpu: KindPart<'high_cpu'> = {
  kind: 'high_cpu',
  watches: 'run',
  returns: true,
  unit: () => 'percent',
  bound: ({ threshold_percent }) => ({ direction: 'above', threshold: threshold_percent }),
  scope: ['pipeline', 'phase', 'labels'],
  builtin: true,
  begin: ({ thresholds }) =>
    beginning('high_cpu', {
      name: 'High CPU',
      params: { threshold_percent: Math.min(100, thresholds.cpu_usage_percent) },
    }),
  judge: (subject, { params: { threshold_percent: threshold }, recovery }) =>
    judgeUse(subject, 'cpu_percent', {
      bound: boundOf({ direction: 'above', threshold }, recovery),
      describe: (value, limit) => ({
        title: `${subject.label} uses much CPU`,
        description: `${fullName(subject)} uses ${value} of the machine's CPU; the threshold is ${limit}.`,
      }),
    }),
};
