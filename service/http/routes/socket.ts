import { Type } from '@sinclair/typebox';
import { ProductError } from '../../protocol/errors.ts';
import { type Route, route } from '../route.ts';

/** The WebSocket as far as a table of requests can say it: upgrades never come here, everything else does. */
export function socketRoute(): Route {
  return route({
    path: '/ws',
    summary:
      'The WebSocket (RFC 6455): records as they change, see docs/websocket.md. The token comes in a header or in the first frame.',
    openQuery: true,
    status: 101,
    produces: [],
    response: Type.Unknown(),
    fails: ['UPGRADE_REQUIRED', 'CLIENTS_TOO_MANY'],
    handle: () => {
      throw new ProductError('UPGRADE_REQUIRED');
    },
  });
}
