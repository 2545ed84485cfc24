/** Where the runs of a pipeline have changed their level: of whole runs and of each phase, by what they took and used. */
import { type Static, Type } from '@sinclair/typebox';
import { TREND_METRICS } from './domain.ts';
import { OneOf, OrNull, Time } from './schema.ts';

export const RunChange = Type.Object({
  change_id: Type.String({
    description: 'the same for the same pipeline, phase, metric and first run',
  }),
  class: Type.String({
    description:
      'slower, faster, more memory, less memory, more CPU, less CPU, more errors, fewer errors',
  }),
  direction: OneOf(['worse', 'better'] as const),
  sentence: Type.String({ description: 'what changed since which run, and by how much' }),
  job_id: Type.String({ description: 'the first run of the new level' }),
  at: Time,
  run: Type.Integer({ description: 'its number among all runs there ever were, from 1' }),
  before: Type.Number({ description: 'median from the change before to this run' }),
  after: Type.Number({ description: 'median from this run to the next change' }),
  percent: OrNull(
    Type.Number({ description: 'after against before, more than 0 is more; null where it was 0' }),
  ),
  runs_before: Type.Integer({ description: 'runs the median before is of' }),
  runs_after: Type.Integer({ description: 'runs the median after is of' }),
  confidence: Type.Number({
    ...{ minimum: 0, maximum: 1 },
    description: '1 less the probability that it is chance',
  }),
});
export type RunChange = Static<typeof RunChange>;

export const SeriesChanges = Type.Object({
  pipeline: Type.String(),
  phase_id: OrNull(Type.String({ description: 'null: whole runs' })),
  name: Type.String({ description: 'of the phase, or the pipeline' }),
  metric: OneOf(TREND_METRICS),
  unit: Type.String(),
  state: OneOf(['known', 'not_enough_data'] as const),
  note: OrNull(Type.String({ description: 'such as: not enough data (3 of 8 runs)' })),
  runs: Type.Integer({ description: 'runs with a value that are looked at, 200 at most' }),
  runs_needed: Type.Integer(),
  changes: Type.Array(RunChange, { description: 'oldest first' }),
});
export type SeriesChanges = Static<typeof SeriesChanges>;
