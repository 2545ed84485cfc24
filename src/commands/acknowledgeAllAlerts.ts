import { me } from '../me.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

export const acknowledgeAllAlerts: Command = (app) => async () => {
  await ready(app);
  const by = me();
  await app.supervisor.connection.request({ command: 'alert.acknowledge_all', by });
  for (const job of app.failures.openOf(app.mirror.jobs.values())) app.failures.lookedAt(job);
};
