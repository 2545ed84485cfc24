/** Requests of a range of time, as they stand on the wire: how many, how long they took, how many failed. */
import { type Static, Type } from '@sinclair/typebox';
import { OrNull, Time } from './schema.ts';

const Measure = OrNull(Type.Number());

export const RequestFigures = Type.Object({
  requests: Type.Integer(),
  requests_per_minute: Type.Number({ description: 'over the whole range' }),
  errors: Type.Integer({ description: 'answers with status 500 and more' }),
  error_rate_percent: OrNull(Type.Number({ description: 'share of status 500 and more, 0-100' })),
  avg_response_time_ms: Measure,
  p50_response_time_ms: Measure,
  p95_response_time_ms: Measure,
  p99_response_time_ms: Measure,
  max_response_time_ms: Measure,
});
export type RequestFigures = Static<typeof RequestFigures>;

export const EndpointFigures = Type.Composite([
  Type.Object({ endpoint: Type.String() }),
  RequestFigures,
]);
export type EndpointFigures = Static<typeof EndpointFigures>;

export const ResponseTimes = Type.Object({
  from_ms: Type.Number({ description: 'of this response time and more' }),
  to_ms: Type.Number({ description: 'and less than this' }),
  requests: Type.Integer(),
});
export type ResponseTimes = Static<typeof ResponseTimes>;

/** What stands beside the list of endpoints. */
export const RequestRange = {
  from: Time,
  to: Time,
  /** Of all endpoints together, or of the one that was asked for. */
  figures: RequestFigures,
  response_times: Type.Array(ResponseTimes, {
    description:
      'how the response times spread, rising and without gaps; each value is sorted in to within 0.75 %',
  }),
};

/** The answer, with its list. */
export interface RequestStatistics {
  from: string;
  to: string;
  figures: RequestFigures;
  response_times: ResponseTimes[];
  endpoints: EndpointFigures[];
}
