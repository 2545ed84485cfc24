/** Patterns of bottlenecks as they stand in the configuration. */
import { type Static, Type } from '@sinclair/typebox';
import { BOTTLENECK_KINDS } from './bottleneck.ts';
import { Labels } from './schema.ts';

const closed = { additionalProperties: false };
/** Beyond this a difference of two values loses its digits. */
const LIMIT = 1e15;
const Bound = (description: string) =>
  Type.Optional(Type.Number({ minimum: -LIMIT, maximum: LIMIT, description }));

export const BottleneckCondition = Type.Object(
  {
    metric: Type.String({ minLength: 1, maxLength: 256, description: 'the name of a metric' }),
    labels: Type.Optional(Labels),
    above: Bound('it holds at this value or above'),
    below: Bound('it holds at this value or below'),
  },
  closed,
);

/** One entry of `bottleneck_patterns`: all conditions must hold at the same time, for so long. */
export const BottleneckPattern = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64, description: 'a name of 1 to 64 letters' }),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'shown' })),
    kind: Type.Optional(
      Type.Union(
        BOTTLENECK_KINDS.map((one) => Type.Literal(one)),
        { description: BOTTLENECK_KINDS.join(', ') },
      ),
    ),
    conditions: Type.Array(BottleneckCondition, {
      minItems: 1,
      maxItems: 5,
      description: '1 to 5 conditions',
    }),
    for_seconds: Type.Optional(
      Type.Number({ minimum: 1, maximum: 3600, description: 'seconds, 1 to 3600' }),
    ),
    worst: Bound('the value of the first condition from which on the impact is 1'),
  },
  closed,
);
export type BottleneckPattern = Static<typeof BottleneckPattern>;

export const MOST_BOTTLENECK_PATTERNS = 50;
