import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { toAcknowledge } from './acknowledgeAlert.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Acknowledges with a note for whoever looks next. */
export const acknowledgeAlertWithNote: Command = (app) => async (target) => {
  await ready(app);
  const alert = await toAcknowledge(app, target);
  if (!alert) return;
  const note = await vscode.window.showInputBox({
    title: t('Acknowledge {0}', alert.title),
    prompt: t('What is being done about it? Everybody who sees the alert can read this.'),
    value: alert.note ?? '',
    validateInput: tooLong,
  });
  if (note === undefined) return;
  const said = note.trim() === '' ? {} : { note: note.trim() };
  await app.supervisor.connection.request({
    command: 'alert.acknowledge',
    alert_id: alert.alert_id,
    by: me(),
    ...said,
  });
};

const LONGEST_NOTE = 1000;

/** Says at the field what the service would refuse. */
export function tooLong(text: string): string | undefined {
  return text.length > LONGEST_NOTE
    ? t('At most {0} letters. Shorten the text.', LONGEST_NOTE)
    : undefined;
}
