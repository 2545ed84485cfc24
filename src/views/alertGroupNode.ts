import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count, severityWord } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import type { Severity } from '../../service/protocol/states.ts';
import type { AlertsScene } from './alertsScene.ts';
import type { AlertGroup } from './arrangeAlerts.ts';
import { severityIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { Node } from './node.ts';

/** The alerts of one severity, or of one job. */
export class AlertGroupNode implements Node {
  readonly id: string;
  readonly parent = undefined;
  readonly jobId?: string;

  constructor(
    private readonly scene: AlertsScene,
    /** As last arranged. */
    public group: AlertGroup,
    private readonly nodeOf: (alert: AlertRecord, group: AlertGroupNode) => Node,
  ) {
    this.id = groupId(group);
    if (group.by === 'job' && group.key !== '') this.jobId = group.key;
  }

  item(): vscode.TreeItem {
    const { alerts, by } = this.group;
    const parts = [count(alerts.length, t('{0} alert'), t('{0} alerts'))];
    const acknowledged = alerts.filter((alert) => alert.acknowledged).length;
    if (acknowledged > 0) parts.push(t('{0} acknowledged', numeral(acknowledged)));
    const isOpen = acknowledged < alerts.length;
    return treeItem({
      id: this.id,
      label: this.label(),
      description: parts.join(' · '),
      icon: severityIcon(gravest(alerts)),
      collapsible: vscode.TreeItemCollapsibleState.Expanded,
      context: by === 'job' && isOpen ? 'alertGroup.job open' : 'alertGroup',
      facts: [[t('Alerts'), parts.join(', ')]],
    });
  }

  children(): Node[] {
    return this.group.alerts.map((alert) => this.nodeOf(alert, this));
  }

  private label(): string {
    const { by, key } = this.group;
    if (by === 'severity') return severityTitle(key as Severity);
    if (key === '') return t('No Job');
    return this.scene.mirror.jobs.get(key)?.name ?? key;
  }
}

export function groupId({ by, key }: AlertGroup): string {
  return `${by}/${key}`;
}

/** As the other titles of rows: with a capital. */
function severityTitle(severity: Severity): string {
  const word = severityWord(severity);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Of those that wait; of all where none does. */
function gravest(alerts: readonly AlertRecord[]): Severity {
  // They are in this order already.
  return alerts[0]?.severity ?? 'INFO';
}
