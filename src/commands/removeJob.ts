import { isEnded } from '../../service/protocol/states.ts';
import { confirm } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';
import { ready } from './ready.ts';

export const removeJob: Command = (app) => async (target) => {
  await ready(app);
  const job = await pickJob(app, target, {
    title: 'Remove which job?',
    filter: ({ status }) => isEnded(status),
    none: 'There is no ended job to remove.',
  });
  if (!job) return;
  const detail = 'Its phases, log, artifacts and measurements go with it. This cannot be undone.';
  if (!(await confirm(`Remove ${job.name} (${job.job_id})?`, detail, 'Remove'))) return;
  await app.supervisor.connection.request({ command: 'job.remove', job_id: job.job_id });
};
