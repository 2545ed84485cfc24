import type { Command } from './command.ts';

export const ungroupJobs: Command = (app) => () => {
  app.jobsView.preferences.group(false);
};
