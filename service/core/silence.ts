/** Jobs and workers nobody hears of any more: an event says so, and the next sign of life takes it back. */
import { type Event, OWN_ID } from '../protocol/event.ts';
import { toWellFormed } from '../protocol/wellFormed.ts';
import { deriveJob } from './derive.ts';
import { workerState } from './domain/worker.ts';
import type { Model } from './fold.ts';

export interface SilenceLimits {
  /** Epoch milliseconds. */
  now: number;
  /** When the service began to listen: before that nobody could be heard. */
  startedAt: number;
  /** Milliseconds without a sign of life. */
  after: number;
}

export function silentJobs(model: Model, { now, startedAt, after }: SilenceLimits): Event[] {
  const events: Event[] = [];
  for (const job of model.jobs.values()) {
    if (now - lastHeard(job.last_seen, now, startedAt) < after) continue;
    if (deriveJob(job).status !== 'RUNNING') continue;
    const id = `${OWN_ID}stalled:${encodeURIComponent(toWellFormed(job.job_id))}/${job.last_seen}`;
    events.push({
      type: 'job.stalled',
      id,
      time: now,
      job_id: job.job_id,
      silent_since: job.last_seen,
    });
  }
  return events;
}

/** Workers without a sign of life: their tasks stay as they are, since nobody knows what became of them. */
export function silentWorkers(model: Model, { now, startedAt, after }: SilenceLimits): Event[] {
  const events: Event[] = [];
  for (const worker of model.domain.workers.rows.values()) {
    const { worker_id, last_seen } = worker;
    if (now - lastHeard(last_seen, now, startedAt) < after) continue;
    if (workerState(worker) !== 'ONLINE') continue;
    const id = `${OWN_ID}lost:${encodeURIComponent(toWellFormed(worker_id))}/${last_seen}`;
    events.push({ type: 'worker.lost', id, time: now, worker_id, silent_since: last_seen });
  }
  return events;
}

/** Heard of in the future: the clock was set back while no service ran. */
function lastHeard(last_seen: number, now: number, startedAt: number): number {
  return last_seen > now ? startedAt : Math.max(last_seen, startedAt);
}
