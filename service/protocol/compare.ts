/** What two runs are held against each other by. `delta` is always the job's value less the other's. */
import { type Static, Type } from '@sinclair/typebox';
import { DIFFERS_IN, PHASE_MEASURES, RUN_MEASURES } from './compareMeasures.ts';
import { ErrorDetails } from './event.ts';
import { JobRecord } from './record.ts';
import { OneOf, OrNull, Time } from './schema.ts';
import { STATUSES } from './states.ts';

/** How far two values are apart. */
export const Difference = Type.Object({
  job: OrNull(Type.Number()),
  other: OrNull(Type.Number()),
  delta: OrNull(Type.Number({ description: 'job - other; null where one of them is not known' })),
  ratio: OrNull(Type.Number({ description: 'job / other; null where that is not a number' })),
});
export type Difference = Static<typeof Difference>;

const PhaseSide = Type.Object({
  status: OneOf(STATUSES),
  attempt: Type.Number(),
  depends_on: OrNull(
    Type.Array(Type.String(), { description: 'null where runs behind a median disagree' }),
  ),
  error: OrNull(ErrorDetails),
  runs: Type.Integer({ description: 'how many runs it stands for: 1, or those behind a median' }),
});

const differences = <T extends readonly string[]>(measures: T) =>
  Type.Object(
    Object.fromEntries(measures.map((measure) => [measure, Difference])) as Record<
      T[number],
      typeof Difference
    >,
  );

export const PhaseComparison = Type.Object({
  phase_id: Type.String(),
  name: Type.String(),
  index: Type.Integer({ description: 'place among the phases of both runs, from 0' }),
  job: OrNull(PhaseSide),
  other: OrNull(PhaseSide),
  ...differences(PHASE_MEASURES).properties,
  differs: Type.Array(OneOf(DIFFERS_IN)),
});
export type PhaseComparison = Static<typeof PhaseComparison>;

const ArtifactRef = Type.Object({ path: Type.String(), size_bytes: OrNull(Type.Number()) });
const ChangedArtifact = Type.Object({
  path: Type.String(),
  job_size_bytes: OrNull(Type.Number()),
  other_size_bytes: OrNull(Type.Number()),
  content_changed: OrNull(Type.Boolean({ description: 'by checksum; null where one is missing' })),
});

export const ArtifactComparison = Type.Object({
  added: Type.Array(ArtifactRef, { description: 'the first 100' }),
  removed: Type.Array(ArtifactRef, { description: 'the first 100' }),
  changed: Type.Array(ChangedArtifact, { description: 'the first 100' }),
  added_total: Type.Integer(),
  removed_total: Type.Integer(),
  changed_total: Type.Integer(),
});
export type ArtifactComparison = Static<typeof ArtifactComparison>;

export const Parameter = Type.Object({
  name: Type.String({ description: 'a field of the job, label.<name> or extra.<name>' }),
  job: OrNull(Type.String()),
  other: OrNull(Type.String()),
});
export type Parameter = Static<typeof Parameter>;

export const Bounds = Type.Object({
  time_percent: Type.Number({ description: 'a time differs from this part of the shorter one on' }),
  time_ms: Type.Number({ description: 'and not below this many milliseconds' }),
});
export type Bounds = Static<typeof Bounds>;

/** What a job is held against: one run, or the median of several. */
export const ComparedWith = Type.Union([
  Type.Object({ kind: Type.Literal('job'), job: JobRecord }),
  Type.Object({
    kind: Type.Literal('median'),
    pipeline: Type.String(),
    runs: Type.Array(
      Type.Object({ job_id: Type.String(), name: Type.String(), started_at: OrNull(Time) }),
      { description: 'the completed runs it is the median of, newest first' },
    ),
  }),
]);
export type ComparedWith = Static<typeof ComparedWith>;

export const Divergence = Type.Object({
  phase_id: Type.String(),
  name: Type.String(),
  index: Type.Integer(),
  differs: Type.Array(OneOf(DIFFERS_IN)),
});

/** Everything but the page of phases. */
export const comparisonFields = {
  job: JobRecord,
  other: ComparedWith,
  bounds: Bounds,
  totals: differences(RUN_MEASURES),
  parameters: Type.Array(Parameter, { description: 'those that differ, the first 200' }),
  parameters_total: Type.Integer(),
  added: Type.Array(Type.String(), { description: 'phases of the job only, the first 1,000' }),
  removed: Type.Array(Type.String(), { description: 'phases of the other only, the first 1,000' }),
  added_total: Type.Integer(),
  removed_total: Type.Integer(),
  different_total: Type.Integer({ description: 'phases that differ in anything' }),
  first_divergence: OrNull(Divergence),
  artifacts: OrNull(ArtifactComparison),
};
/** All of it; `phases` in the order of the runs. */
export type Comparison = {
  [Field in keyof typeof comparisonFields]: Static<(typeof comparisonFields)[Field]>;
} & { phases: PhaseComparison[] };
/** As GET /api/v1/jobs/{id}/compare/{other} answers. */
export type ComparisonPage = Comparison & {
  total: number;
  next_cursor: string | null;
  truncated: boolean;
};
