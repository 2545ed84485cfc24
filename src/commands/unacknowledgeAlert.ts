import { t } from '@vscode/l10n';
import { alertOf } from './alertOf.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Takes an acknowledgement back: the alert waits again. */
export const unacknowledgeAlert: Command = (app) => async (target) => {
  await ready(app);
  const alert = await alertOf(app, target, {
    title: t('Take back which acknowledgement?'),
    filter: ({ acknowledged }) => acknowledged,
    none: t('No alert is acknowledged.'),
  });
  if (!alert) return;
  const { alert_id } = alert;
  await app.supervisor.connection.request({ command: 'alert.unacknowledge', alert_id, by: me() });
};
