import { userInfo } from 'node:os';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { severityWord } from '../../service/protocol/describe.ts';
import { openAlerts } from '../alerts.ts';
import type { App } from '../app.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Acknowledges an alert, all of a job (which counts as looked at then), or the one a person picks. */
export const acknowledgeAlert: Command = (app) => async (target) => {
  await ready(app);
  const { connection } = app.supervisor;
  const by = userInfo().username;
  if (target?.alertId === undefined && target?.jobId !== undefined) {
    const job = app.mirror.jobs.get(target.jobId);
    if (job) app.failures.lookedAt(job);
    await connection.request({ command: 'alert.acknowledge_all', job_id: target.jobId, by });
    return;
  }
  const alertId = target?.alertId ?? (await pickAlert(app));
  if (alertId === undefined) return;
  await connection.request({ command: 'alert.acknowledge', alert_id: alertId, by });
};

async function pickAlert({ mirror }: App): Promise<string | undefined> {
  const alerts = openAlerts(mirror.alerts.values());
  if (alerts.length === 0) {
    void sayInfo(t('No alert waits to be acknowledged.'));
    return undefined;
  }
  const items = alerts.map((alert) => ({
    label: alert.title,
    description: severityWord(alert.severity),
    detail: alert.description,
    id: alert.alert_id,
  }));
  const title = t('Acknowledge which alert?');
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.id;
}
