/** Time series as they stand on the wire. */
import { type Static, Type } from '@sinclair/typebox';
import { AGGREGATIONS, SERIES_KINDS } from './aggregation.ts';
import { Labels, OneOf, OrNull, Time } from './schema.ts';

/** Most points a series of an answer has. */
export const MAX_POINTS = 2000;

export const SeriesLine = Type.Object({
  labels: Labels,
  points: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
    description:
      'begin of the step in epoch milliseconds, and the value; steps without data are absent',
  }),
});
export type SeriesLine = Static<typeof SeriesLine>;

export const SeriesAnswer = Type.Object({
  metric: Type.String(),
  unit: OrNull(Type.String()),
  kind: OneOf(SERIES_KINDS),
  aggregation: OneOf(AGGREGATIONS),
  from: Time,
  to: Time,
  step_ms: Type.Number({
    description:
      'the step that was used: at least the one asked for, and a multiple of what is kept for that range',
  }),
  series: Type.Array(SeriesLine),
  total: Type.Integer({ description: 'how many series match' }),
  truncated: Type.Boolean({ description: 'true when only the first of them are here' }),
});
export type SeriesAnswer = Static<typeof SeriesAnswer>;
