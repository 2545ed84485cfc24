import { count } from '../../protocol/describe.ts';
import { BETWEEN, ENDED, type KindPart, beginning } from './kind.ts';
import { fullName } from './words.ts';

export const errorCount: KindPart<'error_count'> = {
  kind: 'error_count',
  watches: 'run',
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'phase', 'labels'],
  builtin: true,
  begin: ({ thresholds }) =>
    beginning('error_count', {
      name: 'Many errors',
      severity: 'ERROR',
      params: { threshold: thresholds.error_count },
    }),
  judge: (subject, { params: { threshold } }) => {
    const { error_count, label, status } = subject;
    if (error_count < threshold)
      return status === 'COMPLETED' ? { is: 'good', why: ENDED } : BETWEEN;
    const finding = {
      title: `${label} has many errors`,
      description: `${fullName(subject)} reported ${count(error_count, '{0} error', '{0} errors')}; the threshold is ${threshold}.`,
      metric: 'error_count',
      value: error_count,
      threshold,
    };
    // The count goes on over all runs of a phase, and so does its alert.
    return { is: 'bad', finding, occasion: '' };
  },
};
