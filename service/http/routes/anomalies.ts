import { Type } from '@sinclair/typebox';
import { ANOMALY_REASONS } from '../../analysis/anomalies/detector.ts';
import type { Monitor } from '../../monitor.ts';
import { Labels, OneOf, OrNull } from '../../protocol/schema.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { type Route, route } from '../route.ts';

const count = (description: string) => Type.Integer({ description });

const WatchedSeries = Type.Object({
  metric: Type.String(),
  of: Type.String({
    description: 'what of it is judged: its values, or such as requests a second',
  }),
  labels: Labels,
  state: OneOf(['LEARNING', 'WATCHED', 'SILENCED']),
  points: count('how many values it was judged by'),
  score: OrNull(Type.Number({ description: 'of the newest value, 0-1; 0.9 is unusual' })),
  reason: OrNull(OneOf(ANOMALY_REASONS)),
  finding_id: OrNull(Type.String({ description: 'of what is so now: see /api/v1/findings' })),
});

export function anomalyRoutes({ analyst }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/anomalies',
      summary:
        'The series that are watched for anomalies, and how unusual their newest values are. What was found is at /api/v1/findings.',
      query: Type.Object({
        ...PageQuery,
        metric: Type.Optional(Type.String({ description: 'only series of this metric' })),
      }),
      response: PageOf('series', WatchedSeries, {
        watched: count('series'),
        learning: count('of these, known for too short a time'),
        silenced: count('of these, so often unusual that it takes much more'),
        left_out: count('series beyond the most that are watched'),
        late_points: count(
          'points that were more than a minute old when they came: imported, or of a clock that is behind',
        ),
        predictions: Type.Object({
          watched: count('series with a limit, of which the future is looked at'),
          left_out: count('such series beyond the most that are looked at'),
        }),
      }),
      handle: ({ query }) => {
        const { anomalies, late: late_points, predictions } = analyst.seriesWatch;
        const { items, ...page } = pageOf(anomalies.series(query.metric), query);
        return {
          ...{ ...anomalies.counts, late_points, predictions: predictions.counts },
          ...{ series: items, ...page },
        };
      },
    }),
  ];
}
