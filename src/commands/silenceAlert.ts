import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { endTime } from '../../service/protocol/describeAlerts.ts';
import { tooLong } from './acknowledgeAlertWithNote.ts';
import { alertOf } from './alertOf.ts';
import { me } from '../me.ts';
import type { Command } from './command.ts';
import { jobOf } from './pick.ts';
import { MINUTE, pickTime } from './pickTime.ts';
import { ready } from './ready.ts';
import { silenceChoices } from './silenceMatchers.ts';

const TIMES = [60, 480, 1440, 7 * 1440].map((minutes) => minutes * MINUTE);

/** Silences an alert for a time: it is still shown, and nobody is told of it. */
export const silenceAlert: Command = (app) => async (target) => {
  await ready(app);
  const none = t('No alert is active.');
  const alert = await alertOf(app, target, { title: t('Silence which alert?'), none });
  if (!alert) return;
  const pipeline = jobOf(app, { alertId: alert.alert_id })?.pipeline;
  const what = await vscode.window.showQuickPick(silenceChoices(alert, pipeline), {
    title: t('Silence what?'),
  });
  if (!what) return;
  const ms = await pickTime(t('Silence for how long?'), TIMES);
  if (ms === undefined) return;
  const comment = await vscode.window.showInputBox({
    title: t('Why is it silenced?'),
    value: alert.title.slice(0, 200),
    validateInput: tooLong,
  });
  if (comment === undefined) return;
  const silence = { matchers: what.matchers, for_ms: ms, comment: comment.trim() };
  await app.supervisor.connection.request({ command: 'silence.set', silence, by: me() });
  const now = Date.now();
  const message = t('Nobody is told of it until {0}.', endTime(now + ms, now));
  void vscode.window.showInformationMessage(message, t('Show Silences')).then((answer) => {
    if (answer !== undefined) app.panels.showAlerts({ tab: 'silences' });
  });
};
