import { t } from '@vscode/l10n';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

export const pinJob: Command = (app) => async (target) => {
  const none = t('There is no job to pin yet.');
  const job = await pickJob(app, target, { title: t('Pin which job?'), none });
  if (job) app.jobsView.preferences.pin(job.job_id, true);
};
