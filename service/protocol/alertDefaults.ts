/** Limits from which on an alert is due, for requests, models, caches and machines: those of the reference document 001. */
import { type Static, Type } from '@sinclair/typebox';

const Percent = (description: string) =>
  Type.Number({ minimum: 0, maximum: 100, description: `${description}, 0 to 100` });

export const AlertDefaults = Type.Object(
  {
    error_rate_percent: Percent('percent of requests that failed, above which it is too many'),
    response_time_ms: Type.Number({
      exclusiveMinimum: 0,
      description: 'milliseconds above which answers are slow, more than 0',
    }),
    accuracy_degradation_percent: Type.Number({
      exclusiveMinimum: 0,
      description: 'percent that a model may be worse than its baseline, more than 0',
    }),
    cache_hit_rate_percent: Percent('percent of hits below which a cache helps too little'),
    resource_percent: Percent('percent of CPU, memory or disk above which use is high'),
  },
  { additionalProperties: false },
);
export type AlertDefaults = Static<typeof AlertDefaults>;
