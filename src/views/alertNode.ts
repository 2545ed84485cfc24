import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { exactTime, severityWord } from '../../service/protocol/describe.ts';
import { alertDescription, routedWords } from '../../service/protocol/describeAlerts.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { commandId } from '../contributions.ts';
import { ruleOf } from '../mutedRules.ts';
import type { AlertsScene } from './alertsScene.ts';
import { severityIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { Node } from './node.ts';

export class AlertNode implements Node {
  readonly id: string;
  parent: Node | undefined;

  constructor(
    private readonly scene: AlertsScene,
    readonly alertId: string,
  ) {
    this.id = `alert/${alertId}`;
  }

  item(): vscode.TreeItem {
    const alert = this.scene.mirror.alerts.get(this.alertId);
    if (!alert) return new vscode.TreeItem(this.alertId);
    const muted = this.scene.muted.has(ruleOf(alert));
    const item = treeItem({
      id: this.id,
      label: alert.title,
      description: alertDescription(alert, this.scene.now()),
      icon: alert.acknowledged ? new vscode.ThemeIcon('check') : severityIcon(alert.severity),
      collapsible: vscode.TreeItemCollapsibleState.None,
      context: contextOf(alert, muted),
      facts: facts(alert, muted),
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

/** Words for the `viewItem` clauses of menus: `alert.open job rule`, `alert.acknowledged rule muted`. */
function contextOf(alert: AlertRecord, muted: boolean): string {
  const words = [
    alert.acknowledged ? 'alert.acknowledged' : 'alert.open',
    alert.job_id === null ? '' : 'job',
    alert.rule === null ? '' : 'rule',
    muted ? 'muted' : '',
  ];
  return words.filter((word) => word !== '').join(' ');
}

function facts(alert: AlertRecord, muted: boolean): [string, string][] {
  const time = (moment: string | null | undefined): string | null =>
    moment == null ? null : exactTime(moment);
  const all: [string, string | null][] = [
    [t('What'), alert.description],
    [t('Severity'), severityWord(alert.severity)],
    [t('Component'), [alert.component, alert.component_id].filter(Boolean).join(' ')],
    [t('Metric'), alert.metric],
    [t('Value'), alert.value === null ? null : numeral(alert.value)],
    [t('Threshold'), alert.threshold === null ? null : numeral(alert.threshold)],
    [t('Job'), alert.job_id],
    [t('Phase'), alert.phase_id],
    [t('Rule'), alert.rule],
    [t('Raised'), exactTime(alert.raised_at)],
    [t('Came back'), alert.reopened_count > 0 ? time(alert.last_raised_at) : null],
    [t('Acknowledged'), time(alert.acknowledged_at)],
    [t('Acknowledged until'), alert.acknowledged ? time(alert.acknowledged_until) : null],
    [t('Note'), alert.note],
    ...told(alert),
    [t('Notifications'), muted ? t('You asked for none of this rule in VS Code.') : null],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}

/** A line for each channel; none where an older service has no channels. */
function told({ routed }: Partial<AlertRecord>): [string, string][] {
  if (routed === undefined) return [];
  if (routed === null) return [[t('Channels'), t('not decided yet')]];
  return routed.map((one) => [t('Channel {0}', one.channel_id), routedWords(one)]);
}
