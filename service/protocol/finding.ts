/** What the analysis finds in what it sees: one row each, with what speaks for it and how sure it is. */
import { type Static, Type } from '@sinclair/typebox';
import { Labels, OneOf, OrNull, Time } from './schema.ts';

export const FINDING_KINDS = ['bottleneck', 'change', 'anomaly', 'prediction'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const Finding = Type.Object({
  finding_id: Type.String({
    description: 'what, where and since when: the same finding has the same id after a restart',
  }),
  kind: OneOf(FINDING_KINDS),
  /** Its class: `CPU` of a bottleneck, `slower` of a change, `spike` of an anomaly, the metric of a prediction. */
  class: Type.String({ description: 'what sort of its kind, such as CPU, slower or spike' }),
  title: Type.String({ description: 'a few words' }),
  sentence: Type.String({ description: 'what is so, and what speaks for it' }),
  since: Time,
  noticed_at: Time,
  until: OrNull(Time),
  ended_why: OrNull(Type.String({ description: 'why it is over; null while it is not' })),
  job_id: OrNull(Type.String()),
  pipeline: OrNull(Type.String()),
  phase_id: OrNull(Type.String()),
  worker_id: OrNull(Type.String()),
  metric: OrNull(Type.String()),
  unit: OrNull(Type.String({ description: 'of `value` and `threshold`' })),
  labels: Labels,
  value: OrNull(Type.Number({ description: 'what it is now' })),
  threshold: OrNull(Type.Number({ description: 'what it is held against: a limit, what was' })),
  /** What rules hold their bound against. */
  measure: Type.Number({
    description:
      'bottleneck: impact in percent, 0 where it is not known; change: percent, more than 0 is worse; anomaly: score in percent; prediction: milliseconds until the limit',
  }),
  impact: OrNull(Type.Number({ minimum: 0, maximum: 1 })),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  evidence: Type.Record(Type.String(), Type.Unknown(), {
    description: 'the numbers it follows from',
  }),
});
export type Finding = Static<typeof Finding>;
