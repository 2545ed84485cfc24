/** What a finding says of the series that it is about. */
import { nameOf } from '../alerts/window.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Course } from './courses.ts';
import type { Runs } from './runs.ts';

type About = Pick<
  Finding,
  'job_id' | 'pipeline' | 'phase_id' | 'worker_id' | 'metric' | 'unit' | 'labels'
>;

/** Of a pipeline's series the job, where one run of it goes on and no more. */
export function aboutOf({ series, unit }: Pick<Course, 'series' | 'unit'>, runs: Runs): About {
  const { labels, metric } = series;
  const { pipeline = null, phase_id = null, worker_id = null } = labels;
  const run = pipeline === null ? null : runs.of(pipeline);
  return {
    job_id: run === null || run === 'several' ? null : run.job_id,
    ...{ pipeline, phase_id, worker_id, labels: { ...labels }, metric, unit },
  };
}

/** `cpu_percent of worker w-1`: the metric, and what its labels say of where. */
export function titleOf({ series: { labels }, name }: Pick<Course, 'series' | 'name'>): string {
  const { source, pipeline, phase_id, worker_id, ...others } = labels;
  const where = [
    phase_id && `phase ${phase_id}`,
    pipeline && `pipeline ${pipeline}`,
    worker_id && `worker ${worker_id}`,
    ...Object.values(others),
  ].filter((part) => part !== undefined && part !== '');
  const place = where.length > 0 ? where.join(', ') : source === 'host' ? 'this machine' : source;
  return place === undefined ? name : `${name} of ${place}`;
}

/** Names the series in ids: the same after a restart. */
export function keyOf({ series: { metric, labels }, name }: Pick<Course, 'series' | 'name'>) {
  const key = nameOf(metric, labels);
  return name === metric ? key : `${key}/${name}`;
}
