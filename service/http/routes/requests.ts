import { Type } from '@sinclair/typebox';
import { requestStatistics } from '../../analysis/requests.ts';
import { timeText } from '../../core/view.ts';
import type { Monitor } from '../../monitor.ts';
import { EndpointFigures, RequestRange } from '../../protocol/requests.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { RangeQuery, rangeOf } from '../query.ts';
import { type Route, route } from '../route.ts';

export function requestRoutes({ series }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/endpoints/statistics',
      summary:
        'Requests of a range of time by endpoint, the busiest first, and how their response times spread; the last hour by default.',
      query: Type.Object({
        ...PageQuery,
        ...RangeQuery,
        endpoint: Type.Optional(Type.String({ description: 'requests of this endpoint only' })),
      }),
      response: PageOf('endpoints', EndpointFigures, RequestRange),
      handle: async ({ query }) => {
        const { from, to } = rangeOf(query, { now: Date.now(), usual: '1h' });
        const found = await requestStatistics(series, { from, to, endpoint: query.endpoint });
        const { figures, response_times } = found;
        const { items, ...page } = pageOf(found.endpoints, query);
        const range = { from: timeText(from), to: timeText(to) };
        return { ...range, figures, response_times, endpoints: items, ...page };
      },
    }),
  ];
}
