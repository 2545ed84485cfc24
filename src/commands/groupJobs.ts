import type { Command } from './command.ts';

export const groupJobs: Command = (app) => () => {
  app.jobsView.preferences.group(true);
};
