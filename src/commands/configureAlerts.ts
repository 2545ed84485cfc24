import type { Command } from './command.ts';

/** Rules are edited in the dashboard: the form says at each field what is wrong. */
export const configureAlerts: Command = (app) => (target) => {
  const alert = target?.alertId === undefined ? undefined : app.mirror.alerts.get(target.alertId);
  app.panels.showAlerts({ tab: 'rules', ...(alert?.rule != null && { rule_id: alert.rule }) });
};
