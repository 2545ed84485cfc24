import { Type } from '@sinclair/typebox';
import { AGGREGATIONS, SERIES_KINDS } from '../../protocol/aggregation.ts';
import { SeriesAnswer } from '../../protocol/series.ts';
import { OneOf, OrNull } from '../../protocol/schema.ts';
import { parseSeriesQuery } from '../../series/query.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { RangeQuery, StepQuery } from '../query.ts';
import { type Route, route } from '../route.ts';

/** As OpenAPI shows it. `label.<name>=<value>` comes besides; all of it is checked by `parseSeriesQuery`. */
export const SeriesParameters = Type.Object({
  metric: Type.String({ description: '/api/v1/series/metrics lists them' }),
  labels: Type.Optional(
    Type.String({
      description: 'only series with these labels: name=value,name=value; or label.<name>=<value>',
    }),
  ),
  ...RangeQuery,
  ...StepQuery,
  aggregation: Type.Optional(Type.String({ description: `one of ${AGGREGATIONS.join(', ')}` })),
  group_by: Type.Optional(
    Type.String({ description: 'label names with commas: series that agree in them become one' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'how many series, 1 to 1000; default 100',
    }),
  ),
});

const MetricRow = Type.Object({
  metric: Type.String(),
  kind: OneOf(SERIES_KINDS),
  unit: OrNull(Type.String()),
  series: Type.Integer({ description: 'how many label sets it has' }),
});

export function seriesRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/series',
      summary: 'A metric over time: at most 2,000 points a series, the last hour by default.',
      query: SeriesParameters,
      openQuery: true,
      response: SeriesAnswer,
      fails: ['METRIC_UNKNOWN'],
      handle: ({ query: { limit, ...input } }) =>
        monitor.series.query({
          ...parseSeriesQuery(input, Date.now()),
          ...(limit !== undefined && { limit }),
        }),
    }),
    route({
      path: '/api/v1/series/metrics',
      summary: 'The metrics there are, by name.',
      query: Type.Object({
        ...PageQuery,
        kind: Type.Optional(
          Type.Union(
            SERIES_KINDS.map((kind) => Type.Literal(kind)),
            { description: SERIES_KINDS.join(', ') },
          ),
        ),
        text: Type.Optional(Type.String({ maxLength: 256, description: 'anywhere in the name' })),
      }),
      response: PageOf('metrics', MetricRow),
      handle: ({ query }) => {
        const { kind, text = '' } = query;
        const metrics = monitor.series
          .metrics()
          .filter(
            (one) =>
              (kind === undefined || one.kind === kind) &&
              one.metric.toLowerCase().includes(text.toLowerCase()),
          )
          .sort((a, b) => (a.metric < b.metric ? -1 : 1));
        const { items, ...page } = pageOf(metrics, query);
        return { metrics: items, ...page };
      },
    }),
  ];
}
