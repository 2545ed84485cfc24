import type { Command } from './command.ts';
import { ready } from './ready.ts';

export const sendTestAlert: Command = (app) => async () => {
  await ready(app);
  await app.supervisor.connection.request({ command: 'alert.test' });
};
