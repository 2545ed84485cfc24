import * as vscode from 'vscode';
import { workersInTrouble } from '../../service/protocol/describeWorkers.ts';
import { VIEWS } from '../contributions.ts';
import type { Interest } from '../interest.ts';
import { type Disposable, Lifetime } from '../lifetime.ts';
import { Throttle } from '../throttle.ts';
import type { ContextKeys } from '../vscode/contextKeys.ts';
import { arrangeWork } from './arrangeWork.ts';
import type { Node } from './node.ts';
import { lineAbove, NO_LIST } from './serviceLine.ts';
import { TICK_MS } from './tree.ts';
import { WorkersTree, type WorkersTreeParts } from './workersTree.ts';

const PAINT_EVERY_MS = 250;

/** The tree of workers with what stands around it: badge, the line above, the context key of the welcome texts. */
export class WorkersView implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  readonly tree: WorkersTree;
  readonly view: vscode.TreeView<Node>;
  private asked: Disposable | undefined;
  private readonly paints: Throttle<undefined>;

  constructor(
    private readonly parts: WorkersTreeParts & { interest: Interest },
    private readonly keys: ContextKeys,
  ) {
    this.tree = this.lifetime.track(new WorkersTree(parts));
    const options = { treeDataProvider: this.tree, showCollapseAll: true };
    this.view = this.lifetime.track(vscode.window.createTreeView(VIEWS.workers, options));
    this.tree.shownIn(this.view);
    this.paints = this.lifetime.track(new Throttle(PAINT_EVERY_MS, () => this.paint()));
    this.lifetime.track({ dispose: () => this.asked?.dispose() });
    this.lifetime.every(TICK_MS, () => this.tree.tick());
    this.listen();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  /**
   * Asks for the records from the first look on: a window that never shows the view costs the service nothing, and one
   * that did keeps its badge.
   */
  look(visible: boolean): void {
    this.tree.show(visible);
    if (!visible) return;
    this.parts.supervisor.firstUse();
    this.asked ??= this.parts.interest.askForWork();
  }

  private listen(): void {
    const { mirror, supervisor } = this.parts;
    const { view } = this;
    const repaint = (): void => this.paints.add(undefined);
    for (const listening of [
      mirror.onDidChange(repaint),
      supervisor.onDidChangeState(repaint),
      view.onDidChangeVisibility(({ visible }) => this.look(visible)),
    ])
      this.lifetime.track(listening);
    repaint();
  }

  private paint(): void {
    const { mirror, supervisor } = this.parts;
    const listed = NO_LIST.has(supervisor.state.kind) ? [] : mirror.work.workers.values();
    const { total, text } = workersInTrouble(listed);
    this.view.badge = total > 0 ? { value: total, tooltip: text } : undefined;
    this.view.message = lineAbove(supervisor.state, '');
    const empty = mirror.work.known ? 'none' : 'looking';
    this.keys.set('workersState', arrangeWork(mirror.work).length > 0 ? 'some' : empty);
  }
}
