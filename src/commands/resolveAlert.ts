import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { tooLong } from './acknowledgeAlertWithNote.ts';
import { alertOf } from './alertOf.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Resolves by hand what does not end by itself. */
export const resolveAlert: Command = (app) => async (target) => {
  await ready(app);
  const none = t('No alert is active.');
  const alert = await alertOf(app, target, { title: t('Resolve which alert?'), none });
  if (!alert) return;
  const note = await vscode.window.showInputBox({
    title: t('Resolve {0}', alert.title),
    prompt: t('Why it is over; may be empty. It comes back where its cause does.'),
    validateInput: tooLong,
  });
  if (note === undefined) return;
  const said = note.trim() === '' ? {} : { note: note.trim() };
  const { alert_id } = alert;
  await app.supervisor.connection.request({
    command: 'alert.resolve',
    alert_id,
    by: me(),
    ...said,
  });
};
