import { type Static, Type } from '@sinclair/typebox';
import { type JobFilter, findJob, listJobs } from '../../core/list.ts';
import { ProductError } from '../../protocol/errors.ts';
import { JobRecord } from '../../protocol/record.ts';
import { STATUSES, type Status } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { choicesOf, timeOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

export const JobFilters = Type.Object({
  ...PageQuery,
  status: Type.Optional(
    Type.String({ description: `one or more of ${STATUSES.join(', ')}, with commas` }),
  ),
  pipeline: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  text: Type.Optional(Type.String({ maxLength: 256, description: 'anywhere in name or id' })),
  from: Type.Optional(Type.String({ description: 'started at this RFC 3339 time or later' })),
  to: Type.Optional(Type.String({ description: 'started at this RFC 3339 time or earlier' })),
});

export function jobRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/jobs',
      summary: 'Jobs: running ones first, then the newest.',
      query: JobFilters,
      response: PageOf('jobs', JobRecord),
      handle: ({ query }) => {
        const jobs = listJobs(monitor.model, jobFilterOf(query));
        const { items, ...page } = pageOf(jobs, query);
        return { jobs: items, ...page };
      },
    }),
    route({
      path: '/api/v1/jobs/:job_id',
      summary: 'One job.',
      response: JobRecord,
      fails: ['JOB_UNKNOWN'],
      handle: (request) => {
        const job = findJob(monitor.model, param(request, 'job_id'));
        if (!job) throw new ProductError('JOB_UNKNOWN');
        return job;
      },
    }),
  ];
}

/** The filter that a query asks for. Throws QUERY_INVALID. */
export function jobFilterOf(query: Static<typeof JobFilters>): JobFilter {
  const { pipeline, kind, text } = query;
  const times = { from: timeOf(query.from, 'from'), to: timeOf(query.to, 'to') };
  return { pipeline, kind, text, status: statusesOf(query.status), ...times };
}

/** `COMPLETED` or `FAILED,CANCELLED`; undefined for no filter. */
export function statusesOf(text: string | undefined): Status[] | undefined {
  return choicesOf(text, 'status', STATUSES);
}
