/** A bottleneck: a resource that is used up and holds everything else back. */
import { type Static, Type } from '@sinclair/typebox';
import { Labels, OneOf, Time } from './schema.ts';

export const BOTTLENECK_KINDS = ['CPU', 'MEMORY', 'IO', 'IPC'] as const;
export type BottleneckKind = (typeof BOTTLENECK_KINDS)[number];

export const Bottleneck = Type.Object({
  bottleneck_id: Type.String({ description: 'kind, metric and where' }),
  kind: OneOf(BOTTLENECK_KINDS),
  metric: Type.String(),
  labels: Labels,
  impact: Type.Number({ description: '0-1: 0 at the threshold, 1 where nothing is left' }),
  confidence: Type.Number({ description: '0-1: how likely the next value is above as well' }),
  since: Type.String({
    format: 'date-time',
    description: 'at the latest; looked at are 5 minutes',
  }),
  sentence: Type.String(),
  evidence: Type.Object({
    unit: Type.String(),
    average: Type.Number({ description: 'since then' }),
    max: Type.Number(),
    last: Type.Number(),
    threshold: Type.Number(),
    points: Type.Integer({ description: 'values since then, one a second at most' }),
    last_at: Time,
  }),
});
export type Bottleneck = Static<typeof Bottleneck>;
