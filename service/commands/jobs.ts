import { isSettled } from '../core/fold.ts';
import { ProductError } from '../protocol/errors.ts';
import { type CommandContext, append, newId, who } from './context.ts';

/** Throws JOB_STILL_RUNNING, JOB_UNKNOWN. */
export function removeJob(
  { job_id, by }: { job_id: string; by?: string },
  context: CommandContext,
): Promise<number> {
  const { model } = context.monitor;
  const job = model.jobs.get(job_id);
  if (job && !isSettled(job)) throw new ProductError('JOB_STILL_RUNNING');
  if (!job && !model.finished.has(job_id)) throw new ProductError('JOB_UNKNOWN');
  return append(context, [
    { type: 'job.removed', id: newId('remove'), time: context.now, job_id, ...who(by) },
  ]);
}
