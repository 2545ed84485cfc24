import * as vscode from 'vscode';
import { queueDescription, queuePending } from '../../service/protocol/describeWorkers.ts';
import type { QueueRecord } from '../../service/protocol/domain.ts';
import { activeOnly } from './arrangeWork.ts';
import { queueIcon } from './icons.ts';
import { hover, treeItem } from './item.ts';
import type { Node } from './node.ts';
import { TaskRows } from './taskRows.ts';
import { queueFacts } from './workFacts.ts';
import { rowId, type WorkNode, type WorkScene } from './workScene.ts';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

export class QueueNode implements WorkNode {
  readonly id: string;
  private readonly tasks: TaskRows;

  constructor(
    private readonly scene: WorkScene,
    readonly parent: Node,
    readonly queue: string,
  ) {
    this.id = rowId('queue', queue);
    this.tasks = new TaskRows(scene, this);
  }

  get taskRows(): Iterable<WorkNode> {
    return this.tasks.shown;
  }

  item(): vscode.TreeItem {
    const { record } = this;
    const active = this.active().tasks.length > 0;
    return treeItem({
      id: this.id,
      label: this.queue,
      description: record ? queueDescription(record, this.scene.now()) : '',
      icon: queueIcon(active || (record !== undefined && queuePending(record) > 0)),
      collapsible: active ? Collapsed : None,
      context: 'queue',
    });
  }

  children(): Node[] {
    return this.tasks.show(this.active());
  }

  hover(): vscode.MarkdownString | undefined {
    return this.record && hover(this.queue, queueFacts(this.record, this.scene.now()));
  }

  private get record(): QueueRecord | undefined {
    return this.scene.work.queues.get(this.queue);
  }

  private active(): ReturnType<typeof activeOnly> {
    const { tasks_pending: waiting = 0, tasks_processing: running = 0 } = this.record ?? {};
    return activeOnly(this.scene.work.tasksOfQueue(this.queue), waiting + running);
  }
}
