import { BETWEEN, ENDED, type KindPart, beginning } from './kind.ts';
import { failure } from './words.ts';

/** A job that failed although no phase did: its phases have alerts of their own. */
export const jobFailed: KindPart<'job_failed'> = {
  kind: 'job_failed',
  watches: 'run',
  always: true,
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'labels'],
  builtin: true,
  begin: () => beginning('job_failed', { name: 'Job failed', severity: 'ERROR', params: {} }),
  judge: ({ component, status, explained, label, error, end }) => {
    if (status === 'COMPLETED') return { is: 'good', why: ENDED };
    // The phase's failure may come after the job's.
    if (component === 'job' && explained) return { is: 'good', why: 'One of its phases says why.' };
    if (component !== 'job' || status !== 'FAILED') return BETWEEN;
    const finding = {
      title: `Job ${label} failed`,
      description: `Job ${label} failed${failure(error)}`,
    };
    // The start may come late: it must not make a second failure of one.
    return { is: 'bad', finding, occasion: end };
  },
};
