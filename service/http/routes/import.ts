import { Type } from '@sinclair/typebox';
import { type Document, importJobs } from '../../importing.ts';
import { parseJson } from '../../ingest/json.ts';
import { ProductError } from '../../protocol/errors.ts';
import { JobExport } from '../../protocol/record.ts';
import { SerialQueues } from '../../storage/serialQueues.ts';
import type { Monitor } from '../../monitor.ts';
import { textOf } from '../body.ts';
import { type Route, route } from '../route.ts';
import { ContentEncoding } from './events.ts';

/** Bytes of an import, before and after decompression. */
export const MAX_IMPORT = 64 * 1024 * 1024;
/** Of it as one JSON document: nobody else is answered while that is parsed. The export of a job of 20,000 phases has 27 MB. */
const MAX_DOCUMENT = 32 * 1024 * 1024;

const Report = Type.Object({
  applied: Type.Boolean({ description: 'false where it was only checked' }),
  jobs: Type.Array(
    Type.Object({
      job_id: Type.String(),
      phases: Type.Integer(),
      alerts: Type.Integer(),
      replaced: Type.Boolean({ description: 'whether a job of that id was removed' }),
    }),
  ),
});

/** What is read of an export; the rest is made of it again. */
const Job = Type.Pick(JobExport, ['pipescope', 'job_id', 'alert_events', 'state']);
/** Only described: it is checked job by job, whatever the body's format. */
const BODIES = {
  'application/json': Type.Union([Job, Type.Object({ jobs: Type.Array(Job) })]),
  'application/x-ndjson': Type.String({ description: 'an exported job a line' }),
};

export function importRoutes(monitor: Monitor): Route[] {
  // One after the other: two imports of one job must not both find that it is not there.
  const queue = new SerialQueues();
  return [
    route({
      method: 'POST',
      path: '/api/v1/import',
      summary:
        'Takes exported jobs in: one document, a range of jobs, or NDJSON with one a line. All or none; 64 MiB at most, 32 MiB as one JSON document.',
      query: Type.Object({
        as: Type.Optional(
          Type.String({ minLength: 1, maxLength: 256, description: 'another id for the one job' }),
        ),
        replace: Type.Optional(
          Type.Boolean({ description: 'true to remove jobs of the same ids first' }),
        ),
        dry_run: Type.Optional(Type.Boolean({ description: 'true to check only' })),
      }),
      headers: ContentEncoding,
      accepts: BODIES,
      fails: ['IMPORT_INVALID', 'JOB_EXISTS', 'JOB_STILL_RUNNING'],
      maxBody: MAX_IMPORT,
      response: Report,
      handle: ({ body, headers, query }) =>
        queue.run('import', async () => {
          const text = await textOf(body, headers, MAX_IMPORT);
          const isLines = (headers['content-type'] ?? '').includes('ndjson');
          if (!isLines && text.length > MAX_DOCUMENT) throw documentTooLarge();
          checkParts(text);
          const documents = isLines ? documentLines(text) : documentsOf(parseJson(text));
          if (documents.length === 0)
            throw new ProductError('IMPORT_INVALID', { detail: 'The file holds no job.' });
          const { as, replace = false, dry_run: dryRun = false } = query;
          return importJobs(monitor, documents, { as, replace, dryRun, now: Date.now() });
        }),
    }),
  ];
}

function documentTooLarge(): ProductError {
  return new ProductError('BODY_TOO_LARGE', {
    detail: `One JSON document may have ${MAX_DOCUMENT / 1024 / 1024} MiB. Send more as application/x-ndjson, one exported job a line: "pipescope export --all --format ndjson" and GET /api/v1/export?format=ndjson make it.`,
  });
}

/** Exports have an object or a list every 25 bytes at the most; in memory an empty one takes 60 bytes and more. */
const MAX_PARTS = 4_000_000;
/** The shortest export of a job takes 700 bytes. */
const MAX_JOBS = 100_000;

/** 64 MiB of empty objects would take all memory there is. */
function checkParts(text: string): void {
  let parts = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x7b || character === 0x5b) parts++;
  }
  if (parts > MAX_PARTS)
    throw tooMany(`more than ${MAX_PARTS / 1e6} million objects and lists, which no export has`);
}

function tooMany(what: string): ProductError {
  return new ProductError('IMPORT_INVALID', {
    detail: `The file has ${what}. Import fewer jobs at once.`,
  });
}

function documentLines(text: string): Document[] {
  const documents: Document[] = [];
  let number = 0;
  // Line by line: a list of millions of empty ones would cost more than the jobs.
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf('\n', begin);
    const line = text.slice(begin, end < 0 ? text.length : end);
    begin += line.length + 1;
    number++;
    if (line.trim() === '') continue;
    const where = `line ${number}`;
    documents.push({ value: parseLine(line, where), where });
    if (documents.length > MAX_JOBS) throw tooMany(`more than ${MAX_JOBS} jobs`);
  }
  return documents;
}

function parseLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ProductError('IMPORT_INVALID', {
      detail: `${where}: It is not valid JSON.`,
      errors: [{ path: '', message: `${where} is not valid JSON` }],
    });
  }
}

/** A range of jobs has them in a list, one job is the document itself. */
function documentsOf(value: unknown): Document[] {
  const list = isRange(value) ? value.jobs : null;
  if (list === null) return [{ value, where: 'job' }];
  if (list.length > MAX_JOBS) throw tooMany(`more than ${MAX_JOBS} jobs`);
  return list.map((one, i) => ({ value: one, where: `jobs/${i}` }));
}

function isRange(value: unknown): value is { jobs: unknown[] } {
  return (
    typeof value === 'object' && value !== null && 'jobs' in value && Array.isArray(value.jobs)
  );
}
