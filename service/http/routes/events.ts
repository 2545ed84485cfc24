import { Type } from '@sinclair/typebox';
import type { Monitor } from '../../monitor.ts';
import { eventsOf } from '../body.ts';
import { EventSchema } from '../openapiSchemas.ts';
import { Answer, type Route, route } from '../route.ts';

export const Ack = Type.Object({
  accepted: Type.Integer(),
  duplicates: Type.Integer({ description: 'events whose id was known already' }),
  rejected: Type.Array(
    Type.Object({
      index: Type.Integer(),
      code: Type.String(),
      path: Type.String(),
      message: Type.String(),
    }),
  ),
  seq: Type.Integer(),
});

/** A body may be compressed. */
export const ContentEncoding = Type.Object({
  'content-encoding': Type.Optional(
    Type.Union([Type.Literal('gzip'), Type.Literal('identity')], { description: 'gzip or none' }),
  ),
});

const CloudEvent = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    type: Type.String({ description: 'dev.pipescope.<type of the event>' }),
    source: Type.String(),
    id: Type.String(),
    time: Type.Optional(Type.String()),
    data: Type.Optional(Type.Unknown({ description: 'the fields of the event' })),
  },
  { description: 'a CloudEvent; the binary form is taken as application/json with ce- headers' },
);

const BODIES = {
  'application/json': Type.Union([EventSchema, Type.Array(EventSchema, { maxItems: 1000 })]),
  'application/x-ndjson': Type.String({ description: 'an event a line, at most 1,000' }),
  'application/cloudevents+json': CloudEvent,
  'application/cloudevents-batch+json': Type.Array(CloudEvent, { maxItems: 1000 }),
};

export function eventRoutes(monitor: Monitor): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/events',
      summary:
        'Takes events: one object, an array, NDJSON or CloudEvents. Answers when they are on disk.',
      headers: ContentEncoding,
      accepts: BODIES,
      fails: ['BODY_TOO_MANY_EVENTS'],
      response: Ack,
      status: 202,
      handle: async ({ body, headers }) =>
        new Answer(await monitor.ingest(await eventsOf(body, headers)), { status: 202 }),
    }),
  ];
}
