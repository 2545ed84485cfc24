import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { count, jobFailure } from '../../service/protocol/describe.ts';
import { messageOf } from '../../service/protocol/errors.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { AlertRecord, JobRecord } from '../../service/protocol/record.ts';
import { severityRank } from '../../service/protocol/states.ts';
import type { Target } from '../target.ts';
import { type CommandName, commandId } from '../contributions.ts';
import type { Failures } from '../failures.ts';
import { Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import { withoutLinks } from '../markdown.ts';
import type { Change, Mirror } from '../mirror.ts';
import { placesOf } from '../vscode/files.ts';
import { setting } from '../vscode/settings.ts';

/** What comes within this time of the first is told together. */
const GATHER_MS = 2000;
const MOST_GATHERED = 1000;
const MOST_NAMED = 3;

/** Tells once of each job that fails and, where a person wants it, of alerts. */
export class Notifications implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  private readonly failed = new Map<string, JobRecord>();
  private readonly alerts = new Set<string>();
  private readonly known = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly mirror: Mirror,
    failures: Failures,
    private readonly log: Log,
  ) {
    this.lifetime.track(failures.onDidFail((jobs) => this.gather(jobs)));
    this.lifetime.track(mirror.onDidChange((change) => this.look(change)));
    this.lifetime.track({ dispose: () => clearTimeout(this.timer) });
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private gather(jobs: readonly JobRecord[]): void {
    for (const job of jobs) if (this.failed.size < MOST_GATHERED) this.failed.set(job.job_id, job);
    this.tellSoon();
  }

  private look({ alerts, reset }: Change): void {
    if (reset) this.known.clear();
    for (const id of alerts) {
      const alert = this.mirror.alerts.get(id);
      if (!alert) this.known.delete(id);
      else if (!this.known.has(id)) {
        this.known.add(id);
        // Those of the first frame were there before: the badge and the status bar have them.
        if (!reset && isNews(alert) && this.alerts.size < MOST_GATHERED) this.alerts.add(id);
      }
    }
    if (this.alerts.size > 0) this.tellSoon();
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell().catch((error: unknown) => this.log.error(messageOf(error)));
    }, GATHER_MS);
  }

  private async tell(): Promise<void> {
    const jobs = [...this.failed.values()].map((job) => this.mirror.jobs.get(job.job_id) ?? job);
    const alerts = [...this.alerts].map((id) => this.mirror.alerts.get(id));
    this.failed.clear();
    this.alerts.clear();
    const level = setting('notifications.level');
    if (level === 'off') return;
    // A job's own failure says it already.
    const open = alerts.filter((alert) => alert && isNews(alert) && !this.hasFailed(alert));
    const first = open[0];
    await Promise.all([
      this.tellFailures(jobs),
      level === 'warning' && first ? this.tellAlert(first, open.length) : undefined,
    ]);
  }

  private hasFailed({ job_id: jobId }: AlertRecord): boolean {
    return jobId !== null && this.mirror.jobs.get(jobId)?.status === 'FAILED';
  }

  private async tellFailures(jobs: readonly JobRecord[]): Promise<void> {
    const [job] = jobs;
    if (!job) return;
    if (jobs.length > 1) {
      await this.tellSeveral(jobs);
      return;
    }
    const target = { jobId: job.job_id };
    const message = jobFailure(job, await this.placeOf(job));
    await say('error', closed(message), [
      [t('Open Error'), 'openError', target],
      [t('Show in Dashboard'), 'showJobInDashboard', target],
      [t('Acknowledge'), 'acknowledgeAlert', target],
    ]);
  }

  private async tellSeveral(jobs: readonly JobRecord[]): Promise<void> {
    const names = jobs
      .slice(-MOST_NAMED)
      .reverse()
      .map((job) => job.name);
    const others = jobs.length - names.length;
    const list = [...names, ...(others > 0 ? [t('{0} more', numeral(others))] : [])].join(', ');
    const newest = jobs.at(-1);
    const target = newest ? { jobId: newest.job_id } : {};
    await say(
      'error',
      count(jobs.length, t('{0} job failed: {1}.'), t('{0} jobs failed: {1}.'), list),
      [
        [t('Open Newest Error'), 'openError', target],
        [t('Show in Dashboard'), 'showJobInDashboard', target],
        [t('Acknowledge All'), 'acknowledgeAllAlerts', {}],
      ],
    );
  }

  private async tellAlert(alert: AlertRecord, n: number): Promise<void> {
    const said = [`${alert.title}: ${alert.description}`];
    if (n > 1) said.push(count(n - 1, t('{0} more alert with it.'), t('{0} more alerts with it.')));
    await say('warning', said.join(' '), [
      [t('Show in Dashboard'), 'showJobInDashboard', { alertId: alert.alert_id }],
      n > 1
        ? [t('Acknowledge All'), 'acknowledgeAllAlerts', {}]
        : [t('Acknowledge'), 'acknowledgeAlert', { alertId: alert.alert_id }],
    ]);
  }

  private async placeOf(job: JobRecord): Promise<{ file: string; line: number } | undefined> {
    const failed = this.mirror.phases(job.job_id).find((phase) => phase.status === 'FAILED');
    const error = failed?.error ?? job.error;
    return error ? (await placesOf(error)).first?.frame : undefined;
  }
}

function closed(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function isNews(alert: AlertRecord): boolean {
  const grave = severityRank(alert.severity) >= severityRank('WARNING');
  return alert.active && !alert.acknowledged && grave;
}

type Button = [title: string, command: CommandName, target: Target];

async function say(level: 'error' | 'warning', message: string, buttons: Button[]): Promise<void> {
  const { showErrorMessage, showWarningMessage } = vscode.window;
  const show = level === 'error' ? showErrorMessage : showWarningMessage;
  const answer = await show(withoutLinks(message), ...buttons.map(([title]) => title));
  const [, command, target] = buttons.find(([title]) => title === answer) ?? [];
  if (command) await vscode.commands.executeCommand(commandId(command), target);
}
