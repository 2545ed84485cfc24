import type { Command } from './command.ts';

export const groupAlertsBySeverity: Command = (app) => () => {
  app.alertsView.preferences.group('severity');
};
