import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count } from '../../service/protocol/describe.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { Failures } from '../failures.ts';
import { isActive } from '../jobs.ts';
import type { Disposable } from '../lifetime.ts';
import type { Interest } from '../interest.ts';
import type { Change, Mirror } from '../mirror.ts';
import type { Supervisor } from '../service/supervisor.ts';
import { arrange, type Entry } from './arrange.ts';
import { GroupNode } from './groupNode.ts';
import { JobNode } from './jobNode.ts';
import type { JobsScene } from './jobsScene.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import type { Preferences } from './preferences.ts';
import { NO_LIST } from './serviceLine.ts';
import { FRESH_MS, Tree } from './tree.ts';

/** Running jobs open by themselves while they are this few. */
const MOST_OPENED = 3;

export interface JobsTreeParts {
  mirror: Mirror;
  failures: Failures;
  interest: Interest;
  supervisor: Supervisor;
  preferences: Preferences;
}

export class JobsTree extends Tree implements JobsScene {
  private readonly wanted = new Map<string, Disposable>();
  private shape = '';
  private phaseShapes = new Map<string, string>();

  constructor(private readonly parts: JobsTreeParts) {
    super();
    const { mirror, failures, preferences, supervisor } = parts;
    this.lifetime.track(mirror.onDidChange((change) => this.mirrorChanged(change)));
    this.lifetime.track(failures.onDidChange(() => this.reshape()));
    this.lifetime.track(preferences.onDidChange(() => this.refreshAll()));
    this.lifetime.track(supervisor.onDidChangeState(() => this.reshape()));
    this.lifetime.track({ dispose: () => this.unwantAll() });
  }

  get mirror(): Mirror {
    return this.parts.mirror;
  }

  get failures(): Failures {
    return this.parts.failures;
  }

  get pinned(): ReadonlySet<string> {
    return this.parts.preferences.arrangement.pinned;
  }

  now(): number {
    return Date.now();
  }

  want(jobId: string): void {
    if (!this.wanted.has(jobId)) this.wanted.set(jobId, this.parts.interest.ask(jobId));
  }

  unwant(jobId: string): void {
    this.wanted.get(jobId)?.dispose();
    this.wanted.delete(jobId);
  }

  /**
   * Durations of what runs go on by themselves, to be called every `TICK_MS`. A row that events keep fresh is left
   * alone: the editor holds a change back for a while after each refresh, and the next event is what people wait for.
   */
  tick(): void {
    for (const job of this.mirror.jobs.values()) {
      const node = isActive(job) ? this.known(`job/${job.job_id}`) : undefined;
      if (node && this.ageOf(node) >= FRESH_MS) this.refreshJob(job.job_id);
    }
  }

  protected roots(): Node[] {
    const entries = this.entries();
    this.shape = shapeOf(entries);
    const jobIds = new Set(entries.flatMap((entry) => jobsOf(entry).map((job) => job.job_id)));
    this.keepNodes((node) => node.jobId === undefined || jobIds.has(node.jobId));
    for (const jobId of this.wanted.keys()) if (!jobIds.has(jobId)) this.unwant(jobId);
    return entries.map((entry) => this.nodeOf(entry));
  }

  private entries(): Entry[] {
    const { mirror, preferences, supervisor } = this.parts;
    if (NO_LIST.has(supervisor.state.kind)) return [];
    return arrange(mirror.jobs.values(), preferences.arrangement);
  }

  private nodeOf(entry: Entry): Node {
    if (entry.kind === 'job') return this.jobNode(entry.job);
    if (entry.kind === 'more') return this.moreNode(entry.hidden);
    const { pipeline, jobs } = entry;
    const group = this.node(
      `group/${pipeline}`,
      () => new GroupNode(pipeline, (job, parent) => this.jobNode(job, parent)),
    );
    group.jobs = jobs;
    return group;
  }

  private jobNode(job: JobRecord, group?: GroupNode): JobNode {
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const id = job.job_id;
    const node = this.node(`job/${id}`, () => {
      const open = job.status === 'RUNNING' && this.wanted.size < MOST_OPENED;
      return new JobNode(this, id, open ? Expanded : Collapsed);
    });
    node.parent = group;
    return node;
  }

  private moreNode(hidden: number): Node {
    const text = count(hidden, t('{0} older job is not shown'), t('{0} older jobs are not shown'));
    return new MessageNode('more', undefined, text, {
      command: 'workbench.action.openSettings',
      title: t('Change how many are shown'),
      arguments: ['pipescope.jobs.maxShown'],
    });
  }

  private mirrorChanged(change: Change): void {
    if (change.reset) this.phaseShapes.clear();
    for (const jobId of change.removedJobs) this.phaseShapes.delete(jobId);
    if (this.reshape()) return;
    for (const jobId of change.jobs) this.refreshJob(jobId);
    for (const [jobId, phaseIds] of change.details) this.refreshPhases(jobId, phaseIds);
  }

  /** Refreshes the whole tree when its first level has other rows than before; true then. */
  private reshape(): boolean {
    const shape = shapeOf(this.entries());
    if (shape === this.shape) return false;
    this.shape = shape;
    this.refreshAll();
    return true;
  }

  private refreshJob(jobId: string): void {
    const node = this.known(`job/${jobId}`);
    if (!node) return;
    this.refresh(node);
    if (node.parent) this.refresh(node.parent);
  }

  private refreshPhases(jobId: string, phaseIds: ReadonlySet<string>): void {
    if (!this.wanted.has(jobId)) return;
    const shape = this.mirror.phases(jobId).map((phase) => phase.phase_id);
    const key = JSON.stringify(shape);
    const same = this.phaseShapes.get(jobId) === key;
    this.phaseShapes.set(jobId, key);
    if (!same) this.refreshJob(jobId);
    for (const phaseId of same ? phaseIds : []) {
      const node = this.known(`job/${jobId}/phase/${phaseId}`);
      if (node) this.refresh(node);
    }
  }

  private unwantAll(): void {
    for (const jobId of [...this.wanted.keys()]) this.unwant(jobId);
  }
}

function jobsOf(entry: Entry): readonly JobRecord[] {
  if (entry.kind === 'job') return [entry.job];
  return entry.kind === 'group' ? entry.jobs : [];
}

/** Which rows stand where: as long as it is the same, rows can be refreshed one by one. */
function shapeOf(entries: readonly Entry[]): string {
  return JSON.stringify(
    entries.map((entry) => {
      if (entry.kind === 'job') return entry.job.job_id;
      return entry.kind === 'more'
        ? entry.hidden
        : [entry.pipeline, jobsOf(entry).map((job) => job.job_id)];
    }),
  );
}
