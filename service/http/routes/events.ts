import { Type } from '@sinclair/typebox';
import type { Monitor } from '../../monitor.ts';
import { EVENT_TYPES, eventsOf } from '../body.ts';
import { Answer, type Route, route } from '../route.ts';

const Ack = Type.Object({
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

export function eventRoutes(monitor: Monitor): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/events',
      summary:
        'Takes events: one object, an array, NDJSON or CloudEvents. Answers when they are on disk.',
      accepts: EVENT_TYPES,
      response: Ack,
      status: 202,
      handle: async ({ body, headers }) =>
        new Answer(await monitor.ingest(await eventsOf(body, headers)), { status: 202 }),
    }),
  ];
}
