import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  duration,
  elapsedMs,
  errorLine,
  exactTime,
  memory,
  percent,
  phaseDescription,
  phaseLabel,
  progress,
  rate,
  statusWord,
  usually,
} from '../../service/protocol/describe.ts';
import { expectedEnd } from '../../service/protocol/describeEta.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { statusIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { JobsScene } from './jobsScene.ts';
import type { Node } from './node.ts';
import { SubPhaseNode } from './subPhaseNode.ts';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

export class PhaseNode implements Node {
  readonly id: string;

  constructor(
    private readonly scene: JobsScene,
    readonly parent: Node,
    readonly jobId: string,
    readonly phaseId: string,
  ) {
    this.id = `${parent.id}/phase/${phaseId}`;
  }

  item(): vscode.TreeItem {
    const phase = this.scene.mirror.details(this.jobId)?.phases.get(this.phaseId);
    const failed = phase?.status === 'FAILED';
    return treeItem({
      id: this.id,
      label: phase ? phaseLabel(phase) : this.phaseId,
      description: phase ? phaseDescription(phase, this.scene.now()) : '',
      icon: statusIcon(phase?.status ?? 'PENDING'),
      collapsible: this.names().length > 0 ? Collapsed : None,
      context: failed ? 'phase failed' : 'phase',
      facts: phase ? facts(phase, this.scene.now()) : [],
    });
  }

  children(): Node[] {
    return this.names().map((name) =>
      this.scene.node(`${this.id}/sub/${name}`, () => {
        const place = { phaseId: this.phaseId, name };
        return new SubPhaseNode(this.scene, this, this.jobId, place);
      }),
    );
  }

  private names(): string[] {
    return [...(this.scene.mirror.details(this.jobId)?.subPhases.get(this.phaseId)?.keys() ?? [])];
  }
}

function facts(phase: PhaseRecord, now: number): [string, string][] {
  const all: [string, string | undefined][] = [
    [
      t('State'),
      phase.inferred
        ? t('{0} (follows from the job)', statusWord(phase.status))
        : statusWord(phase.status),
    ],
    [t('Error'), phase.error ? errorLine(phase.error) : undefined],
    [t('Reason'), phase.reason ?? undefined],
    [t('Message'), phase.message ?? undefined],
    [t('Progress'), phase.progress === null ? undefined : progress(phase.progress)],
    [t('Started'), phase.started_at === null ? undefined : exactTime(phase.started_at)],
    [t('Took'), duration(phase.execution_time_ms ?? elapsedMs(phase, now))],
    [t('Expected end'), expectedEnd(phase) || undefined],
    [t('Usually'), usually(phase)],
    [
      t('CPU'),
      phase.cpu_percent
        ? t('{0}, at most {1}', percent(phase.cpu_percent.avg), percent(phase.cpu_percent.max))
        : undefined,
    ],
    [
      t('Memory'),
      phase.memory_mb
        ? t('{0}, at most {1}', memory(phase.memory_mb.avg), memory(phase.memory_mb.max))
        : undefined,
    ],
    [t('Throughput'), phase.throughput === null ? undefined : rate(phase.throughput)],
    [t('Errors'), numeral(phase.error_count)],
    [t('Warnings'), numeral(phase.warning_count)],
    [t('Artifacts'), numeral(phase.artifact_count)],
    [t('Depends on'), phase.depends_on.length > 0 ? phase.depends_on.join(', ') : undefined],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
