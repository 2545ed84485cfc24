/** What a finding says of the series that it is about. */
import { nameOf } from '../alerts/window.ts';
import { deriveJob } from '../core/derive.ts';
import type { JobState } from '../core/model.ts';
import { pipelineOf } from '../core/view.ts';
import { isEnded } from '../protocol/states.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Series } from '../series/series.ts';

type About = Pick<
  Finding,
  'job_id' | 'pipeline' | 'phase_id' | 'worker_id' | 'metric' | 'unit' | 'labels'
>;

/** Of a pipeline's series the job, where one run of it goes on and no more. */
export function aboutOf(series: Series, jobs: Iterable<JobState>): About {
  const { labels, info } = series;
  const { pipeline = null, phase_id = null, worker_id = null } = labels;
  return {
    job_id: pipeline === null ? null : onlyRun(pipeline, jobs),
    ...{ pipeline, phase_id, worker_id, labels: { ...labels } },
    metric: info.name,
    unit: unitOf(series),
  };
}

/** Of the values that are judged: a counter is judged by how fast it grows. */
export function unitOf({ info: { kind, unit } }: Series): string | null {
  return kind === 'counter' && unit !== null ? `${unit}/s` : unit;
}

function onlyRun(pipeline: string, jobs: Iterable<JobState>): string | null {
  let found: string | null = null;
  for (const job of jobs) {
    if (pipelineOf(job) !== pipeline || isEnded(deriveJob(job).status)) continue;
    if (found !== null) return null;
    found = job.job_id;
  }
  return found;
}

/** `cpu_percent of worker w-1`: the metric, and what its labels say of where. */
export function titleOf({ info, labels }: Series): string {
  const { source, pipeline, phase_id, worker_id, ...others } = labels;
  const where = [
    phase_id && `phase ${phase_id}`,
    pipeline && `pipeline ${pipeline}`,
    worker_id && `worker ${worker_id}`,
    ...Object.values(others),
  ].filter((part) => part !== undefined && part !== '');
  const place = where.length > 0 ? where.join(', ') : source === 'host' ? 'this machine' : source;
  return place === undefined ? info.name : `${info.name} of ${place}`;
}

/** Names the series in ids: the same after a restart. */
export function keyOf({ info, labels }: Series): string {
  return nameOf(info.name, labels);
}
