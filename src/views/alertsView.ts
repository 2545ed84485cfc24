import * as vscode from 'vscode';
import { activeAlerts } from '../alerts.ts';
import { VIEWS } from '../contributions.ts';
import type { Mirror } from '../mirror.ts';
import type { Supervisor } from '../service/supervisor.ts';
import type { ContextKeys } from '../vscode/contextKeys.ts';
import { AlertNode } from './alertNode.ts';
import type { Node } from './node.ts';
import { Tree } from './tree.ts';

/** "4 min ago" has to grow older. */
const TICK_MS = 30_000;

/** The tree of active alerts. */
export class AlertsView extends Tree {
  readonly view: vscode.TreeView<Node>;
  private shape = '';

  constructor(
    private readonly mirror: Mirror,
    private readonly supervisor: Supervisor,
    private readonly keys: ContextKeys,
  ) {
    super();
    this.view = this.lifetime.track(
      vscode.window.createTreeView(VIEWS.alerts, { treeDataProvider: this }),
    );
    this.lifetime.track(
      mirror.onDidChange(({ alerts, reset }) => {
        if (alerts.size > 0 || reset) this.update(alerts);
      }),
    );
    this.lifetime.track(supervisor.onDidChangeState(() => this.update(new Set())));
    this.lifetime.track(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) supervisor.firstUse();
      }),
    );
    this.lifetime.every(TICK_MS, () => this.refreshAll());
  }

  protected roots(): Node[] {
    const ids = this.ids();
    this.shape = ids.join('\n');
    this.keepNodes(({ alertId }) => alertId !== undefined && ids.includes(alertId));
    return ids.map((id) => this.node(`alert/${id}`, () => new AlertNode(this.mirror, id)));
  }

  private ids(): string[] {
    if (this.supervisor.state.kind === 'off') return [];
    return activeAlerts(this.mirror.alerts.values()).map((alert) => alert.alert_id);
  }

  private update(alertIds: ReadonlySet<string>): void {
    const active = activeAlerts(this.mirror.alerts.values());
    this.keys.set(
      'hasOpenAlerts',
      active.some((alert) => !alert.acknowledged),
    );
    this.keys.set(
      'hasAcknowledgedAlerts',
      active.some((alert) => alert.acknowledged),
    );
    if (this.ids().join('\n') !== this.shape) {
      this.refreshAll();
      return;
    }
    for (const id of alertIds) {
      const node = this.known(`alert/${id}`);
      if (node) this.refresh(node);
    }
  }
}
