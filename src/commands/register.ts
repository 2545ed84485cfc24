import * as vscode from 'vscode';
import { messageOf, ProductError } from '../../service/protocol/errors.ts';
import type { App } from '../app.ts';
import { type CommandName, commandId } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import type { NextStep } from '../nextSteps.ts';
import { sayError } from '../vscode/messages.ts';
import { acknowledgeAlert } from './acknowledgeAlert.ts';
import { acknowledgeAlertFor } from './acknowledgeAlertFor.ts';
import { acknowledgeAlertWithNote } from './acknowledgeAlertWithNote.ts';
import { acknowledgeAllAlerts } from './acknowledgeAllAlerts.ts';
import { clearAcknowledgedAlerts } from './clearAcknowledgedAlerts.ts';
import { clearJobFilter } from './clearJobFilter.ts';
import { compareJobs } from './compareJobs.ts';
import { configureAlerts } from './configureAlerts.ts';
import { copyAgentLine } from './copyAgentLine.ts';
import { copyAlert } from './copyAlert.ts';
import { copyJobId } from './copyJobId.ts';
import { copyReportingSnippet } from './copyReportingSnippet.ts';
import { copyTaskId } from './copyTaskId.ts';
import { copyWorkerId } from './copyWorkerId.ts';
import { editAlertRule } from './editAlertRule.ts';
import { exportJob } from './exportJob.ts';
import { filterJobsByState } from './filterJobsByState.ts';
import { filterJobsByText } from './filterJobsByText.ts';
import { groupAlertsByJob } from './groupAlertsByJob.ts';
import { groupAlertsBySeverity } from './groupAlertsBySeverity.ts';
import { groupJobs } from './groupJobs.ts';
import { muteAlertRule } from './muteAlertRule.ts';
import { openDashboard } from './openDashboard.ts';
import { openDashboardToSide } from './openDashboardToSide.ts';
import { openError } from './openError.ts';
import { openInBrowser } from './openInBrowser.ts';
import { openLog } from './openLog.ts';
import { pinJob } from './pinJob.ts';
import { removeJob } from './removeJob.ts';
import { resolveAlert } from './resolveAlert.ts';
import { restartService } from './restartService.ts';
import { rowOf } from './rowOf.ts';
import { runDemo } from './runDemo.ts';
import { sendTestAlert } from './sendTestAlert.ts';
import { showJobInDashboard } from './showJobInDashboard.ts';
import { showLogs } from './showLogs.ts';
import { showWhatIsWrong } from './showWhatIsWrong.ts';
import { silenceAlert } from './silenceAlert.ts';
import { startService } from './startService.ts';
import { stopService } from './stopService.ts';
import { unacknowledgeAlert } from './unacknowledgeAlert.ts';
import { ungroupJobs } from './ungroupJobs.ts';
import { unmuteAlertRule } from './unmuteAlertRule.ts';
import { unpinJob } from './unpinJob.ts';
import type { Command } from './command.ts';

/** One line a command; the compiler holds it to the table of contributions. */
const ALL: Record<CommandName, Command> = {
  acknowledgeAlert,
  acknowledgeAlertFor,
  acknowledgeAlertWithNote,
  acknowledgeAllAlerts,
  clearAcknowledgedAlerts,
  clearJobFilter,
  compareJobs,
  configureAlerts,
  copyAgentLine,
  copyAlert,
  copyJobId,
  copyReportingSnippet,
  copyTaskId,
  copyWorkerId,
  editAlertRule,
  exportJob,
  filterJobsByState,
  filterJobsByText,
  groupAlertsByJob,
  groupAlertsBySeverity,
  groupJobs,
  muteAlertRule,
  openDashboard,
  openDashboardToSide,
  openError,
  openInBrowser,
  openLog,
  pinJob,
  removeJob,
  resolveAlert,
  restartService,
  runDemo,
  sendTestAlert,
  showJobInDashboard,
  showLogs,
  showWhatIsWrong,
  silenceAlert,
  startService,
  stopService,
  unacknowledgeAlert,
  ungroupJobs,
  unmuteAlertRule,
  unpinJob,
};

/** Registers every command. Whatever one fails with is said to the person, with the next step. */
export function registerCommands(app: App): Lifetime {
  const lifetime = new Lifetime();
  for (const name of Object.keys(ALL) as CommandName[]) {
    const run = ALL[name](app);
    const guarded = async (...args: unknown[]): Promise<void> => {
      try {
        const row = await rowOf(app, name, args);
        if (row !== null) await run(row, ...args.slice(1));
      } catch (error) {
        app.log.error(`${name}: ${messageOf(error)}`);
        // Not awaited: the command has ended, its message may stay as long as it likes.
        void sayError(error, ...nextSteps(error));
      }
    };
    lifetime.track(vscode.commands.registerCommand(commandId(name), guarded));
  }
  return lifetime;
}

function nextSteps(error: unknown): NextStep[] {
  if (!(error instanceof ProductError)) return ['showLogs'];
  switch (error.code) {
    case 'SERVICE_UNREACHABLE':
    case 'PROTOCOL_UNSUPPORTED':
      return ['restartService', 'showLogs'];
    default:
      return [];
  }
}
