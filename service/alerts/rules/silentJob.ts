import { BETWEEN, type KindPart, beginning } from './kind.ts';

/** The watch finds out who is silent, after `stale_after_ms` of the configuration; the next sign of life takes it back. */
export const silentJob: KindPart<'silent_job'> = {
  kind: 'silent_job',
  watches: 'run',
  returns: true,
  always: true,
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'labels'],
  builtin: true,
  begin: () => beginning('silent_job', { name: 'Silent job', params: {} }),
  judge: ({ component, status, job_name, silent_since, label }) => {
    if (component !== 'job') return BETWEEN;
    if (status !== 'STALE') return { is: 'good', why: 'It has been heard of again.' };
    if (silent_since === null) return BETWEEN;
    const finding = {
      title: `Job ${label} is silent`,
      description: `Nothing has been heard of job ${job_name} since ${new Date(silent_since).toISOString()}. See whether it still runs.`,
    };
    return { is: 'bad', finding, occasion: String(silent_since) };
  },
};
