import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

export const copyJobId: Command = (app) => async (target) => {
  const none = t('There is no job yet.');
  const job = await pickJob(app, target, { title: t('Copy the id of which job?'), none });
  if (job) await vscode.env.clipboard.writeText(job.job_id);
};
