import { t } from '@vscode/l10n';
import { toAcknowledge } from './acknowledgeAlert.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { MINUTE, pickTime } from './pickTime.ts';
import { ready } from './ready.ts';

/** Acknowledges for a time: after it the alert waits again, if it is still there. */
export const acknowledgeAlertFor: Command = (app) => async (target) => {
  await ready(app);
  const alert = await toAcknowledge(app, target);
  if (!alert) return;
  const title = t('Acknowledge {0} for how long?', alert.title);
  const for_ms = await pickTime(title, [15 * MINUTE, 60 * MINUTE, 480 * MINUTE, 1440 * MINUTE]);
  if (for_ms === undefined) return;
  const { alert_id } = alert;
  await app.supervisor.connection.request({
    command: 'alert.acknowledge',
    alert_id,
    by: me(),
    for_ms,
  });
};
