import * as vscode from 'vscode';
import { openAlerts } from '../alerts.ts';
import { VIEWS } from '../contributions.ts';
import { type Disposable, Lifetime } from '../lifetime.ts';
import { Throttle } from '../throttle.ts';
import type { ContextKeys } from '../vscode/contextKeys.ts';
import { describeFilter, isFiltered } from './arrange.ts';
import { jobsBadge } from './badges.ts';
import { JobsTree, type JobsTreeParts } from './jobsTree.ts';
import type { Node } from './node.ts';
import type { Preferences } from './preferences.ts';
import { lineAbove } from './serviceLine.ts';
import { TICK_MS } from './tree.ts';

const PAINT_EVERY_MS = 250;

/** The tree of jobs with what stands around it: badge, the line above, context keys. */
export class JobsView implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  readonly tree: JobsTree;
  readonly view: vscode.TreeView<Node>;
  readonly preferences: Preferences;
  private readonly paints: Throttle<undefined>;

  constructor(
    private readonly parts: JobsTreeParts,
    private readonly keys: ContextKeys,
  ) {
    this.preferences = parts.preferences;
    this.tree = this.lifetime.track(new JobsTree(parts));
    const options = { treeDataProvider: this.tree, showCollapseAll: true, canSelectMany: true };
    this.view = this.lifetime.track(vscode.window.createTreeView(VIEWS.jobs, options));
    this.tree.shownIn(this.view);
    this.paints = this.lifetime.track(new Throttle(PAINT_EVERY_MS, () => this.paint()));
    this.lifetime.every(TICK_MS, () => {
      if (this.view.visible) this.tree.tick();
    });
    this.listen();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private listen(): void {
    const { mirror, failures, preferences, supervisor } = this.parts;
    const look = (): void => this.paints.add(undefined);
    const track = (thing: Disposable): unknown => this.lifetime.track(thing);
    track(mirror.onDidChange(look));
    track(failures.onDidChange(look));
    track(preferences.onDidChange(look));
    track(supervisor.onDidChangeState(look));
    track(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) supervisor.firstUse();
      }),
    );
    track(
      this.view.onDidCollapseElement(({ element }) => {
        if (element.jobId !== undefined && element.phaseId === undefined)
          this.tree.unwant(element.jobId);
      }),
    );
    track(
      this.view.onDidChangeSelection(({ selection }) => {
        for (const { jobId } of selection) this.lookedAt(jobId);
      }),
    );
    look();
  }

  private lookedAt(jobId: string | undefined): void {
    const job = jobId === undefined ? undefined : this.parts.mirror.jobs.get(jobId);
    if (job) this.parts.failures.lookedAt(job);
  }

  private paint(): void {
    const { mirror, failures, supervisor } = this.parts;
    const how = this.preferences.arrangement;
    const failed = failures.openOf(mirror.jobs.values()).length;
    const alerts = openAlerts(mirror.alerts.values()).length;
    this.view.badge = jobsBadge(failed, alerts);
    this.view.message = lineAbove(supervisor.state, isFiltered(how) ? describeFilter(how) : '');
    this.keys.set('hasJobs', mirror.jobs.size > 0);
    this.keys.set('jobsGrouped', how.grouped);
    this.keys.set('jobsFiltered', isFiltered(how));
  }
}
