import type { JobRecord } from '../service/protocol/record.ts';

/** When a job began, for "the latest": ISO times compare as text. */
function began(job: JobRecord): string {
  return job.started_at ?? job.submitted_at ?? job.last_seen_at;
}

function newestFirst(a: JobRecord, b: JobRecord): number {
  return began(b).localeCompare(began(a)) || b.seq - a.seq;
}

/** The job that is shown when none was picked. */
export function latestJob(jobs: Iterable<JobRecord>): JobRecord | undefined {
  let latest: JobRecord | undefined;
  for (const job of jobs) if (latest === undefined || newestFirst(job, latest) < 0) latest = job;
  return latest;
}

/** Running ones first, then the newest, as far as they match every word of the text. */
export function listJobs(jobs: Iterable<JobRecord>, text: string): JobRecord[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return [...jobs]
    .filter((job) => matches(job, words))
    .sort((a, b) => Number(runs(b)) - Number(runs(a)) || newestFirst(a, b));
}

function matches(job: JobRecord, words: string[]): boolean {
  const text = `${job.name} ${job.job_id} ${job.pipeline} ${job.status}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function runs(job: JobRecord): boolean {
  return job.status === 'RUNNING' || job.status === 'STALE';
}
