import { t } from '@vscode/l10n';
import type { Command } from './command.ts';
import { jobOf, namedBy, pickJob } from './pick.ts';

export const showJobInDashboard: Command = (app) => async (target) => {
  // An alert of no job stands in the dashboard's list.
  if (target?.alertId !== undefined && !jobOf(app, target)) {
    app.panels.showAlerts({ tab: 'active', alert_id: target.alertId });
    return;
  }
  const none = t('There is no job to show yet. Run the demo pipeline, or report from your own.');
  const job = await pickJob(app, target, { title: t('Show which job?'), none });
  if (!job) return;
  app.failures.lookedAt(job);
  app.panels.show(job.job_id, target?.phaseId ?? namedBy(app, target)?.phase_id ?? undefined);
};
