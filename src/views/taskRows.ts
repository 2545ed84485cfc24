import { t } from '@vscode/l10n';
import { count } from '../../service/protocol/describe.ts';
import type { ShownTasks } from './arrangeWork.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { TaskNode } from './taskNode.ts';
import { rowId, type WorkScene } from './workScene.ts';

/** The rows of tasks below another row. A task keeps its row for as long as it is shown, and no longer. */
export class TaskRows {
  private rows = new Map<string, TaskNode>();

  constructor(
    private readonly scene: WorkScene,
    private readonly parent: Node,
  ) {}

  get shown(): Iterable<TaskNode> {
    return this.rows.values();
  }

  show({ tasks, hidden }: ShownTasks): Node[] {
    const { parent, scene } = this;
    const rows = new Map<string, TaskNode>();
    for (const { task_id: id } of tasks)
      rows.set(
        id,
        this.rows.get(id) ?? new TaskNode(scene, rowId(parent.id, 'task', id), parent, id),
      );
    this.rows = rows;
    if (hidden === 0) return [...rows.values()];
    const text = count(
      hidden,
      t('{0} more active task is not shown'),
      t('{0} more active tasks are not shown'),
    );
    return [...rows.values(), new MessageNode(rowId(parent.id, 'more'), parent, text)];
  }
}
