/** Which findings speak of a job: its own, those of its workers and queues, and those of the machine that it runs on. */
import type { Finding } from '../../protocol/finding.ts';

export interface Surroundings {
  job_id: string;
  /** Workers that the job or its running phases named. */
  workers: ReadonlySet<string>;
  /** What the job's parameters are about: workers, caches, models, queues. */
  subjects: ReadonlySet<string>;
  /** False where all of its workers are known to be on other machines. */
  isHere: boolean;
}

export function speaksOf(
  { job_id, pipeline, worker_id, labels }: Finding,
  { job_id: own, workers, subjects, isHere }: Surroundings,
): boolean {
  if (job_id !== null) return job_id === own;
  // Of a pipeline with several runs nobody knows which of them it is.
  if (pipeline !== null) return false;
  if (worker_id !== null) return workers.has(worker_id) || subjects.has(worker_id);
  if (labels['source'] === 'host') return isHere;
  return ['queue', 'cache', 'model'].some((label) => subjects.has(labels[label] ?? ''));
}
