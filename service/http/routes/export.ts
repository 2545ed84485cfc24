import { Type } from '@sinclair/typebox';
import { TABLES, contentsToCsv, seriesLines } from '../../core/csv.ts';
import { JOB_PAGE_CSP, jobPage } from '../../core/html.ts';
import { listJobs } from '../../core/list.ts';
import type { JobState } from '../../core/model.ts';
import { assertNever } from '../../protocol/errors.ts';
import { JobExport, type JobRecord } from '../../protocol/record.ts';
import { SeriesAnswer } from '../../protocol/series.ts';
import { parseSeriesQuery } from '../../series/query.ts';
import type { Monitor } from '../../monitor.ts';
import { contentsOf, jobJson, jobZip, jobsCsv, jobsJson, jobsNdjson, jobsZip } from '../exports.ts';
import { inPieces } from '../pieces.ts';
import { Answer, type Route, param, route } from '../route.ts';
import { JobFilters, jobFilterOf } from './jobs.ts';
import { SeriesParameters } from './series.ts';

const OneFormat = ['json', 'csv', 'zip', 'html'] as const;
const RangeFormat = ['json', 'ndjson', 'csv', 'zip'] as const;
const SeriesFormat = ['json', 'csv'] as const;
type Format = (typeof OneFormat)[number] | (typeof RangeFormat)[number];

const TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
  html: 'text/html; charset=utf-8',
};

const choice = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Optional(
    Type.Union(
      values.map((value) => Type.Literal(value as T[number])),
      { description: `${description}: ${values.join(', ')}` },
    ),
  );

/** The JSON of a range of jobs. */
const JobsExport = Type.Object({
  pipescope: JobExport.properties.pipescope,
  jobs: Type.Array(JobExport),
});

const { status, pipeline, kind, text, from, to } = JobFilters.properties;

export function exportRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/monitoring/export/:job_id',
      summary:
        'The complete data of a job as a file: JSON that can be imported, CSV with a row a record, a zip with a CSV file a table, or a page.',
      query: Type.Object({ format: choice(OneFormat, 'json when absent') }),
      produces: ['application/json', 'text/csv', 'application/zip', 'text/html'],
      response: JobExport,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await monitor.job(param(request, 'job_id'));
        const format = request.query.format ?? 'json';
        return file(bodyOf(monitor, job, format), job.job_id, format);
      },
    }),
    route({
      path: '/api/v1/export',
      summary:
        'All jobs of a range as a file: JSON or NDJSON that can be imported, one table as CSV, or a zip with a CSV file a table.',
      query: Type.Object({
        ...{ status, pipeline, kind, text, from, to },
        format: choice(RangeFormat, 'json when absent'),
        table: choice(TABLES, 'which records of CSV; jobs when absent'),
      }),
      produces: ['application/json', 'application/x-ndjson', 'text/csv', 'application/zip'],
      response: JobsExport,
      handle: ({ query }) => {
        const rows = listJobs(monitor.model, jobFilterOf(query));
        const { format = 'json', table = 'jobs' } = query;
        const name = format === 'csv' ? table : 'jobs';
        return file(rangeOf(monitor, rows, { format, table }), name, format);
      },
    }),
    route({
      path: '/api/v1/export/series',
      summary: 'A metric over time as a file: JSON, or CSV with a row a point.',
      query: Type.Object({
        ...SeriesParameters.properties,
        format: choice(SeriesFormat, 'json when absent'),
      }),
      openQuery: true,
      produces: ['application/json', 'text/csv'],
      response: SeriesAnswer,
      fails: ['METRIC_UNKNOWN'],
      handle: async ({ query: { format = 'json', limit = 1000, ...input } }) => {
        const query = { ...parseSeriesQuery(input, Date.now()), limit };
        const answer = await monitor.series.query(query);
        const body = format === 'csv' ? inPieces(seriesLines(answer)) : answer;
        return file(body, answer.metric, format);
      },
    }),
  ];
}

function bodyOf(monitor: Monitor, job: JobState, format: (typeof OneFormat)[number]) {
  switch (format) {
    case 'json':
      return jobJson(monitor, job);
    case 'csv':
      return contentsToCsv(contentsOf(monitor, job));
    case 'zip':
      return jobZip(monitor, job);
    case 'html':
      return jobPage(contentsOf(monitor, job), new Date().toISOString());
    default:
      return assertNever(format);
  }
}

function rangeOf(
  monitor: Monitor,
  rows: readonly JobRecord[],
  wanted: { format: (typeof RangeFormat)[number]; table: (typeof TABLES)[number] },
) {
  switch (wanted.format) {
    case 'json':
      return jobsJson(monitor, rows);
    case 'ndjson':
      return jobsNdjson(monitor, rows);
    case 'csv':
      return jobsCsv(monitor, rows, wanted.table);
    case 'zip':
      return jobsZip(monitor, rows);
    default:
      return assertNever(wanted.format);
  }
}

function file(body: unknown, name: string, format: Format): Answer {
  const safe = name.replace(/[^\w.-]+/g, '_').slice(0, 80);
  const headers = {
    'content-disposition': `attachment; filename="${safe}.${format}"`,
    ...(format === 'html' ? { 'content-security-policy': JOB_PAGE_CSP } : {}),
  };
  return new Answer(body, { type: TYPES[format], headers });
}
