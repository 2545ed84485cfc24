import { boundOf } from './bound.ts';
import { judgeUse } from './highUse.ts';
import { type KindPart, beginning } from './kind.ts';
import { fullName } from './words.ts';

export const highMemory: KindPart<'high_memory'> = {
  kind: 'high_memory',
  watches: 'run',
  returns: true,
  unit: () => 'MB',
  bound: ({ threshold_mb }) => ({ direction: 'above', threshold: threshold_mb }),
  scope: ['pipeline', 'phase', 'labels'],
  builtin: true,
  begin: ({ thresholds }) =>
    beginning('high_memory', {
      name: 'High memory',
      params: { threshold_mb: thresholds.memory_usage_mb },
    }),
  judge: (subject, { params: { threshold_mb: threshold }, recovery }) =>
    judgeUse(subject, 'memory_mb', {
      bound: boundOf({ direction: 'above', threshold }, recovery),
      describe: (value, limit) => ({
        title: `${subject.label} uses much memory`,
        description: `${fullName(subject)} uses ${value} of memory; the threshold is ${limit}.`,
      }),
    }),
};
