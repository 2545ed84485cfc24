import { errorLine } from '../../protocol/describe.ts';
import type { Finding, Rule, Subject } from './rule.ts';

export const phaseFailed: Rule = {
  id: 'phase_failed',
  find: (subject) =>
    subject.component === 'phase' && subject.status === 'FAILED' ? describe(subject) : null,
  // The start may come late: it must not make a second failure of one.
  run: ({ end }) => end,
  ended: (subject) => subject.status === 'COMPLETED',
};

function describe({ label, job_name, error }: Subject): Finding {
  const why = error
    ? `: ${errorLine({ message: error.message, ...(error.type && { type: error.type }) })}`
    : '.';
  return {
    severity: 'ERROR',
    title: `Phase ${label} failed`,
    description: `Phase ${label} of ${job_name} failed${why}`,
  };
}
