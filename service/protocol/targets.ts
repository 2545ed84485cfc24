/** Targets and the health score as they stand on the wire and in the configuration file. */
import { type Static, Type } from '@sinclair/typebox';
import { Labels, OneOf, OrNull, Time } from './schema.ts';

export const TARGET_STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export const DIRECTIONS = ['at_least', 'at_most'] as const;
/**
 * How a target's value is read from the series of its metric over `window_ms`. Of several label sets the worst one
 * counts; `per_hour` adds them up.
 */
export const READINGS = ['latest', 'average', 'p99', 'per_hour'] as const;

export type TargetStatus = (typeof TARGET_STATES)[number];
export type Direction = (typeof DIRECTIONS)[number];
export type Reading = (typeof READINGS)[number];

/** Beyond this a difference of two values loses its digits. */
const LIMIT = 1e15;
const Value = (description: string) =>
  Type.Number({ minimum: -LIMIT, maximum: LIMIT, description });

/** One entry of `targets` in the configuration: it changes the target of that id, or adds one. */
export const TargetSetting = Type.Object(
  {
    target_id: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'a name of 1 to 64 letters',
    }),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'shown' })),
    metric: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'the name of a metric' }),
    ),
    labels: Type.Optional(Labels),
    unit: Type.Optional(Type.String({ maxLength: 32, description: 'at most 32 letters' })),
    direction: Type.Optional(
      Type.Union(
        DIRECTIONS.map((one) => Type.Literal(one)),
        { description: 'at_least or at_most' },
      ),
    ),
    target: Type.Optional(Value('the value to reach')),
    critical: Type.Optional(Value('the value beyond which it is critical')),
    weight: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1000, description: 'from 0 (not counted) to 1000' }),
    ),
    read: Type.Optional(
      Type.Union(
        READINGS.map((one) => Type.Literal(one)),
        { description: READINGS.join(', ') },
      ),
    ),
    window_ms: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: 86_400_000,
        description: 'milliseconds looked at, 1000 to 86400000',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TargetSetting = Static<typeof TargetSetting>;

export const TargetRecord = Type.Object({
  target_id: Type.String(),
  title: Type.String(),
  metric: Type.String(),
  unit: Type.String(),
  direction: OneOf(DIRECTIONS),
  target: Type.Number(),
  critical: Type.Number(),
  value: OrNull(Type.Number()),
  status: OneOf(TARGET_STATES),
  score: OrNull(
    Type.Number({ description: '1 at the target or better, 0 at the critical value or worse' }),
  ),
  weight: Type.Number({ description: 'in the health score; 0 is not counted' }),
  read: OneOf(READINGS),
  window_ms: Type.Integer(),
});
export type TargetRecord = Static<typeof TargetRecord>;

export const HealthPart = Type.Object({
  target_id: Type.String(),
  title: Type.String(),
  value: OrNull(Type.Number()),
  unit: Type.String(),
  status: OneOf(TARGET_STATES),
  weight: Type.Number(),
  points: OrNull(Type.Number({ description: 'what it gives to the score; null when not known' })),
  points_possible: OrNull(Type.Number({ description: 'what it would give at its target' })),
  sentence: Type.String(),
});
export type HealthPart = Static<typeof HealthPart>;

/** The score is the sum of the points of its parts. */
export const HealthScore = Type.Object({
  time: Time,
  score: OrNull(Type.Number({ description: '0-100; null when nothing is known' })),
  status: OneOf(TARGET_STATES),
  target: Type.Number(),
  critical: Type.Number(),
  sentence: Type.String(),
  parts: Type.Array(HealthPart),
});
export type HealthScore = Static<typeof HealthScore>;
