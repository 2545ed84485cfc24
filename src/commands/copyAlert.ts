import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { exactTime, severityWord } from '../../service/protocol/describe.ts';
import { alertOf } from './alertOf.ts';
import type { Command } from './command.ts';

/** An alert as text: for a chat or a ticket. */
export const copyAlert: Command = (app) => async (target) => {
  const none = t('No alert is active.');
  const alert = await alertOf(app, target, { title: t('Copy which alert?'), none });
  if (!alert) return;
  const head = `${alert.title} (${severityWord(alert.severity)}, ${exactTime(alert.raised_at)})`;
  const lines = [head, alert.description, alert.note ?? '', alert.alert_id];
  await vscode.env.clipboard.writeText(lines.filter((line) => line !== '').join('\n'));
};
