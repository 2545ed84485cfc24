import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { alertDescription } from '../../service/protocol/describeAlerts.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { activeAlerts } from '../alerts.ts';
import type { App } from '../app.ts';
import type { Target } from '../target.ts';
import { sayInfo } from '../vscode/messages.ts';

export interface AlertQuestion {
  title: string;
  /** Which alerts may be chosen; all active ones when absent. */
  filter?: (alert: AlertRecord) => boolean;
  /** What to say when there is none to choose from. */
  none: string;
}

/** The alert a command is about: the row's, or the one a person picks. Undefined when there is none, or none is picked. */
export async function alertOf(
  { mirror }: App,
  target: Target | undefined,
  { title, filter, none }: AlertQuestion,
): Promise<AlertRecord | undefined> {
  if (target?.alertId !== undefined) {
    const named = mirror.alerts.get(target.alertId);
    if (!named) void sayInfo(t('This alert is not there any more.'));
    return named;
  }
  const alerts = activeAlerts(mirror.alerts.values()).filter(filter ?? (() => true));
  if (alerts.length === 0) {
    void sayInfo(none);
    return undefined;
  }
  const items = alerts.map((alert) => ({
    label: alert.title,
    description: alertDescription(alert, Date.now()),
    detail: alert.description,
    alert,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.alert;
}
