import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../service/protocol/errors.ts';
import { activeAlerts } from '../alerts.ts';
import { ruleOf } from '../mutedRules.ts';
import { withoutLinks } from '../markdown.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';

/** No more notifications in VS Code of an alert's rule, of rules named by their ids, or of those that a person picks. */
export const muteAlertRule: Command = (app) => async (target, named) => {
  const { mirror, muted } = app;
  const alert = target?.alertId === undefined ? undefined : mirror.alerts.get(target.alertId);
  const active = alert ? [alert] : activeAlerts(mirror.alerts.values());
  const all = Array.isArray(named) ? (named as string[]) : [...new Set(active.map(ruleOf))];
  const rules = all.filter((rule) => !muted.has(rule));
  if (rules.length === 0) {
    void sayInfo(t('No other rule has an active alert.'));
    return;
  }
  const picked = rules.length === 1 ? rules : await pick(rules);
  if (picked.length === 0) return;
  await muted.mute(picked, true);
  // Not awaited: the command has ended, its message may stay as long as it likes.
  offerBack(picked, () => muted.mute(picked, false)).catch((error: unknown) =>
    app.log.error(messageOf(error)),
  );
};

async function pick(rules: readonly string[]): Promise<string[]> {
  const title = t('Of which rules are no notifications to be shown?');
  const items = rules.map((rule) => ({ label: ruleName(rule), rule }));
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return (picked ?? []).map(({ rule }) => rule);
}

async function offerBack(rules: readonly string[], back: () => Promise<void>): Promise<void> {
  const names = rules.map(ruleName).join(', ');
  const message = t(
    'No more notifications in VS Code for: {0}. The Alerts view shows them.',
    names,
  );
  const answer = await vscode.window.showInformationMessage(withoutLinks(message), t('Undo'));
  if (answer !== undefined) await back();
}

export function ruleName(rule: string): string {
  return rule === 'external' ? t('Alerts of pipelines themselves') : rule;
}
