import type { Command } from './command.ts';

export const groupAlertsByJob: Command = (app) => () => {
  app.alertsView.preferences.group('job');
};
