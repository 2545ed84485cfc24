import { t } from '@vscode/l10n';
import { alertOf } from './alertOf.ts';
import type { Command } from './command.ts';

/** Opens the rule that raised an alert. */
export const editAlertRule: Command = (app) => async (target) => {
  const alert = await alertOf(app, target, {
    title: t('Edit the rule of which alert?'),
    filter: ({ rule }) => rule !== null,
    none: t('No active alert comes from a rule.'),
  });
  if (alert?.rule != null) app.panels.showAlerts({ tab: 'rules', rule_id: alert.rule });
};
