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
} from '../../service/protocol/describe.ts';
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
      'State',
      phase.inferred
        ? `${statusWord(phase.status)} (follows from the job)`
        : statusWord(phase.status),
    ],
    ['Error', phase.error ? errorLine(phase.error) : undefined],
    ['Reason', phase.reason ?? undefined],
    ['Message', phase.message ?? undefined],
    ['Progress', phase.progress === null ? undefined : progress(phase.progress)],
    ['Started', phase.started_at === null ? undefined : exactTime(phase.started_at)],
    ['Took', duration(phase.execution_time_ms ?? elapsedMs(phase, now))],
    ['Usually', phase.expected_ms === null ? undefined : duration(phase.expected_ms)],
    [
      'CPU',
      phase.cpu_percent
        ? `${percent(phase.cpu_percent.avg)}, at most ${percent(phase.cpu_percent.max)}`
        : undefined,
    ],
    [
      'Memory',
      phase.memory_mb
        ? `${memory(phase.memory_mb.avg)}, at most ${memory(phase.memory_mb.max)}`
        : undefined,
    ],
    ['Throughput', phase.throughput === null ? undefined : rate(phase.throughput)],
    ['Errors', phase.error_count.toLocaleString()],
    ['Warnings', phase.warning_count.toLocaleString()],
    ['Artifacts', phase.artifact_count.toLocaleString()],
    ['Depends on', phase.depends_on.length > 0 ? phase.depends_on.join(', ') : undefined],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
