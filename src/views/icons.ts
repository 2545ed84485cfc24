import * as vscode from 'vscode';
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

export function statusIcon(status: Status): vscode.ThemeIcon {
  return themed(STATUS[status]);
}

export function severityIcon(severity: Severity): vscode.ThemeIcon {
  return themed(SEVERITY[severity]);
}

function themed([icon, colour]: [string, string]): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
}
