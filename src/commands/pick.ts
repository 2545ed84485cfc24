import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { jobDescription } from '../../service/protocol/describe.ts';
import type { AlertRecord, JobRecord } from '../../service/protocol/record.ts';
import type { App } from '../app.ts';
import type { Target } from '../target.ts';
import { runningFirst } from '../jobs.ts';
import { sayInfo } from '../vscode/messages.ts';

export interface JobQuestion {
  title: string;
  /** Which jobs may be chosen; all when absent. */
  filter?: (job: JobRecord) => boolean;
  /** What to say when there is none to choose from. */
  none: string;
}

/** The job a command is about: the row's, or the one a person picks. Undefined when there is none, or none is picked. */
export async function pickJob(
  app: App,
  target: Target | undefined,
  { title, filter, none }: JobQuestion,
): Promise<JobRecord | undefined> {
  const named = jobOf(app, target);
  if (named) return named;
  if (target && (target.jobId ?? target.alertId ?? target.taskId) !== undefined) {
    void sayInfo(t('This job is not there any more.'));
    return undefined;
  }
  const jobs = [...app.mirror.jobs.values()].filter(filter ?? (() => true)).sort(runningFirst);
  if (jobs.length === 0) {
    void sayInfo(none, 'runDemo');
    return undefined;
  }
  const items = jobs.map((job) => ({
    label: job.name,
    description: jobDescription(job, Date.now()),
    detail: job.job_id,
    job,
  }));
  const options = {
    title,
    placeHolder: t('Type to search'),
    matchOnDescription: true,
    matchOnDetail: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.job;
}

/** The job that a row, an alert's row or a task's row belongs to. */
export function jobOf(app: App, target: Target | undefined): JobRecord | undefined {
  const { mirror } = app;
  const jobId = target?.jobId ?? namedBy(app, target)?.job_id;
  return jobId ? mirror.jobs.get(jobId) : undefined;
}

/** The alert or task of a row: both name a job and a phase. */
export function namedBy(
  { mirror }: App,
  target: Target | undefined,
): Pick<AlertRecord, 'job_id' | 'phase_id'> | undefined {
  if (target?.alertId !== undefined) return mirror.alerts.get(target.alertId);
  return target?.taskId === undefined ? undefined : mirror.work.tasks.get(target.taskId);
}
