import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { exactTime, relativeTime, severityWord } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
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
    item.command = {
      command: commandId('showJobInDashboard'),
      title: t('Show'),
      arguments: [this],
    };
    return item;
  }

  children(): Node[] {
    return [];
  }
}

function description(alert: AlertRecord, now: number): string {
  const severity = severityWord(alert.severity);
  const since = alert.acknowledged_at ?? alert.raised_at;
  const when = relativeTime(since, now);
  if (!alert.acknowledged) return `${severity} · ${when}`;
  const by = alert.acknowledged_by;
  const acknowledged =
    by === null ? t('acknowledged since {0}', when) : t('acknowledged by {0} since {1}', by, when);
  return `${severity} · ${acknowledged}`;
}

function facts(alert: AlertRecord): [string, string][] {
  const all: [string, string | null][] = [
    [t('What'), alert.description],
    [t('Severity'), severityWord(alert.severity)],
    [t('Component'), [alert.component, alert.component_id].filter(Boolean).join(' ')],
    [t('Metric'), alert.metric],
    [t('Value'), alert.value === null ? null : numeral(alert.value)],
    [t('Threshold'), alert.threshold === null ? null : numeral(alert.threshold)],
    [t('Job'), alert.job_id],
    [t('Phase'), alert.phase_id],
    [t('Raised'), exactTime(alert.raised_at)],
    [t('Acknowledged'), alert.acknowledged_at === null ? null : exactTime(alert.acknowledged_at)],
    [t('Note'), alert.note],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}
