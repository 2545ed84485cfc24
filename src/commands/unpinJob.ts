import { t } from '@vscode/l10n';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

export const unpinJob: Command = (app) => async (target) => {
  const { preferences } = app.jobsView;
  const { pinned } = preferences.arrangement;
  const job = await pickJob(app, target, {
    title: t('Unpin which job?'),
    filter: ({ job_id: jobId }) => pinned.has(jobId),
    none: t('No job is pinned.'),
  });
  if (job) preferences.pin(job.job_id, false);
};
