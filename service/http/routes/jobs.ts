import { Type } from '@sinclair/typebox';
import { findJob, listJobs } from '../../core/list.ts';
import { ProductError } from '../../protocol/errors.ts';
import { toEpochMs } from '../../protocol/parse.ts';
import { JobRecord } from '../../protocol/record.ts';
import { STATUSES, type Status } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { type Route, param, route } from '../route.ts';

const Filters = Type.Object({
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
      query: Filters,
      response: PageOf('jobs', JobRecord),
      handle: ({ query }) => {
        const { pipeline, kind, text } = query;
        const times = { from: timeOf(query.from, 'from'), to: timeOf(query.to, 'to') };
        const jobs = listJobs(monitor.model, {
          pipeline,
          kind,
          text,
          status: statusesOf(query.status),
          ...times,
        });
        const { items, ...page } = pageOf(jobs, query);
        return { jobs: items, ...page };
      },
    }),
    route({
      path: '/api/v1/jobs/:job_id',
      summary: 'One job.',
      response: JobRecord,
      handle: (request) => {
        const job = findJob(monitor.model, param(request, 'job_id'));
        if (!job) throw new ProductError('JOB_UNKNOWN');
        return job;
      },
    }),
  ];
}

function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const time = toEpochMs(/^\d+$/.test(text) ? Number(text) : text);
  if (time === undefined) throw wrongQuery(name, 'Give an RFC 3339 time or epoch milliseconds.');
  return time;
}

/** `COMPLETED` or `FAILED,CANCELLED`; undefined for no filter. */
export function statusesOf(text: string | undefined): Status[] | undefined {
  if (text === undefined) return undefined;
  const wanted = text.split(',').map((one) => one.trim().toUpperCase());
  const unknown = wanted.find((one) => !(STATUSES as readonly string[]).includes(one));
  if (unknown !== undefined) throw wrongQuery('status', `Choose from ${STATUSES.join(', ')}.`);
  return wanted as Status[];
}

function wrongQuery(name: string, message: string): ProductError {
  const detail = `Query parameter "${name}" is not valid. ${message}`;
  return new ProductError('QUERY_INVALID', { detail, errors: [{ path: `/${name}`, message }] });
}
