import { BETWEEN, ENDED, type KindPart, beginning } from './kind.ts';
import { failure } from './words.ts';

export const phaseFailed: KindPart<'phase_failed'> = {
  kind: 'phase_failed',
  watches: 'run',
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'phase', 'labels'],
  builtin: true,
  begin: () => beginning('phase_failed', { name: 'Phase failed', severity: 'ERROR', params: {} }),
  judge: ({ component, status, label, job_name, error, end }) => {
    if (status === 'COMPLETED') return { is: 'good', why: ENDED };
    if (component !== 'phase' || status !== 'FAILED') return BETWEEN;
    const finding = {
      title: `Phase ${label} failed`,
      description: `Phase ${label} of ${job_name} failed${failure(error)}`,
    };
    // The start may come late: it must not make a second failure of one.
    return { is: 'bad', finding, occasion: end };
  },
};
