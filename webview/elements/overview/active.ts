/** Jobs that have not ended, as the overview lists them. */
import { t } from '@vscode/l10n';
import { duration, phaseLabel, progress } from '../../../service/protocol/describe.ts';
import { roughly } from '../../../service/protocol/describeWorkers.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { etaDetail, etaWords } from '../../eta.ts';
import { jobMs, timeLeft } from '../../format.ts';
import { listJobs } from '../../jobs.ts';

export interface ActiveJob {
  job: JobRecord;
  name: string;
  /** 0-1; null where the job does not tell. */
  fraction: number | null;
  done: string;
  /** The phase that runs, or how long there was no sign of life. */
  doing: string;
  elapsed: string;
  /** `~2 min left`; empty where no end is expected. */
  left: string;
  /** The same with its range and what it is worked out from, for the hover. */
  end: string;
}

/** Running and silent ones, the newest first, then those that wait. */
export function activeJobs(jobs: Iterable<JobRecord>, now: number): ActiveJob[] {
  const order = ['RUNNING', 'STALE', 'PENDING'];
  const active = [...jobs].filter(({ status }) => order.includes(status));
  return listJobs(active, '').map((job) => activeJob(job, now));
}

function activeJob(job: JobRecord, now: number): ActiveJob {
  const eta = job.status === 'RUNNING' ? job.eta_at : null;
  return {
    job,
    name: job.name === '' ? job.job_id : job.name,
    fraction: job.progress,
    done: progress(job.progress),
    doing: doing(job, now),
    elapsed: duration(jobMs(job, now)),
    left: timeLeft(eta, now),
    end: [etaWords(job, now), etaDetail(job, now)].filter(Boolean).join('. '),
  };
}

function doing({ status, current_phase, last_seen_at, message }: JobRecord, now: number): string {
  if (status === 'STALE')
    return t('no sign of life for {0}', roughly(now - Date.parse(last_seen_at)));
  if (status === 'PENDING') return t('waits to be started');
  if (current_phase !== null) return phaseLabel(current_phase);
  return message ?? '';
}
