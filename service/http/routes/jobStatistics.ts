/** Figures over the jobs that a filter lets through, and what there is to filter by. */
import { Type } from '@sinclair/typebox';
import { jobChoices } from '../../analysis/jobChoices.ts';
import { jobStatistics } from '../../analysis/jobStatistics.ts';
import { listJobs } from '../../core/list.ts';
import { JobChoices, JobStatistics } from '../../protocol/jobStatistics.ts';
import type { Monitor } from '../../monitor.ts';
import { labelsOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import { JobSelection, jobFilterOf } from './jobs.ts';

const MINUTE_MS = 60_000;

const Query = Type.Object({
  ...JobSelection.properties,
  offset_minutes: Type.Optional(
    Type.Integer({
      ...{ minimum: -840, maximum: 840 },
      description: 'how far the days of by_day are ahead of UTC; default 0',
    }),
  ),
});

export function jobStatisticsRoutes({ model }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/statistics/jobs',
      summary: 'Jobs in numbers: in total, by pipeline and day, and the newest runs in time.',
      query: Query,
      openQuery: true,
      response: JobStatistics,
      handle: ({ query }) => {
        const filter = { ...jobFilterOf(query), labels: labelsOf(query, Query) };
        const offset_ms = (query.offset_minutes ?? 0) * MINUTE_MS;
        return jobStatistics(listJobs(model, filter), offset_ms, listJobs(model));
      },
    }),
    route({
      path: '/api/v1/statistics/jobs/choices',
      summary: 'The pipelines, kinds and labels that jobs have, to filter by.',
      response: JobChoices,
      handle: () => jobChoices(listJobs(model)),
    }),
  ];
}
