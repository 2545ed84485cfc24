import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import { type WorkerCondition, workerCondition } from '../../service/protocol/describeWorkers.ts';
import type { Change, Mirror } from '../mirror.ts';
import type { Supervisor } from '../service/supervisor.ts';
import type { WorkMirror } from '../workMirror.ts';
import { arrangeWork, type WorkEntry } from './arrangeWork.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { NO_LIST } from './serviceLine.ts';
import { FRESH_MS, Tree } from './tree.ts';
import { ConditionNode, OtherTasksNode, QueuesNode, workerRow } from './workGroups.ts';
import { rowId, type WorkNode, type WorkScene } from './workScene.ts';

export interface WorkersTreeParts {
  mirror: Mirror;
  supervisor: Supervisor;
}

/** Workers, their tasks and the queues. While nobody sees it, nothing of it is drawn. */
export class WorkersTree extends Tree implements WorkScene {
  private shape = '';
  private conditions = new Map<string, WorkerCondition>();
  private readonly folded = new WeakSet<Node>();
  private shown = false;

  constructor(private readonly parts: WorkersTreeParts) {
    super();
    this.lifetime.track(parts.mirror.onDidChange((change) => this.mirrorChanged(change)));
    this.lifetime.track(parts.supervisor.onDidChangeState(() => this.reshape()));
  }

  get work(): WorkMirror {
    return this.parts.mirror.work;
  }

  now(): number {
    return Date.now();
  }

  show(shown: boolean): void {
    this.shown = shown;
    if (shown) this.refreshAll();
  }

  protected override fold(node: Node, folded: boolean): void {
    super.fold(node, folded);
    if (folded) this.folded.add(node);
    else this.folded.delete(node);
  }

  /** Draws the rows anew whose words have gone on with time; to be called every `TICK_MS`. */
  tick(): void {
    if (!this.shown) return;
    for (const node of this.all()) {
      this.refreshIfOutdated(node);
      if (this.folded.has(node)) continue;
      for (const task of (node as WorkNode).taskRows ?? []) this.refreshIfOutdated(task);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: WorkNode): vscode.TreeItem {
    const hover = node.hover?.();
    if (hover) item.tooltip = hover;
    return item;
  }

  protected roots(): Node[] {
    const entries = this.entries();
    this.shape = JSON.stringify(entries);
    this.conditions = new Map(
      [...this.work.workers].map(([id, worker]) => [id, workerCondition(worker)]),
    );
    this.forgetGone();
    return entries.map((entry) => this.nodeOf(entry));
  }

  private entries(): WorkEntry[] {
    return NO_LIST.has(this.parts.supervisor.state.kind) ? [] : arrangeWork(this.work);
  }

  private nodeOf(entry: WorkEntry): Node {
    switch (entry.kind) {
      case 'worker':
        return workerRow(this, entry.workerId);
      case 'condition':
        return this.node(rowId('condition', entry.condition), () => {
          return new ConditionNode(this, entry.condition);
        });
      case 'more':
        return new MessageNode(
          rowId('more'),
          undefined,
          count(entry.hidden, t('{0} more worker not shown'), t('{0} more workers not shown')),
        );
      case 'queues':
        return this.node(QueuesNode.id, () => new QueuesNode(this));
      case 'others':
        return this.node(OtherTasksNode.id, () => new OtherTasksNode(this));
    }
  }

  private mirrorChanged({ reset, work }: Change): void {
    if (!this.shown) return;
    if (!reset && work.workers.size + work.queues.size + work.tasks.size === 0) return;
    if (this.reshape()) return;
    this.refreshWorkers(work.workers);
    for (const queue of work.queues) this.refreshKnown(rowId('queue', queue));
    if (work.queues.size > 0) this.refreshKnown(QueuesNode.id);
    if (work.tasks.size > 0) this.refreshKnown(OtherTasksNode.id);
  }

  /** Draws everything anew when the first level has other rows than before; true then. */
  private reshape(): boolean {
    const shape = JSON.stringify(this.entries());
    if (shape === this.shape) return false;
    this.shape = shape;
    if (this.shown) this.refreshAll();
    return true;
  }

  /** Refreshes these workers, and the groups that they left and joined. */
  private refreshWorkers(workerIds: ReadonlySet<string>): void {
    const groups = new Set<WorkerCondition>();
    for (const id of workerIds) {
      const worker = this.work.workers.get(id);
      const before = this.conditions.get(id);
      const now = worker && workerCondition(worker);
      if (before !== now) {
        if (before) groups.add(before);
        if (now) groups.add(now);
      }
      if (now) this.conditions.set(id, now);
      else this.conditions.delete(id);
      this.refreshKnown(rowId('worker', id));
    }
    for (const condition of groups) this.refreshKnown(rowId('condition', condition));
    if (groups.size === 0) return;
    this.refreshKnown(OtherTasksNode.id); // a worker that came takes its tasks from there
    this.forgetGone();
  }

  private refreshKnown(id: string): void {
    const node = this.known(id);
    if (node) this.refresh(node);
  }

  private refreshIfOutdated(node: WorkNode): void {
    if (node.isOutdated?.() && this.ageOf(node) >= FRESH_MS) this.refresh(node);
  }

  /** Rows of workers that are gone are not drawn again. */
  private forgetGone(): void {
    const { workers, queues } = this.work;
    this.keepNodes(({ workerId, queue }: WorkNode) => {
      if (workerId !== undefined) return workers.has(workerId);
      return queue === undefined || queues.has(queue);
    });
  }
}
