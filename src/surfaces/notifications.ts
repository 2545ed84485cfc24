import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { count, jobFailure } from '../../service/protocol/describe.ts';
import { messageOf } from '../../service/protocol/errors.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { Failures } from '../failures.ts';
import { Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import type { Mirror } from '../mirror.ts';
import { placesOf } from '../vscode/files.ts';
import { setting } from '../vscode/settings.ts';
import { say } from './say.ts';

/** What comes within this time of the first is told together. */
const GATHER_MS = 2000;
const MOST_GATHERED = 1000;
const MOST_NAMED = 3;

/** Tells once of each job that fails. */
export class Notifications implements vscode.Disposable {
  private readonly lifetime = new Lifetime();
  private readonly failed = new Map<string, JobRecord>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly mirror: Mirror,
    failures: Failures,
    private readonly log: Log,
  ) {
    this.lifetime.track(failures.onDidFail((jobs) => this.gather(jobs)));
    this.lifetime.track({ dispose: () => clearTimeout(this.timer) });
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private gather(jobs: readonly JobRecord[]): void {
    for (const job of jobs) if (this.failed.size < MOST_GATHERED) this.failed.set(job.job_id, job);
    this.tellSoon();
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell().catch((error: unknown) => this.log.error(messageOf(error)));
    }, GATHER_MS);
  }

  private async tell(): Promise<void> {
    const jobs = [...this.failed.values()].map((job) => this.mirror.jobs.get(job.job_id) ?? job);
    this.failed.clear();
    if (setting('notifications.level') !== 'off') await this.tellFailures(jobs);
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

  private async placeOf(job: JobRecord): Promise<{ file: string; line: number } | undefined> {
    const failed = this.mirror.phases(job.job_id).find((phase) => phase.status === 'FAILED');
    const error = failed?.error ?? job.error;
    return error ? (await placesOf(error)).first?.frame : undefined;
  }
}

function closed(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
