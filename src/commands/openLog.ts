import { t } from '@vscode/l10n';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

export const openLog: Command = (app) => async (target) => {
  const none = t('There is no job yet. Run the demo pipeline, or report from your own.');
  const job = await pickJob(app, target, { title: t('Open the log of which job?'), none });
  if (job) await app.logDocuments.show(job.job_id, target?.phaseId ?? null);
};
