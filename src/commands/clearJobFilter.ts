import type { Command } from './command.ts';

export const clearJobFilter: Command = (app) => () => {
  app.jobsView.preferences.filter({ states: [], text: '' });
};
