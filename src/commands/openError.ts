import { t } from '@vscode/l10n';
import type { ErrorDetails } from '../../service/protocol/event.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { App } from '../app.ts';
import { placesOf, rangeOf, showFile } from '../vscode/files.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { pickJob } from './pick.ts';

/** Opens the line where a job or task failed: in the workspace, else in the job's log or the task's document. */
export const openError: Command = (app) => async (target) => {
  if (target?.taskId !== undefined) {
    await openTaskError(app, target.taskId);
    return;
  }
  const job = await pickJob(app, target, {
    title: t('Open the error of which job?'),
    filter: ({ status }) => status === 'FAILED',
    none: t('No job has failed.'),
  });
  if (!job) return;
  app.failures.lookedAt(job);
  await app.logDocuments.detailsOf(job.job_id);
  const { phaseId, error } = failureOf(app, job, target?.phaseId);
  const first = error ? (await placesOf(error)).first : undefined;
  if (first) await showFile(first.uri, rangeOf(first.frame));
  else await app.logDocuments.show(job.job_id, phaseId);
};

async function openTaskError({ mirror, taskDocuments }: App, taskId: string): Promise<void> {
  const task = mirror.work.tasks.get(taskId);
  if (!task) {
    void sayInfo(t('This task is not there any more.'));
    return;
  }
  const first = task.error ? (await placesOf(task.error)).first : undefined;
  if (first) await showFile(first.uri, rangeOf(first.frame));
  else await taskDocuments.show(task);
}

function failureOf(
  { mirror }: App,
  job: JobRecord,
  wanted: string | undefined,
): { phaseId: string | null; error: ErrorDetails | null } {
  const failed = mirror.phases(job.job_id).filter((phase) => phase.status === 'FAILED');
  const id = wanted ?? job.current_phase?.phase_id;
  const phase = failed.find(({ phase_id: phaseId }) => phaseId === id) ?? failed[0];
  return { phaseId: phase?.phase_id ?? null, error: phase?.error ?? job.error };
}
