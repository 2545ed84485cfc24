import { type Static, Type } from '@sinclair/typebox';
import type { JobFilter } from '../../core/jobFilter.ts';
import { findJob, listJobs } from '../../core/list.ts';
import { ProductError } from '../../protocol/errors.ts';
import { JobRecord } from '../../protocol/record.ts';
import { JOB_ORDERS, STATUSES, type Status } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { choicesOf, labelsOf, namesOf, timeOf, wrongQuery } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const Milliseconds = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, description }));

/** What picks jobs. `label.<name>=<value>` comes besides where the route takes it. */
export const JobChoice = {
  status: Type.Optional(
    Type.String({ description: `one or more of ${STATUSES.join(', ')}, with commas` }),
  ),
  pipeline: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  text: Type.Optional(Type.String({ maxLength: 256, description: 'anywhere in name or id' })),
  from: Type.Optional(Type.String({ description: 'started at this RFC 3339 time or later' })),
  to: Type.Optional(Type.String({ description: 'started at this RFC 3339 time or earlier' })),
  has_label: Type.Optional(
    Type.String({
      description: 'names of labels that a job must have, with commas; or label.<name>=<value>',
    }),
  ),
  min_duration_ms: Milliseconds('ended and took at least this long'),
  max_duration_ms: Milliseconds('ended and took at most this long'),
};

export const JobFilters = Type.Object({ ...PageQuery, ...JobChoice });
export const JobSelection = Type.Object(JobChoice);

const JobList = Type.Object({
  ...JobFilters.properties,
  order: Type.Optional(
    Type.Union(
      JOB_ORDERS.map((order) => Type.Literal(order)),
      { description: `${JOB_ORDERS.join(', ')}; when absent, running ones first` },
    ),
  ),
});

export function jobRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/jobs',
      summary: 'Jobs: running ones first, then the newest; or in the order asked for.',
      query: JobList,
      openQuery: true,
      response: PageOf('jobs', JobRecord),
      handle: ({ query }) => {
        const filter = { ...jobFilterOf(query), labels: labelsOf(query, JobList) };
        const jobs = listJobs(monitor.model, filter, query.order);
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
export function jobFilterOf(query: Static<typeof JobSelection>): JobFilter {
  const { pipeline, kind, text, min_duration_ms: minMs, max_duration_ms: maxMs } = query;
  if (minMs !== undefined && maxMs !== undefined && minMs > maxMs)
    throw wrongQuery('min_duration_ms', 'Give one that is not above "max_duration_ms".');
  const times = { from: timeOf(query.from, 'from'), to: timeOf(query.to, 'to') };
  const hasLabels = namesOf(query.has_label, 'has_label');
  return {
    pipeline,
    kind,
    text,
    status: statusesOf(query.status),
    hasLabels,
    minMs,
    maxMs,
    ...times,
  };
}

/** `COMPLETED` or `FAILED,CANCELLED`; undefined for no filter. */
export function statusesOf(text: string | undefined): Status[] | undefined {
  return choicesOf(text, 'status', STATUSES);
}
