/**
 * The document of a job's state, as it is stored, exported and imported: `JobState` in JSON, with Maps as
 * `{"$map": [[key, value]...]}`. Times are epoch milliseconds.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { ErrorDetails } from '../protocol/event.ts';
import { LEVELS } from '../protocol/states.ts';
import { OneOf, OrNull, Values } from '../protocol/schema.ts';
import { LIMITS } from './model.ts';

const MapOf = <T extends TSchema>(item: T, maxItems = 100_000) =>
  Type.Object({ $map: Type.Array(Type.Tuple([Type.String(), item]), { maxItems }) });

/** Up to the year 2200: what a date can hold. */
const Time = Type.Number({ minimum: 0, maximum: Date.UTC(2200, 0, 1), description: 'a time' });
const Count = Type.Integer({ minimum: 0, description: 'a whole number from 0' });

const Register = Type.Object({ value: Type.Unknown(), time: Time, id: Type.String() });
const Registers = MapOf(Register, 200);

const Mark = Type.Object({
  time: Time,
  id: Type.String(),
  kind: OneOf(['START', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const),
  attempt: Type.Optional(Type.Integer()),
  error: Type.Optional(ErrorDetails),
  reason: Type.Optional(Type.String()),
});
const Marks = Type.Array(Mark, { maxItems: 256 });

const Cell = Type.Object({ sum: Type.Number(), count: Count, max: Type.Number() });
const SamplesOf = (limit: number) =>
  Type.Object({
    width_ms: Type.Integer({ minimum: 100, maximum: 100 * 2 ** 40 }),
    buckets: Type.Array(Type.Object({ time: Time, cells: MapOf(Cell, 100) }), { maxItems: limit }),
  });

const LogLine = Type.Object({
  id: Type.String(),
  time: Time,
  level: OneOf(LEVELS),
  message: Type.String(),
  phase_id: OrNull(Type.String()),
  worker_id: OrNull(Type.String()),
  details: Values,
  error: OrNull(ErrorDetails),
});
const Lines = (maxItems: number) => Type.Array(LogLine, { maxItems });

const SubPhaseDocument = Type.Object({
  name: Type.String(),
  fields: Registers,
  metrics: Registers,
  recorded_at: Time,
});
export type SubPhaseDocument = Static<typeof SubPhaseDocument>;

const ArtifactDocument = Type.Object({
  path: Type.String(),
  phase_id: OrNull(Type.String()),
  fields: Registers,
  produced_at: Time,
});

const PhaseDocument = Type.Object({
  phase_id: Type.String({ minLength: 1, maxLength: 256 }),
  marks: Marks,
  fields: Registers,
  metrics: Registers,
  extra: Registers,
  sub_phases: MapOf(SubPhaseDocument, LIMITS.subPhases),
  samples: OrNull(SamplesOf(LIMITS.phaseBuckets)),
  error_count: Count,
  warning_count: Count,
  artifact_count: Count,
  /** Null for "no event yet". */
  first_time: OrNull(Time),
  last_time: Time,
});
export type PhaseDocument = Static<typeof PhaseDocument>;

export const StateDocument = Type.Object({
  job_id: Type.String({ minLength: 1, maxLength: 256 }),
  marks: Marks,
  fields: Registers,
  labels: Registers,
  extra: Registers,
  phases: MapOf(PhaseDocument, LIMITS.phases),
  logs: Type.Object({
    error: Lines(LIMITS.logs.error),
    warning: Lines(LIMITS.logs.warning),
    info: Lines(LIMITS.logs.info),
  }),
  log_counts: Type.Object({ error: Count, warning: Count, info: Count }),
  artifacts: MapOf(ArtifactDocument, LIMITS.artifacts),
  samples: SamplesOf(LIMITS.jobBuckets),
  signals: MapOf(Count, LIMITS.signals),
  dropped: MapOf(Count),
  first_seen: OrNull(Time),
  last_seen: Time,
  silent_since: Time,
});
export type StateDocument = Static<typeof StateDocument>;
