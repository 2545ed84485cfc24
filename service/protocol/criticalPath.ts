/** What a run was as long as it was for, and what one would gain by making a phase faster. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull, Time } from './schema.ts';

const CriticalStep = Type.Object({
  phase_id: Type.String(),
  began_at: Time,
  ended_at: OrNull(Time),
  ms: Type.Number({ description: 'of the run that it accounts for: up to the begin of the next' }),
  share: Type.Number({ minimum: 0, maximum: 1, description: 'the same as a part of the run' }),
  waited_ms: Type.Number({ description: 'nothing on the path ran before it for so long' }),
  by: OrNull(OneOf(['declared', 'observed'] as const)),
});
export type CriticalStep = Static<typeof CriticalStep>;

const Gain = OrNull(
  Type.Number({ description: 'milliseconds; null where there were too many phases to try all' }),
);

export const CriticalPathRecord = Type.Object({
  job_id: Type.String(),
  state: OneOf(['known', 'running', 'not_enough_data'] as const),
  length_ms: Type.Number({
    description:
      'of the run up to the end of its last phase; to now while it runs, to the last sign of life of a silent one',
  }),
  method: OneOf(['declared', 'observed', 'mixed'] as const),
  path_ms: Type.Number({ description: 'of all steps of the path; the rest was waited' }),
  path: Type.Array(CriticalStep, {
    description:
      'the chain of phases that decided when the run ended, in the order of time; by: how each is known to have waited for the one before, null for the first',
  }),
  phases: Type.Array(
    Type.Object({
      phase_id: Type.String(),
      name: Type.String(),
      took_ms: Type.Number(),
      on_path: Type.Boolean({ description: 'whether it is a step of the path' }),
      slack_ms: Type.Number({ description: 'how much longer it could take for nothing' }),
      gain_ms_if_halved: Gain,
      gain_ms_if_free: Gain,
    }),
    {
      description:
        'those that have begun, in the order of their begin; 500 at most: those on the path, then the longest',
    },
  ),
});
export type CriticalPathRecord = Static<typeof CriticalPathRecord>;
