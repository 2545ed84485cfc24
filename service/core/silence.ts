/** Jobs nobody hears of any more: an event says so, and the next sign of life takes it back. */
import { type Event, OWN_ID } from '../protocol/event.ts';
import { deriveJob } from './derive.ts';
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
    // Heard of in the future: the clock was set back while no service ran.
    const heard = job.last_seen > now ? startedAt : Math.max(job.last_seen, startedAt);
    if (now - heard < after || deriveJob(job).status !== 'RUNNING') continue;
    const id = `${OWN_ID}stalled:${encodeURIComponent(job.job_id)}/${job.last_seen}`;
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
