import type { AlertRecord } from '../../service/protocol/record.ts';
import type { Mirror } from '../mirror.ts';
import type { MutedRules } from '../mutedRules.ts';
import { ruleOf } from '../mutedRules.ts';
import type { Supervisor } from '../service/supervisor.ts';
import { AlertGroupNode, groupId } from './alertGroupNode.ts';
import { AlertNode } from './alertNode.ts';
import type { AlertPreferences } from './alertPreferences.ts';
import type { AlertsScene } from './alertsScene.ts';
import { type AlertGroup, arrangeAlerts, shapeOfGroup } from './arrangeAlerts.ts';
import type { Node } from './node.ts';
import { NO_LIST } from './serviceLine.ts';
import { Tree } from './tree.ts';

export interface AlertsTreeParts {
  mirror: Mirror;
  muted: MutedRules;
  supervisor: Supervisor;
  preferences: AlertPreferences;
}

/** Active alerts in groups; rows and groups are drawn anew only where they changed. */
export class AlertsTree extends Tree implements AlertsScene {
  /** As drawn last, by the id of the group's row. */
  private shapes = new Map<string, string>();

  constructor(private readonly parts: AlertsTreeParts) {
    super();
    const { mirror, muted, supervisor, preferences } = parts;
    this.lifetime.track(
      mirror.onDidChange(({ alerts, reset, jobs }) => {
        if (alerts.size > 0 || reset) this.update(alerts);
        for (const jobId of jobs) this.renamed(jobId);
      }),
    );
    this.lifetime.track(muted.onDidChange((rules) => this.update(this.idsOf(rules))));
    this.lifetime.track(supervisor.onDidChangeState(() => this.update(new Set())));
    this.lifetime.track(preferences.onDidChange(() => this.refreshAll()));
  }

  get mirror(): Mirror {
    return this.parts.mirror;
  }

  get muted(): MutedRules {
    return this.parts.muted;
  }

  now(): number {
    return Date.now();
  }

  /** "4 min ago" has to grow older. */
  tick(): void {
    for (const node of this.all()) if (node.alertId !== undefined) this.refresh(node);
  }

  protected roots(): Node[] {
    const groups = this.groups();
    this.shapes = shapesOf(groups);
    const ids = new Set(groups.flatMap(({ alerts }) => alerts.map(({ alert_id: id }) => id)));
    this.keepNodes(({ id, alertId }) =>
      alertId === undefined ? this.shapes.has(id) : ids.has(alertId),
    );
    return groups.map((group) => this.groupNode(group));
  }

  private groups(): AlertGroup[] {
    const { supervisor, mirror, preferences } = this.parts;
    if (NO_LIST.has(supervisor.state.kind)) return [];
    return arrangeAlerts(mirror.alerts.values(), preferences.grouping);
  }

  private groupNode(group: AlertGroup): Node {
    const node = this.node(
      groupId(group),
      () => new AlertGroupNode(this, group, (alert, parent) => this.alertNode(alert, parent)),
    );
    node.group = group;
    return node;
  }

  private alertNode({ alert_id: id }: AlertRecord, group: AlertGroupNode): Node {
    const node = this.node(`alert/${id}`, () => new AlertNode(this, id));
    node.parent = group;
    return node;
  }

  private update(alertIds: ReadonlySet<string>): void {
    const groups = this.groups();
    const shapes = shapesOf(groups);
    if ([...shapes.keys()].join('\n') !== [...this.shapes.keys()].join('\n')) {
      this.shapes = shapes;
      this.refreshAll();
      return;
    }
    for (const group of groups) {
      const id = groupId(group);
      if (shapes.get(id) !== this.shapes.get(id)) this.refresh(this.groupNode(group));
    }
    this.shapes = shapes;
    for (const alertId of alertIds) this.refreshKnown(`alert/${alertId}`);
  }

  /** A job's name comes after its first alert where the two come in frames of their own. */
  private renamed(jobId: string): void {
    if (this.parts.preferences.grouping === 'job') this.refreshKnown(`job/${jobId}`);
  }

  private refreshKnown(id: string): void {
    const node = this.known(id);
    if (node) this.refresh(node);
  }

  private idsOf(rules: ReadonlySet<string>): Set<string> {
    const alerts = [...this.mirror.alerts.values()].filter((alert) => rules.has(ruleOf(alert)));
    return new Set(alerts.map((alert) => alert.alert_id));
  }
}

function shapesOf(groups: readonly AlertGroup[]): Map<string, string> {
  return new Map(groups.map((group) => [groupId(group), shapeOfGroup(group)]));
}
