import type { Command } from './command.ts';
import { ready } from './ready.ts';

export const clearAcknowledgedAlerts: Command = (app) => async () => {
  await ready(app);
  await app.supervisor.connection.request({ command: 'alert.clear_acknowledged' });
};
