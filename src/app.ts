import type * as vscode from 'vscode';
import type { Failures } from './failures.ts';
import type { Interest } from './interest.ts';
import type { Mirror } from './mirror.ts';
import type { MutedRules } from './mutedRules.ts';
import type { Supervisor } from './service/supervisor.ts';
import type { DashboardPanels } from './surfaces/dashboardPanels.ts';
import type { LogDocuments } from './surfaces/logDocument.ts';
import type { TaskDocuments } from './surfaces/taskDocument.ts';
import type { AlertsView } from './views/alertsView.ts';
import type { JobsView } from './views/jobsView.ts';
import type { WorkersView } from './views/workersView.ts';

/** The parts that commands work with. */
export interface App {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  /** What the demo pipeline prints. */
  readonly demoOutput: vscode.OutputChannel;
  readonly mirror: Mirror;
  readonly interest: Interest;
  readonly failures: Failures;
  readonly muted: MutedRules;
  readonly supervisor: Supervisor;
  readonly panels: DashboardPanels;
  readonly logDocuments: LogDocuments;
  readonly taskDocuments: TaskDocuments;
  readonly jobsView: JobsView;
  readonly workersView: WorkersView;
  readonly alertsView: AlertsView;
}
