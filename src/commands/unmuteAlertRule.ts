import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ruleOf } from '../mutedRules.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { ruleName } from './muteAlertRule.ts';

/** Notifications again: for an alert's rule, for the only muted one, or for those that a person picks. */
export const unmuteAlertRule: Command = (app) => async (target) => {
  const { mirror, muted } = app;
  const alert = target?.alertId === undefined ? undefined : mirror.alerts.get(target.alertId);
  // The button above the list names whatever row was touched last.
  if (alert && muted.has(ruleOf(alert))) {
    await muted.mute([ruleOf(alert)], false);
    return;
  }
  if (muted.all.length === 0) {
    void sayInfo(t('Notifications are shown for every rule.'));
    return;
  }
  const [only] = muted.all;
  if (only !== undefined && muted.all.length === 1) {
    await muted.mute([only], false);
    void sayInfo(t('Notifications of the rule {0} are shown again.', ruleName(only)));
    return;
  }
  const title = t('Of which rules are notifications to be shown again?');
  const items = muted.all.map((rule) => ({ label: ruleName(rule), rule }));
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (picked && picked.length > 0)
    await muted.mute(
      picked.map(({ rule }) => rule),
      false,
    );
};
