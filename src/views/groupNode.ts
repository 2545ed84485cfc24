import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import { jobsIn } from '../jobs.ts';
import { statusIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { Node } from './node.ts';

/** The runs of one pipeline. */
export class GroupNode implements Node {
  readonly id: string;
  readonly parent = undefined;
  /** As last arranged. */
  jobs: readonly JobRecord[] = [];

  constructor(
    private readonly pipeline: string,
    private readonly nodeOf: (job: JobRecord, group: GroupNode) => Node,
  ) {
    this.id = `group/${pipeline}`;
  }

  item(): vscode.TreeItem {
    const parts = [count(this.jobs.length, t('{0} job'), t('{0} jobs'))];
    const running = jobsIn(this.jobs, 'RUNNING').length;
    const failed = jobsIn(this.jobs, 'FAILED').length;
    if (running > 0) parts.push(t('{0} running', numeral(running)));
    if (failed > 0) parts.push(t('{0} failed', numeral(failed)));
    return treeItem({
      id: this.id,
      label: this.pipeline,
      description: parts.join(' · '),
      icon: statusIcon(this.jobs[0]?.status ?? 'PENDING'),
      collapsible: vscode.TreeItemCollapsibleState.Expanded,
      context: 'group',
      facts: [[t('Jobs'), parts.join(', ')]],
    });
  }

  children(): Node[] {
    return this.jobs.map((job) => this.nodeOf(job, this));
  }
}
