import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  duration,
  elapsedMs,
  errorLine,
  exactTime,
  jobDescription,
  phasesDone,
  progress,
  statusWord,
  usually,
} from '../../service/protocol/describe.ts';
import { expectedEnd } from '../../service/protocol/describeEta.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import { isEnded } from '../../service/protocol/states.ts';
import { statusIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { JobsScene } from './jobsScene.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { PhaseNode } from './phaseNode.ts';

export class JobNode implements Node {
  readonly id: string;
  /** The pipeline's row where jobs are grouped. */
  parent: Node | undefined;

  constructor(
    private readonly scene: JobsScene,
    readonly jobId: string,
    private readonly initial: vscode.TreeItemCollapsibleState,
  ) {
    this.id = `job/${jobId}`;
  }

  item(): vscode.TreeItem {
    const job = this.scene.mirror.jobs.get(this.jobId);
    if (!job) return new vscode.TreeItem(this.jobId);
    const now = this.scene.now();
    const pinned = this.scene.pinned.has(this.jobId);
    return treeItem({
      id: this.id,
      label: job.name,
      description: [jobDescription(job, now), ...(pinned ? [t('pinned')] : [])].join(' · '),
      icon: statusIcon(job.status),
      collapsible: this.initial,
      context: context(job, pinned),
      facts: facts(job, now),
    });
  }

  children(): Node[] {
    this.scene.want(this.jobId);
    const phases = this.scene.mirror.phases(this.jobId);
    if (phases.length === 0) return [this.placeholder()];
    return phases.map(({ phase_id: phaseId }) =>
      this.scene.node(
        `${this.id}/phase/${phaseId}`,
        () => new PhaseNode(this.scene, this, this.jobId, phaseId),
      ),
    );
  }

  private placeholder(): Node {
    const total = this.scene.mirror.jobs.get(this.jobId)?.phases_total ?? 0;
    const text = total > 0 ? t('Waiting for the phases.') : t('This job has reported no phases.');
    return new MessageNode(`${this.id}/message`, this, text);
  }
}

function context(job: JobRecord, pinned: boolean): string {
  const words = ['job'];
  if (job.status === 'FAILED') words.push('failed');
  if (isEnded(job.status)) words.push('ended');
  if (job.alert_count > 0) words.push('alerts');
  if (pinned) words.push('pinned');
  return words.join(' ');
}

function facts(job: JobRecord, now: number): [string, string][] {
  const all: [string, string | undefined][] = [
    [t('Job'), job.job_id],
    [t('Pipeline'), job.pipeline],
    [t('State'), statusWord(job.status)],
    [t('Error'), job.error ? errorLine(job.error) : undefined],
    [t('Message'), job.message ?? undefined],
    [t('Progress'), job.progress === null ? undefined : progress(job.progress)],
    [t('Started'), job.started_at === null ? undefined : exactTime(job.started_at)],
    [t('Ended'), job.ended_at === null ? undefined : exactTime(job.ended_at)],
    [t('Expected end'), expectedEnd(job) || undefined],
    [t('Usually'), usually(job)],
    [t('Last sign of life'), job.status === 'STALE' ? exactTime(job.last_seen_at) : undefined],
    [t('Took'), duration(job.duration_ms ?? elapsedMs(job, now))],
    [t('Phases'), phasesDone(job)],
    [t('Errors'), numeral(job.error_count)],
    [t('Warnings'), numeral(job.warning_count)],
    [t('Active alerts'), numeral(job.alert_count)],
    [t('Attempt'), job.attempt > 1 ? String(job.attempt) : undefined],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}
