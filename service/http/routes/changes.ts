/** Since when the runs of a pipeline are slower, faster, or use more or less than before. */
import { Type } from '@sinclair/typebox';
import { pipelineRuns, seriesKeys, seriesOf } from '../../analysis/changes/pipelineChanges.ts';
import { runChanges } from '../../analysis/changes/runChanges.ts';
import { historyRows } from '../../core/history.ts';
import { findJob } from '../../core/list.ts';
import type { Monitor } from '../../monitor.ts';
import { SeriesChanges } from '../../protocol/changes.ts';
import { TREND_METRICS } from '../../protocol/domain.ts';
import { PageOf, PageQuery, pageBy } from '../page.ts';
import { type Route, route } from '../route.ts';
import { metricOf } from './history.ts';

const Query = Type.Object({
  ...PageQuery,
  pipeline: Type.String({ minLength: 1, description: 'whose runs' }),
  phase_id: Type.Optional(
    Type.String({ description: 'only of this phase; empty: only of whole runs' }),
  ),
  metric: Type.Optional(
    Type.String({ description: `only of ${TREND_METRICS.join(', ')}; default all of them` }),
  ),
});

export function changeRoutes({ model }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/changes',
      summary:
        'Changes of level over the runs of a pipeline, as whole and by phase: since which run, from what to what, how sure.',
      query: Query,
      response: PageOf('series', SeriesChanges),
      handle: ({ query }) => {
        const { pipeline, phase_id, metric } = query;
        const rows = historyRows(model.domain, { pipeline });
        const keys = seriesKeys(pipeline, rows, {
          phase_id: phase_id === '' ? null : phase_id,
          metric: metric === undefined ? undefined : metricOf(metric),
        });
        const runs = pipelineRuns(rows);
        const job = (id: string) => findJob(model, id);
        // Only what is on the page is worked out.
        const { items, ...page } = pageBy(keys.length, query, (offset, limit) =>
          keys.slice(offset, offset + limit).map((key) => runChanges(seriesOf(key, runs, job))),
        );
        return { series: items, ...page };
      },
    }),
  ];
}
