/** Settings of what proposes changes to running pipelines. */
import { type Static, Type } from '@sinclair/typebox';
import { AGGREGATIONS } from './aggregation.ts';

const closed = { additionalProperties: false };
/** The longest a timer can wait, 24 days. */
const MAX_MS = 2 ** 31 - 1;
const Milliseconds = (minimum: number, what: string) =>
  Type.Integer({
    minimum,
    maximum: MAX_MS,
    description: `milliseconds ${what}, ${minimum} to ${MAX_MS}`,
  });
const Name = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });

const When = Type.Object(
  {
    metric: Name('a metric, 1 to 256 letters'),
    labels: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'labels that its series have' }),
    ),
    aggregation: Type.Optional(
      Type.Union(
        AGGREGATIONS.map((name) => Type.Literal(name)),
        { description: AGGREGATIONS.join(', ') },
      ),
    ),
    above: Type.Optional(Type.Number({ description: 'a number: it holds above it' })),
    below: Type.Optional(Type.Number({ description: 'a number: it holds below it' })),
    for_ms: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: 3_600_000,
        description: 'milliseconds that it has held, 1000 to 3600000',
      }),
    ),
  },
  closed,
);

const Change = Type.Object(
  {
    to: Type.Optional(
      Type.Union([Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()], {
        description: 'a number, a text, true or false',
      }),
    ),
    add: Type.Optional(Type.Number({ description: 'a number, negative for less' })),
    multiply: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'a number above 0' })),
  },
  closed,
);

/** A strategy of one's own: where all of `when` holds, `parameter` is changed. */
export const CustomStrategy = Type.Object(
  {
    name: Name('its name, 1 to 256 letters'),
    parameter: Name('the name of the parameter, 1 to 256 letters'),
    when: Type.Array(When, { minItems: 1, maxItems: 8, description: '1 to 8 conditions' }),
    change: Change,
    expected_gain: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        description: 'of the throughput, 0 to 100; 0.5 is half as much again',
      }),
    ),
    needs_person: Type.Optional(
      Type.Boolean({ description: 'true where only a person may apply it' }),
    ),
    costs: Type.Optional(
      Type.Boolean({ description: 'true where it is taken back without a gain' }),
    ),
  },
  closed,
);
export type CustomStrategy = Static<typeof CustomStrategy>;

export const OptimizerSettings = Type.Object(
  {
    auto: Type.Boolean({ description: 'true to apply proposals without a person' }),
    window_ms: Milliseconds(2000, 'of throughput that are compared'),
    cooldown_ms: Milliseconds(0, 'of rest between two changes of a job'),
    answer_ms: Milliseconds(1000, 'that a pipeline has to answer'),
    expire_ms: Milliseconds(1000, 'that a person has to decide'),
    min_gain: Type.Number({
      minimum: 0.01,
      maximum: 10,
      description: 'the least expected gain that is proposed, 0.01 to 10; 0.1 is 10 %',
    }),
    strategies: Type.Array(CustomStrategy, { maxItems: 50, description: 'at most 50 strategies' }),
  },
  closed,
);
export type OptimizerSettings = Static<typeof OptimizerSettings>;

export const OPTIMIZER_DEFAULTS: OptimizerSettings = {
  auto: false,
  window_ms: 15_000,
  cooldown_ms: 30_000,
  answer_ms: 30_000,
  expire_ms: 900_000,
  min_gain: 0.1,
  strategies: [],
};
