import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { duration, exactTime, statusWord, UNKNOWN } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { SubPhaseRecord } from '../../service/protocol/record.ts';
import { statusIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { JobsScene } from './jobsScene.ts';
import type { Node } from './node.ts';

const MOST_METRICS = 3;

export class SubPhaseNode implements Node {
  readonly id: string;

  constructor(
    private readonly scene: JobsScene,
    readonly parent: Node,
    readonly jobId: string,
    private readonly place: { phaseId: string; name: string },
  ) {
    this.id = `${parent.id}/sub/${place.name}`;
  }

  item(): vscode.TreeItem {
    const { phaseId, name } = this.place;
    const record = this.scene.mirror.details(this.jobId)?.subPhases.get(phaseId)?.get(name);
    return treeItem({
      id: this.id,
      label: name,
      description: record ? description(record) : '',
      icon: statusIcon(record?.status ?? 'PENDING'),
      collapsible: vscode.TreeItemCollapsibleState.None,
      context: 'subPhase',
      facts: record ? facts(record) : [],
    });
  }

  children(): Node[] {
    return [];
  }
}

function description(record: SubPhaseRecord): string {
  const parts = record.status === 'COMPLETED' ? [] : [statusWord(record.status)];
  if (record.duration_ms !== null) parts.push(duration(record.duration_ms));
  return [...parts, ...metrics(record).slice(0, MOST_METRICS)].join(' · ');
}

function metrics(record: SubPhaseRecord): string[] {
  return metricRows(record).map(([name, value]) => `${value} ${name}`);
}

function metricRows(record: SubPhaseRecord): [string, string][] {
  return Object.entries(record.metrics).map(([name, value]) => [
    name.replaceAll('_', ' '),
    typeof value === 'number' ? numeral(value) : scalar(value),
  ]);
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function facts(record: SubPhaseRecord): [string, string][] {
  return [
    [t('State'), statusWord(record.status)],
    [t('Took'), duration(record.duration_ms)],
    [t('Started'), record.started_at === null ? UNKNOWN : exactTime(record.started_at)],
    ...metricRows(record),
  ];
}
