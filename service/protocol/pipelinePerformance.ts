/** How long the runs of one pipeline and their phases took, or what they used: run by run, phase by phase, hour by hour. */
import { type Static, Type } from '@sinclair/typebox';
import { TREND_METRICS } from './domain.ts';
import { OneOf, OrNull } from './schema.ts';
import { STATUSES } from './states.ts';

export const MAX_PERFORMANCE_RUNS = 100;
export const MAX_PERFORMANCE_PHASES = 500;
export const MAX_PERFORMANCE_DAYS = 31;

const Measure = OrNull(Type.Number());
const Count = Type.Integer();
const RunStatus = OneOf(STATUSES);

const Usual = Type.Object({
  median: Type.Number({ description: 'of execution_time, `expected_ms` of the record' }),
  low: Type.Number({ description: 'first quartile' }),
  high: Type.Number({ description: 'third quartile' }),
  runs: Type.Integer({ description: 'completed ones before it, 3 to 20' }),
});

/**
 * A value held against those of the runs before it. `side` is `above` or `below` beyond the fences of Tukey (1.5 times the
 * distance of the quartiles) where that is 20 % and more than noise; null of fewer than 5 runs.
 */
const held = {
  value: OrNull(Type.Number({ description: 'in the unit of the answer' })),
  usual: OrNull(Usual),
  ratio: OrNull(Type.Number({ description: 'value / usual median' })),
  side: OrNull(OneOf(['below', 'within', 'above'] as const)),
};
const PerformanceRun = Type.Object({
  job_id: Type.String(),
  name: Type.String(),
  status: RunStatus,
  started_at: Type.String({ format: 'date-time', description: 'the end, where no start is known' }),
  ...held,
  range: OrNull(
    Type.Object(
      { low: Type.Number(), high: Type.Number() },
      {
        description:
          'between which 8 of 10 runs like it lie, as its record says (expected_low_ms, expected_high_ms); only of execution_time',
      },
    ),
  ),
});
export type PerformanceRun = Static<typeof PerformanceRun>;

const Ended = {
  completed: Count,
  failed: Count,
  success_rate_percent: OrNull(
    Type.Number({ description: 'completed of those that completed or failed, 0-100' }),
  ),
};

const PerformancePhase = Type.Object({
  phase_id: Type.String(),
  name: Type.String(),
  place: Type.Integer({ description: 'in the order in which phases usually begin, from 0' }),
  values: Type.Array(Measure, { description: 'one for each of runs: of its newest attempt' }),
  statuses: Type.Array(OrNull(RunStatus), { description: 'null where it has not ended in a run' }),
  spread: OrNull(
    Type.Object(
      {
        count: Count,
        min: Type.Number(),
        low: Type.Number({ description: 'first quartile' }),
        median: Type.Number(),
        high: Type.Number({ description: 'third quartile' }),
        max: Type.Number(),
      },
      { description: 'of the values that completed' },
    ),
  ),
  share_percent: OrNull(
    Type.Number({ description: 'of the medians of all phases; only of execution_time' }),
  ),
  ...Ended,
  shown: OrNull(
    Type.Object({ status: RunStatus, ...held }, { description: 'in the job of job_id' }),
  ),
});
export type PerformancePhase = Static<typeof PerformancePhase>;

const Worse = Type.Object({ phase_id: Type.String(), name: Type.String(), ...held });
export type WorsePhase = Static<typeof Worse>;
export type Held = Omit<WorsePhase, 'phase_id' | 'name'>;

const PerformanceHour = Type.Object({
  day: Type.String({ description: 'YYYY-MM-DD' }),
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  runs: Count,
  failed: Count,
  median: OrNull(Type.Number({ description: 'of the values that completed' })),
  job_id: Type.String({ description: 'the newest run in it' }),
});
export type PerformanceHour = Static<typeof PerformanceHour>;

export const PipelinePerformance = Type.Object({
  pipeline: Type.String(),
  metric: OneOf(TREND_METRICS),
  unit: Type.String({ description: 'ms, MB, percent or errors' }),
  phase_id: OrNull(Type.String({ description: 'what runs and hours are of; null: of whole runs' })),
  runs: Type.Array(PerformanceRun, {
    description: 'the newest that ended, oldest first',
    maxItems: MAX_PERFORMANCE_RUNS,
  }),
  runs_total: Type.Integer({ description: 'how many there are to look at' }),
  ...Ended,
  shown: OrNull(
    Type.Object(
      { job_id: Type.String(), ...held },
      { description: 'the whole run of job_id; null where it has not ended or is not known' },
    ),
  ),
  worse: Type.Array(Worse, {
    description: 'phases of job_id above their usual, by how much; at most 10',
  }),
  worse_total: Count,
  judged: Type.Integer({ description: 'phases of job_id with enough runs before it to tell' }),
  phases: Type.Array(PerformancePhase, { description: 'those with the greatest median first' }),
  phases_total: Count,
  days: Type.Array(Type.String(), { description: 'YYYY-MM-DD, without gaps, oldest first' }),
  hours: Type.Array(PerformanceHour, { description: 'hours in which runs started; others absent' }),
});
export type PipelinePerformance = Static<typeof PipelinePerformance>;
