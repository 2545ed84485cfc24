/** What is asked of the service, and when anew. */
import type { TrendMetric } from '../../../service/protocol/domain.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import type { Store } from '../../store.ts';
import { MOST_PHASES } from './specs.ts';

export interface Question {
  pipeline: string;
  metric: TrendMetric;
  last: number;
  /** The run that is held against those before it. */
  jobId: string | null;
  phaseId: string | null;
}

/** Hours and days are those of this computer. */
export function pathOf({ pipeline, metric, last, jobId, phaseId }: Question): string {
  const query = new URLSearchParams({
    ...{ pipeline, metric, last: String(last), phases: String(MOST_PHASES) },
    offset_minutes: String(-new Date().getTimezoneOffset()),
    ...(jobId === null ? {} : { job_id: jobId }),
    ...(phaseId === null ? {} : { phase_id: phaseId }),
  });
  return `/api/v1/performance?${query.toString()}`;
}

/** Another text when a run of the pipeline, or a phase of the shown one, has ended. */
export function versionOf(store: Store, pipeline: string | null): string {
  let ended = 0;
  let newest = 0;
  for (const job of store.jobs.values()) {
    if (job.pipeline !== pipeline || !isEnded(job.status)) continue;
    ended++;
    newest = Math.max(newest, job.seq);
  }
  return `${ended} ${newest} ${store.job?.phases_done ?? 0}`;
}
