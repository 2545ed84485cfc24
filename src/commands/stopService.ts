import { t } from '@vscode/l10n';
import { count } from '../../service/protocol/describe.ts';
import { jobsIn } from '../jobs.ts';
import { confirm, sayError } from '../vscode/messages.ts';
import type { Command } from './command.ts';

export const stopService: Command = (app) => async () => {
  const running = jobsIn(app.mirror.jobs.values(), 'RUNNING').length;
  const question = t('Stop the Pipescope service for all windows?');
  const detail = count(
    running,
    t('{0} job is running. What it reports is not taken in while the service is off.'),
    t('{0} jobs are running. What they report is not taken in while the service is off.'),
  );
  if (running > 0 && !(await confirm(question, detail, t('Stop Service')))) return;
  if (!(await app.supervisor.stop()))
    await sayError(t('The service did not stop within 10 s. Its log says why.'), 'showLogs');
};
