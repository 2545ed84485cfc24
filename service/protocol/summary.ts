/** What one would say of a run in one sentence, with what it follows from. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull } from './schema.ts';

/**
 * `known`: slower or faster; `as_usual`: closer to the median than 5 % or 100 ms; `nothing_ended`: it runs, and nothing of
 * it can be held against others yet.
 */
export const SUMMARY_STATES = [
  'known',
  'as_usual',
  'nothing_ended',
  'not_enough_data',
  'failed',
  'cancelled',
] as const;

const Milliseconds = Type.Number();

export const Explanation = Type.Object({
  phase_id: Type.String(),
  difference_ms: Type.Number({ description: 'longer than usual; less than 0 is shorter' }),
  share: Type.Number({
    ...{ minimum: 0, maximum: 1 },
    description: 'of the difference of the whole run',
  }),
  time_ms: Milliseconds,
  usual_ms: OrNull(Type.Number({ description: 'median; null of a phase that is new' })),
});
export type Explanation = Static<typeof Explanation>;

export const RunSummary = Type.Object({
  job_id: Type.String(),
  state: OneOf(SUMMARY_STATES),
  running: Type.Boolean({
    description: 'true: it is about the phases that have ended, or run for longer than usual',
  }),
  sentence: Type.String(),
  slower_percent: OrNull(
    Type.Number({ description: 'than the median, less than 0 is faster; null where not known' }),
  ),
  usual: OrNull(
    Type.Object({
      median_ms: Milliseconds,
      low_ms: Type.Number({ description: 'first quartile' }),
      high_ms: Type.Number({ description: 'third quartile' }),
      runs: Type.Integer({ description: 'completed ones before it, 3 to 20' }),
    }),
  ),
  explained_by: Type.Array(Explanation, {
    description: 'phases whose time decided about the whole and that differ, the most first',
  }),
  evidence: Type.Object({
    time_ms: OrNull(
      Type.Number({ description: 'of the run; of one that runs, of its decisive phases together' }),
    ),
    decisive_phases: Type.Array(Type.String(), {
      description:
        'the chain of phases that the run waited for; of one that runs, those with a usual time that ended or are beyond it',
    }),
    runs_before: Type.Integer({ description: 'completed runs before it that are known' }),
    runs_needed: Type.Integer(),
  }),
});
export type RunSummary = Static<typeof RunSummary>;
