import * as vscode from 'vscode';
import { activeAlerts } from '../alerts.ts';
import { VIEWS } from '../contributions.ts';
import { Lifetime } from '../lifetime.ts';
import { Throttle } from '../throttle.ts';
import type { ContextKeys } from '../vscode/contextKeys.ts';
import { AlertsTree, type AlertsTreeParts } from './alertsTree.ts';
import type { AlertPreferences } from './alertPreferences.ts';
import { alertsBadge } from './badges.ts';
import type { Node } from './node.ts';
import { lineAbove } from './serviceLine.ts';

const TICK_MS = 30_000;
const PAINT_EVERY_MS = 250;

/** The tree of active alerts with what stands around it: badge, the line above, context keys. */
export class AlertsView implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  readonly tree: AlertsTree;
  readonly view: vscode.TreeView<Node>;
  readonly preferences: AlertPreferences;
  private told = false;
  private readonly paints = this.lifetime.track(
    new Throttle<undefined>(PAINT_EVERY_MS, () => this.paint()),
  );

  constructor(
    private readonly parts: AlertsTreeParts,
    private readonly keys: ContextKeys,
  ) {
    const { mirror, supervisor } = parts;
    this.preferences = parts.preferences;
    this.tree = this.lifetime.track(new AlertsTree(parts));
    const options = { treeDataProvider: this.tree, showCollapseAll: true };
    this.view = this.lifetime.track(vscode.window.createTreeView(VIEWS.alerts, options));
    this.tree.shownIn(this.view);
    const look = (): void => this.paints.add(undefined);
    this.lifetime.track(
      mirror.onDidChange(({ alerts, reset }) => {
        this.told ||= reset;
        if (alerts.size > 0 || reset) look();
      }),
    );
    this.lifetime.track(supervisor.onDidChangeState(look));
    this.lifetime.track(this.preferences.onDidChange(look));
    this.lifetime.track(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) supervisor.firstUse();
      }),
    );
    this.lifetime.every(TICK_MS, () => {
      if (this.view.visible) this.tree.tick();
    });
    look();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private paint(): void {
    const { mirror, supervisor } = this.parts;
    const active = activeAlerts(mirror.alerts.values());
    const open = active.filter((alert) => !alert.acknowledged).length;
    this.view.badge = alertsBadge(open);
    this.view.message = lineAbove(supervisor.state, '');
    this.keys.set('hasOpenAlerts', open > 0);
    this.keys.set('hasAcknowledgedAlerts', open < active.length);
    this.keys.set('alertsState', !this.told ? 'looking' : active.length > 0 ? 'some' : 'none');
    this.keys.set('alertsByJob', this.preferences.grouping === 'job');
  }
}
