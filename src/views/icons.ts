import * as vscode from 'vscode';
import type { WorkerCondition } from '../../service/protocol/describeWorkers.ts';
import type { TaskStatus } from '../../service/protocol/states.ts';
import type { Severity, Status } from '../../service/protocol/states.ts';

const STATUS: Record<Status, [icon: string, colour: string]> = {
  PENDING: ['circle-outline', 'descriptionForeground'],
  RUNNING: ['loading~spin', 'charts.yellow'],
  COMPLETED: ['pass', 'testing.iconPassed'],
  FAILED: ['error', 'testing.iconFailed'],
  CANCELLED: ['circle-slash', 'descriptionForeground'],
  SKIPPED: ['debug-step-over', 'descriptionForeground'],
  STALE: ['question', 'charts.orange'],
};

const SEVERITY: Record<Severity, [icon: string, colour: string]> = {
  INFO: ['info', 'charts.blue'],
  WARNING: ['warning', 'list.warningForeground'],
  ERROR: ['error', 'list.errorForeground'],
  CRITICAL: ['flame', 'list.errorForeground'],
};

const CONDITION: Record<WorkerCondition, [icon: string, colour: string]> = {
  online: ['vm-active', 'testing.iconPassed'],
  unhealthy: ['warning', 'list.warningForeground'],
  offline: ['debug-disconnect', 'list.errorForeground'],
  stopped: ['circle-slash', 'descriptionForeground'],
};

/** A task looks as a job or phase in the same state does. */
const TASK: Record<TaskStatus, Status> = {
  PENDING: 'PENDING',
  PROCESSING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
};

export function statusIcon(status: Status): vscode.ThemeIcon {
  return themed(STATUS[status]);
}

export function severityIcon(severity: Severity): vscode.ThemeIcon {
  return themed(SEVERITY[severity]);
}

export function workerIcon(condition: WorkerCondition): vscode.ThemeIcon {
  return themed(CONDITION[condition]);
}

export function taskIcon(status: TaskStatus): vscode.ThemeIcon {
  return statusIcon(TASK[status]);
}

export function queueIcon(busy: boolean): vscode.ThemeIcon {
  return themed(busy ? ['inbox', 'charts.blue'] : ['inbox', 'descriptionForeground']);
}

function themed([icon, colour]: [string, string]): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
}
