import * as vscode from 'vscode';
import { exactTime, relativeTime } from '../../service/protocol/describe.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { commandId } from '../contributions.ts';
import type { Mirror } from '../mirror.ts';
import { severityIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { Node } from './node.ts';

export class AlertNode implements Node {
  readonly id: string;
  readonly parent = undefined;

  constructor(
    private readonly mirror: Mirror,
    readonly alertId: string,
  ) {
    this.id = `alert/${alertId}`;
  }

  item(): vscode.TreeItem {
    const alert = this.mirror.alerts.get(this.alertId);
    if (!alert) return new vscode.TreeItem(this.alertId);
    const item = treeItem({
      id: this.id,
      label: alert.title,
      description: description(alert, Date.now()),
      icon: alert.acknowledged ? new vscode.ThemeIcon('check') : severityIcon(alert.severity),
      collapsible: vscode.TreeItemCollapsibleState.None,
      context: alert.acknowledged ? 'alert.acknowledged' : 'alert.open',
      facts: facts(alert),
    });
    item.command = { command: commandId('showJobInDashboard'), title: 'Show', arguments: [this] };
    return item;
  }

  children(): Node[] {
    return [];
  }
}

function description(alert: AlertRecord, now: number): string {
  const severity = alert.severity.toLowerCase();
  const since = alert.acknowledged_at ?? alert.raised_at;
  const when = relativeTime(since, now);
  if (!alert.acknowledged) return `${severity} · ${when}`;
  const by = alert.acknowledged_by === null ? '' : ` by ${alert.acknowledged_by}`;
  return `${severity} · acknowledged${by} since ${when}`;
}

function facts(alert: AlertRecord): [string, string][] {
  const all: [string, string | null][] = [
    ['What', alert.description],
    ['Severity', alert.severity.toLowerCase()],
    ['Component', [alert.component, alert.component_id].filter(Boolean).join(' ')],
    ['Metric', alert.metric],
    ['Value', alert.value === null ? null : alert.value.toLocaleString()],
    ['Threshold', alert.threshold === null ? null : alert.threshold.toLocaleString()],
    ['Job', alert.job_id],
    ['Phase', alert.phase_id],
    ['Raised', exactTime(alert.raised_at)],
    ['Acknowledged', alert.acknowledged_at === null ? null : exactTime(alert.acknowledged_at)],
    ['Note', alert.note],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}
