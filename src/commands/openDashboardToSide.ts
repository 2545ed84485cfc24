import type { Command } from './command.ts';

/** Beside the editor that one works in, so that both are in view. */
export const openDashboardToSide: Command = (app) => () => {
  app.panels.showBeside();
};
