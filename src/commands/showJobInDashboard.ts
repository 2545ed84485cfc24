import type { Command } from './command.ts';
import { jobOf, pickJob } from './pick.ts';

export const showJobInDashboard: Command = (app) => async (target) => {
  // An alert of no job: the dashboard as it is shows it.
  if (target?.alertId !== undefined && !jobOf(app, target)) {
    app.panels.show();
    return;
  }
  const none = 'There is no job to show yet. Run the demo pipeline, or report from your own.';
  const job = await pickJob(app, target, { title: 'Show which job?', none });
  if (!job) return;
  app.failures.lookedAt(job);
  const alert = target?.alertId === undefined ? undefined : app.mirror.alerts.get(target.alertId);
  app.panels.show(job.job_id, target?.phaseId ?? alert?.phase_id ?? undefined);
};
