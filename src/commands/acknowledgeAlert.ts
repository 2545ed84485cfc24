import { t } from '@vscode/l10n';
import type { App } from '../app.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import type { Target } from '../target.ts';
import { alertOf } from './alertOf.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Acknowledges an alert, all of a job (which counts as looked at then), or the one a person picks. */
export const acknowledgeAlert: Command = (app) => async (target) => {
  await ready(app);
  const { connection } = app.supervisor;
  const by = me();
  if (target?.alertId === undefined && target?.jobId !== undefined) {
    const job = app.mirror.jobs.get(target.jobId);
    if (job) app.failures.lookedAt(job);
    await connection.request({ command: 'alert.acknowledge_all', job_id: target.jobId, by });
    return;
  }
  const alertId = target?.alertId ?? (await toAcknowledge(app))?.alert_id;
  if (alertId === undefined) return;
  await connection.request({ command: 'alert.acknowledge', alert_id: alertId, by });
};

/** The alert of a row, or the one that a person picks. */
export function toAcknowledge(app: App, target?: Target): Promise<AlertRecord | undefined> {
  return alertOf(app, target, {
    title: t('Acknowledge which alert?'),
    filter: ({ acknowledged }) => !acknowledged,
    none: t('No alert waits to be acknowledged.'),
  });
}
