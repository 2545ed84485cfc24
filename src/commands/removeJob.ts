import { t } from '@vscode/l10n';
import { isEnded } from '../../service/protocol/states.ts';
import { confirm } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';
import { ready } from './ready.ts';

export const removeJob: Command = (app) => async (target) => {
  await ready(app);
  const job = await pickJob(app, target, {
    title: t('Remove which job?'),
    filter: ({ status }) => isEnded(status),
    none: t('There is no ended job to remove.'),
  });
  if (!job) return;
  const detail = t(
    'Its phases, log, artifacts and measurements go with it. This cannot be undone.',
  );
  if (!(await confirm(t('Remove {0} ({1})?', job.name, job.job_id), detail, t('Remove')))) return;
  await app.supervisor.connection.request({ command: 'job.remove', job_id: job.job_id });
};
