import { errorLine } from '../../protocol/describe.ts';
import type { Rule } from './rule.ts';

/** A job that failed although no phase did: its phases have alerts of their own. */
export const jobFailed: Rule = {
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
