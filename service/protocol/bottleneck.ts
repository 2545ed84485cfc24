/** A bottleneck: what holds everything else back now. */
import { type Static, Type } from '@sinclair/typebox';
import { Labels, OneOf, OrNull, Time } from './schema.ts';

/** `LOCK`: a lock or a serial section; `SKEW`: one worker far behind the others; `CUSTOM`: a pattern of the configuration. */
export const BOTTLENECK_KINDS = [
  ...(['CPU', 'MEMORY', 'IO', 'IPC', 'NETWORK', 'GPU'] as const),
  ...(['QUEUE', 'LOCK', 'SKEW', 'CUSTOM'] as const),
] as const;
export type BottleneckKind = (typeof BOTTLENECK_KINDS)[number];

/**
 * What an impact of 0-1 is a share of. `throughput`: of what could be done, so much is lost. `critical_path`: of the
 * time of what everything waits for, so much is its fault. `use`: nobody measures what is lost; 0 at the threshold, 1
 * where nothing is left. `unknown`: nothing tells how much it costs; the impact is null.
 */
export const IMPACT_BASES = ['throughput', 'critical_path', 'use', 'unknown'] as const;
export type ImpactBasis = (typeof IMPACT_BASES)[number];

/** How its values of a step are put together: the mean of a level, the rate a second of what is counted one by one. */
const EVIDENCE_AGGREGATIONS = ['avg', 'rate'] as const;

/** A series that shows it; `labels` as the series has them. */
export const EvidenceSeries = Type.Object({
  metric: Type.String(),
  labels: Labels,
  unit: Type.String(),
  title: Type.String({ description: 'what it measures' }),
  aggregation: OneOf(EVIDENCE_AGGREGATIONS),
});
export type EvidenceSeries = Static<typeof EvidenceSeries>;

export const MOST_EVIDENCE_SERIES = 6;
const Id = OrNull(Type.String());

export const Bottleneck = Type.Object({
  bottleneck_id: Type.String({ description: 'kind, metric and where' }),
  kind: OneOf(BOTTLENECK_KINDS),
  title: Type.String({ description: 'in a few words' }),
  pattern: OrNull(
    Type.String({ description: 'the name of the pattern of the configuration; null: built in' }),
  ),
  metric: Type.String({ description: 'what shows it best; `evidence` is of it' }),
  labels: Labels,
  job_id: Id,
  pipeline: Id,
  phase_id: Id,
  worker_id: Id,
  impact: OrNull(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'a share of what `impact_basis` says; null: not known',
    }),
  ),
  impact_basis: OneOf(IMPACT_BASES),
  confidence: Type.Number({ description: '0-1: how sure it is that this is what holds back' }),
  since: Time,
  sentence: Type.String(),
  facts: Type.Record(Type.String(), Type.Number(), {
    description: 'the numbers of the sentence, for who says it in another language',
  }),
  evidence: Type.Object({
    unit: Type.String(),
    average: Type.Number({ description: 'since then' }),
    max: Type.Number(),
    last: Type.Number(),
    threshold: OrNull(Type.Number({ description: 'null: it begins with no single value' })),
    points: Type.Integer({ description: 'values since then, one a second at most' }),
    last_at: Time,
  }),
  evidence_series: Type.Array(EvidenceSeries, { maxItems: MOST_EVIDENCE_SERIES }),
});
export type Bottleneck = Static<typeof Bottleneck>;

/** Beside the list: what is looked at. */
export const WATCHED = {
  watched: Type.Array(OneOf(BOTTLENECK_KINDS), {
    description: 'classes that are looked for now: what shows them is measured or reported',
  }),
  watches_machine: Type.Boolean({
    description:
      'false: this machine is not looked at, because sampling.host_interval_ms is 0 or above 2000',
  }),
};
