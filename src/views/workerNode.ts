import * as vscode from 'vscode';
import { workerCondition, workerDescription } from '../../service/protocol/describeWorkers.ts';
import type { WorkerRecord } from '../../service/protocol/domain.ts';
import { activeThenEnded } from './arrangeWork.ts';
import { workerIcon } from './icons.ts';
import { hover, treeItem } from './item.ts';
import type { Node } from './node.ts';
import { TaskRows } from './taskRows.ts';
import { workerFacts } from './workFacts.ts';
import { rowId, type WorkNode, type WorkScene } from './workScene.ts';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

export class WorkerNode implements WorkNode {
  readonly id: string;
  /** The row of its condition where workers are grouped. */
  parent: Node | undefined;
  private readonly tasks: TaskRows;
  private drawn = '';

  constructor(
    private readonly scene: WorkScene,
    readonly workerId: string,
  ) {
    this.id = rowId('worker', workerId);
    this.tasks = new TaskRows(scene, this);
  }

  get taskRows(): Iterable<WorkNode> {
    return this.tasks.shown;
  }

  item(): vscode.TreeItem {
    const { worker } = this;
    this.drawn = this.description();
    return treeItem({
      id: this.id,
      label: this.workerId,
      description: this.drawn,
      icon: workerIcon(worker ? workerCondition(worker) : 'stopped'),
      collapsible: this.scene.work.hasTasks(this.workerId) ? Collapsed : None,
      context: 'worker',
    });
  }

  children(): Node[] {
    return this.tasks.show(activeThenEnded(this.scene.work.tasksOfWorker(this.workerId)));
  }

  hover(): vscode.MarkdownString | undefined {
    return this.worker && hover(this.workerId, workerFacts(this.worker));
  }

  isOutdated(): boolean {
    return this.description() !== this.drawn;
  }

  private get worker(): WorkerRecord | undefined {
    return this.scene.work.workers.get(this.workerId);
  }

  private description(): string {
    const grouped = this.parent !== undefined;
    return this.worker ? workerDescription(this.worker, this.scene.now(), grouped) : '';
  }
}
