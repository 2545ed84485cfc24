import type { Command } from './command.ts';

/** Rules are edited in the dashboard: the form says at each field what is wrong. */
export const configureAlerts: Command = (app) => () => {
  app.panels.showAlerts({ tab: 'rules' });
};
