import { Type } from '@sinclair/typebox';
import type { Exposition } from '../../exposition/exposition.ts';
import { Answer, type Route, route } from '../route.ts';

export function expositionRoutes(exposition: Exposition): Route[] {
  return [
    route({
      path: '/metrics',
      summary:
        'What Prometheus scrapes: text format 0.0.4, or OpenMetrics 1.0 where Accept asks for it.',
      openQuery: true,
      produces: ['text/plain', 'application/openmetrics-text'],
      response: Type.String(),
      handle: async ({ headers }) => {
        const { text, type } = await exposition.scrape(headers.accept);
        return new Answer(text, { type });
      },
    }),
  ];
}
