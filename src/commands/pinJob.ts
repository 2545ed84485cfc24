import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

const none = 'There is no job to pin yet.';

export const pinJob: Command = (app) => async (target) => {
  const job = await pickJob(app, target, { title: 'Pin which job?', none });
  if (job) app.jobsView.preferences.pin(job.job_id, true);
};
