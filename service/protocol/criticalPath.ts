/** What a run was as long as it was for, and what one would gain by making a phase faster. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull } from './schema.ts';

const Gain = OrNull(
  Type.Number({ description: 'milliseconds; null where there were too many phases to try all' }),
);

export const CriticalPathRecord = Type.Object({
  job_id: Type.String(),
  state: OneOf(['known', 'running', 'not_enough_data'] as const),
  length_ms: Type.Number({ description: 'of the run up to the end of its last phase, or to now' }),
  method: OneOf(['declared', 'observed', 'mixed'] as const),
  phases: Type.Array(
    Type.Object({
      phase_id: Type.String(),
      name: Type.String(),
      took_ms: Type.Number(),
      on_path: Type.Boolean({ description: 'the run would end earlier if it did' }),
      slack_ms: Type.Number({ description: 'how much longer it could take for nothing' }),
      gain_ms_if_halved: Gain,
      gain_ms_if_free: Gain,
    }),
    { description: 'those that have begun, in the order of their begin; 500 at most' },
  ),
});
export type CriticalPathRecord = Static<typeof CriticalPathRecord>;
