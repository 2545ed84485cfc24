/** The rows of the Workers view below which others stand. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import {
  isActiveTask,
  queuePending,
  type WorkerCondition,
} from '../../service/protocol/describeWorkers.ts';
import { numeral } from '../../service/protocol/intl.ts';
import { activeThenEnded, otherTasks, queuesByName, workersIn } from './arrangeWork.ts';
import { workerIcon } from './icons.ts';
import { treeItem } from './item.ts';
import type { Node } from './node.ts';
import { QueueNode } from './queueNode.ts';
import { TaskRows } from './taskRows.ts';
import { WorkerNode } from './workerNode.ts';
import { rowId, type WorkNode, type WorkScene } from './workScene.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
/** A larger group opens by hand only, so that the queues below it stay in sight. */
const MOST_OPENED = 50;

const CONDITION_TITLES: Record<WorkerCondition, () => string> = {
  offline: () => t('Offline'),
  unhealthy: () => t('Unhealthy'),
  online: () => t('Online'),
  stopped: () => t('Stopped'),
};

/** The workers of one condition. */
export class ConditionNode implements WorkNode {
  readonly id: string;
  readonly parent = undefined;

  constructor(
    private readonly scene: WorkScene,
    private readonly condition: WorkerCondition,
  ) {
    this.id = rowId('condition', condition);
  }

  item(): vscode.TreeItem {
    const n = workersIn(this.scene.work.workers.values(), this.condition).length;
    const open = this.condition !== 'stopped' && n <= MOST_OPENED;
    return treeItem({
      id: this.id,
      label: CONDITION_TITLES[this.condition](),
      description: count(n, t('{0} worker'), t('{0} workers')),
      icon: workerIcon(this.condition),
      collapsible: open ? Expanded : Collapsed,
      context: 'workers',
    });
  }

  children(): Node[] {
    const workers = workersIn(this.scene.work.workers.values(), this.condition);
    return workers.map(({ worker_id: id }) => workerRow(this.scene, id, this));
  }
}

/** The row of a worker, below its group where there is one. */
export function workerRow(scene: WorkScene, workerId: string, parent?: Node): WorkerNode {
  const node = scene.node(rowId('worker', workerId), () => new WorkerNode(scene, workerId));
  node.parent = parent;
  return node;
}

export class QueuesNode implements WorkNode {
  static readonly id = rowId('queues');
  readonly id = QueuesNode.id;
  readonly parent = undefined;

  constructor(private readonly scene: WorkScene) {}

  item(): vscode.TreeItem {
    const queues = [...this.scene.work.queues.values()];
    const pending = queues.reduce((sum, queue) => sum + queuePending(queue), 0);
    return treeItem({
      id: this.id,
      label: t('Queues'),
      description: [
        count(queues.length, t('{0} queue'), t('{0} queues')),
        t('{0} pending', numeral(pending)),
      ].join(' · '),
      icon: new vscode.ThemeIcon('layers'),
      collapsible: queues.length <= MOST_OPENED ? Expanded : Collapsed,
      context: 'queues',
    });
  }

  children(): Node[] {
    return queuesByName(this.scene.work.queues.values()).map(({ queue }) =>
      this.scene.node(rowId('queue', queue), () => new QueueNode(this.scene, this, queue)),
    );
  }
}

/** Tasks that name no worker and no queue. */
export class OtherTasksNode implements WorkNode {
  static readonly id = rowId('others');
  readonly id = OtherTasksNode.id;
  readonly parent = undefined;
  private readonly tasks: TaskRows;

  constructor(private readonly scene: WorkScene) {
    this.tasks = new TaskRows(scene, this);
  }

  get taskRows(): Iterable<WorkNode> {
    return this.tasks.shown;
  }

  item(): vscode.TreeItem {
    const active = otherTasks(this.scene.work).filter(isActiveTask).length;
    return treeItem({
      id: this.id,
      label: t('Other tasks'),
      description: t('{0} active', numeral(active)),
      icon: new vscode.ThemeIcon('tasklist'),
      collapsible: Collapsed,
      context: 'tasks',
    });
  }

  children(): Node[] {
    return this.tasks.show(activeThenEnded(otherTasks(this.scene.work)));
  }
}
