import * as vscode from 'vscode';
import { taskDescription } from '../../service/protocol/describeWorkers.ts';
import type { TaskRecord } from '../../service/protocol/domain.ts';
import { taskIcon } from './icons.ts';
import { hover, treeItem } from './item.ts';
import type { Node } from './node.ts';
import { taskFacts } from './workFacts.ts';
import type { WorkNode, WorkScene } from './workScene.ts';

export class TaskNode implements WorkNode {
  private drawn = '';

  constructor(
    private readonly scene: WorkScene,
    readonly id: string,
    readonly parent: Node,
    readonly taskId: string,
  ) {}

  item(): vscode.TreeItem {
    const { task } = this;
    this.drawn = this.description();
    return treeItem({
      id: this.id,
      label: this.taskId,
      description: this.drawn,
      icon: taskIcon(task?.status ?? 'PENDING'),
      collapsible: vscode.TreeItemCollapsibleState.None,
      context: task ? context(task) : 'task',
    });
  }

  children(): Node[] {
    return [];
  }

  hover(): vscode.MarkdownString | undefined {
    return this.task && hover(this.taskId, taskFacts(this.task, this.scene.now()));
  }

  isOutdated(): boolean {
    return this.description() !== this.drawn;
  }

  private get task(): TaskRecord | undefined {
    return this.scene.work.tasks.get(this.taskId);
  }

  private description(): string {
    return this.task ? taskDescription(this.task, this.scene.now()) : '';
  }
}

function context(task: TaskRecord): string {
  const words = ['task'];
  if (task.status === 'FAILED') words.push('failed');
  if (task.job_id !== null) words.push('job');
  return words.join(' ');
}
