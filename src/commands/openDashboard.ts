import type { Command } from './command.ts';

/** The dashboard says itself when the service is away; its first hello starts it. */
export const openDashboard: Command = (app) => () => {
  app.panels.show();
};
