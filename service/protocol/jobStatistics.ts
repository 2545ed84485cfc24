/** Figures of a set of jobs, and the values that filters of jobs can be given. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull, Time } from './schema.ts';
import { ExecutionStatistics } from './stages.ts';
import { STATUSES } from './states.ts';

const Measure = OrNull(Type.Number());

const Figures = {
  runs: Type.Integer(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  success_rate_percent: OrNull(
    Type.Number({ description: 'completed of those that completed or failed, 0-100' }),
  ),
  p50_duration_ms: Measure,
  p95_duration_ms: Measure,
};

const PipelineOfJobs = Type.Object({ pipeline: Type.String(), ...Figures });
export type PipelineOfJobs = Static<typeof PipelineOfJobs>;

const DayOfJobs = Type.Object({
  day: Type.String({ description: 'YYYY-MM-DD, by the start of the jobs' }),
  ...Figures,
});
export type DayOfJobs = Static<typeof DayOfJobs>;

const RunInTime = Type.Object({
  job_id: Type.String(),
  name: Type.String(),
  pipeline: Type.String(),
  status: OneOf(STATUSES),
  started_at: Time,
  duration_ms: Measure,
  usual_ms: OrNull(
    Type.Number({
      description:
        'median of up to 20 completed runs of the pipeline before it, of those that match; null below 3',
    }),
  ),
  usual_low_ms: OrNull(Type.Number({ description: 'their first quartile' })),
  usual_high_ms: OrNull(Type.Number({ description: 'their third quartile' })),
  expected_ms: OrNull(
    Type.Number({ description: 'what was usual for a run like it, as its record says' }),
  ),
  expected_low_ms: OrNull(Type.Number({ description: '10 % of such runs take less' })),
  expected_high_ms: OrNull(Type.Number({ description: '10 % of such runs take more' })),
  outlier: Type.Boolean({
    description: 'beyond 1.5 times the distance of the quartiles, and by more than noise',
  }),
});
export type RunInTime = Static<typeof RunInTime>;

export const JobStatistics = Type.Object({
  ...ExecutionStatistics.properties,
  by_pipeline: Type.Array(PipelineOfJobs, { description: 'the 50 with the most runs' }),
  pipelines_total: Type.Integer(),
  by_day: Type.Array(DayOfJobs, { description: 'the last 366 days with runs, oldest first' }),
  days_total: Type.Integer(),
  runs: Type.Array(RunInTime, { description: 'the 200 newest that ended, oldest first' }),
  runs_total: Type.Integer({ description: 'how many ended' }),
});
export type JobStatistics = Static<typeof JobStatistics>;

const Choice = Type.Object({ value: Type.String(), jobs: Type.Integer() });
const Choices = (what: string) =>
  Type.Array(Choice, { description: `${what}, most frequent first, at most 200` });

export const JobChoices = Type.Object({
  pipelines: Choices('pipelines'),
  pipelines_total: Type.Integer(),
  kinds: Choices('kinds'),
  kinds_total: Type.Integer(),
  labels: Type.Array(
    Type.Object({
      name: Type.String(),
      jobs: Type.Integer(),
      values: Type.Array(Choice, { description: 'most frequent first, at most 50' }),
      values_total: Type.Integer(),
    }),
    { description: 'most frequent first, at most 50' },
  ),
  labels_total: Type.Integer(),
});
export type JobChoices = Static<typeof JobChoices>;
