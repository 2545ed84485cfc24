/** Whose something is, as the records know it. */
import type { TaskFact } from '../analysis/bottlenecks/workBook.ts';
import type { Whose } from '../analysis/bottlenecks/sign.ts';
import { derivePhase } from '../core/derive.ts';
import type { TaskState } from '../core/domain/task.ts';
import type { Model } from '../core/fold.ts';
import type { JobState, PhaseState } from '../core/model.ts';
import { readText } from '../core/registers.ts';
import { pipelineOf } from '../core/view.ts';

export function taskFactOf(task: TaskState, model: Model): TaskFact {
  const { fields, run } = task;
  const job_id = readText(fields, 'job_id');
  const job = job_id === null ? undefined : model.jobs.get(job_id);
  return {
    task_id: task.task_id,
    whose: {
      job_id,
      pipeline: job ? pipelineOf(job) : null,
      phase_id: readText(fields, 'phase_id'),
    },
    ...{ worker_id: readText(fields, 'worker_id'), queue: readText(fields, 'queue') },
    submitted_at: task.submitted_at,
    ...{ started_at: run.started_at, ended_at: run.ended_at },
  };
}

/** The job and its phase that runs; of several, the one that reported most CPU lately, or none. */
export function whoseOf(job: JobState): Whose {
  const running = [...job.phases.values()].filter(
    (phase) => derivePhase(phase, job).status === 'RUNNING',
  );
  const [phase] = running.length === 1 ? running : busiest(running);
  return {
    ...{ job_id: job.job_id, pipeline: pipelineOf(job), phase_id: phase?.phase_id ?? null },
    worker_id: (phase && readText(phase.fields, 'worker_id')) ?? readText(job.fields, 'worker_id'),
  };
}

function busiest(phases: readonly PhaseState[]): PhaseState[] {
  const known = phases.flatMap((phase) => {
    const cell = phase.samples?.buckets.at(-1)?.cells.get('cpu_percent');
    return cell ? [{ phase, cpu: cell.sum / cell.count }] : [];
  });
  return known.sort((a, b) => b.cpu - a.cpu).map(({ phase }) => phase);
}
