import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { MOST_COMPARED } from '../../service/protocol/compareMeasures.ts';
import { jobDescription } from '../../service/protocol/describe.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { App } from '../app.ts';
import { runningFirst } from '../jobs.ts';
import type { Target } from '../target.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { jobOf } from './pick.ts';

/** Sets jobs beside each other in the dashboard: the selected rows, or those that a person picks. */
export const compareJobs: Command = (app) => async (target, selected) => {
  const named = namedJobs(app, target, selected);
  const jobs = named.length > 1 ? named : await pickJobs(app, named[0]);
  if (jobs.length === 0) return;
  if (jobs.length > MOST_COMPARED) {
    void sayInfo(t('At most {0} jobs can be compared at once. Select fewer.', MOST_COMPARED));
    return;
  }
  app.panels.compare(jobs.map(({ job_id }) => job_id));
};

/** The row that was clicked comes first: the others are held against it. */
function namedJobs(app: App, target: Target | undefined, selected: unknown): JobRecord[] {
  const rows = Array.isArray(selected) ? (selected as Target[]) : [];
  const clicked = target === undefined ? [] : [target];
  const jobs = [...clicked, ...rows].map((row) => jobOf(app, row));
  return [...new Set(jobs.filter((job) => job !== undefined))];
}

/** The others for one job, or two and more; none when the person picks none. */
async function pickJobs(app: App, first: JobRecord | undefined): Promise<JobRecord[]> {
  const all = [...app.mirror.jobs.values()].sort(runningFirst).filter((job) => job !== first);
  if (all.length + (first ? 1 : 0) < 2) {
    void sayInfo(t('There are not two jobs to compare yet.'), 'runDemo');
    return [];
  }
  const title = first ? t('Compare {0} with which jobs?', first.name) : t('Compare which jobs?');
  const picked = await pickMany(ofSamePipelineFirst(all, first), title);
  if (picked.length === 0) return [];
  const jobs = first ? [first, ...picked] : picked;
  if (jobs.length > 1) return jobs;
  void sayInfo(t('Choose at least two jobs to compare.'));
  return [];
}

async function pickMany(jobs: readonly JobRecord[], title: string): Promise<JobRecord[]> {
  const items = jobs.map((job) => ({
    label: job.name,
    description: jobDescription(job, Date.now()),
    detail: job.job_id,
    job,
  }));
  const placeHolder = t('Type to search, then tick the jobs');
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true } as const;
  const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
  return (picked ?? []).map(({ job }) => job);
}

function ofSamePipelineFirst(
  jobs: readonly JobRecord[],
  first: JobRecord | undefined,
): readonly JobRecord[] {
  const other = (job: JobRecord): number => Number(job.pipeline !== first?.pipeline);
  return first ? [...jobs].sort((a, b) => other(a) - other(b)) : jobs;
}
