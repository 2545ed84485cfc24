import * as vscode from 'vscode';
import { openAlerts } from '../alerts.ts';
import { VIEWS } from '../contributions.ts';
import { sayError } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { openError } from './openError.ts';
import { startService } from './startService.ts';

/** What a click on the status bar shows: the newest failure nobody looked at, else alerts, else the dashboard. */
export const showWhatIsWrong: Command = (app) => async () => {
  const { state } = app.supervisor;
  if (state.kind === 'off') await startService(app)();
  else if (state.kind === 'failed' || state.kind === 'refused')
    await sayError(state.message, 'restartService', 'showLogs');
  else {
    const [job] = app.failures.openOf(app.mirror.jobs.values());
    if (job) await openError(app)({ jobId: job.job_id });
    else if (openAlerts(app.mirror.alerts.values()).length > 0)
      await vscode.commands.executeCommand(`${VIEWS.alerts}.focus`);
    else app.panels.show();
  }
};
