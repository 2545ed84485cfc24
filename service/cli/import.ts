import { readFile } from 'node:fs/promises';
import { count } from '../protocol/describe.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { parseJson } from '../ingest/json.ts';
import { fromNdjson } from '../ingest/ndjson.ts';
import { type Target, findService, request } from './client.ts';
import { FORMATS, type Format, detectFormat, importerOf } from './importers.ts';
import { choiceOption, invalidOption, parseOptions } from './options.ts';
import { sendBatch } from './send.ts';

export const usage =
  'import FILE [--as pipescope|events|wfcommons|celery|prometheus] [--as-id ID] [--replace] [--check]';

const OPTIONS = {
  as: { type: 'string' },
  'as-id': { type: 'string' },
  replace: { type: 'boolean' },
  check: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** Imports a recorded run; 1 when some of its events were refused. */
export async function importFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw invalidOption('import takes one file');
  const text = await read(file);
  const format = choiceOption('as', values.as, FORMATS) ?? detectFormat(text);
  if (format === null)
    throw invalidOption(
      `The format of ${file} is not clear. Name it: --as ${FORMATS.join(' or ')}`,
    );
  if (format === 'pipescope') return importJobs(text, values);
  refuseJobOptions(values, format);
  const events = importerOf(format)(text, Date.now());
  return sendEvents(await findService(process.env, 'ingest'), events);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw invalidOption(`The file ${file} cannot be read: ${messageOf(error)}`);
  }
}

function refuseJobOptions(values: Values, format: Format): void {
  for (const name of ['as-id', 'replace', 'check'] as const)
    if (values[name] !== undefined)
      throw invalidOption(`--${name} is for exports of Pipescope, not for ${format}`);
}

interface Report {
  jobs: { job_id: string; phases: number; replaced: boolean }[];
}

/** All jobs are checked before the first is sent to be stored. */
async function importJobs(text: string, values: Values): Promise<number> {
  const target = await findService(process.env, 'admin');
  const query = new URLSearchParams();
  if (values['as-id'] !== undefined) query.set('as', values['as-id']);
  if (values.replace) query.set('replace', 'true');
  const batches = batchesOf(jobsIn(text).map((job) => JSON.stringify(essence(job))));
  if (values['as-id'] !== undefined && batches.length > 1)
    throw invalidOption('--as-id is for a file with one job');
  const check = new URLSearchParams(query);
  check.set('dry_run', 'true');
  if (values.check || batches.length > 1) {
    for (const batch of batches) await post(target, check, batch);
    if (values.check) console.log('The file can be imported.');
  }
  if (values.check) return 0;
  for (const batch of batches) {
    const { jobs } = await post(target, query, batch);
    for (const { job_id, phases, replaced } of jobs)
      console.log(
        `${job_id}: ${count(phases, '{0} phase', '{0} phases')}${replaced ? ', replaced' : ''}`,
      );
  }
  return 0;
}

function jobsIn(text: string): unknown[] {
  const lines = text.trimEnd().split('\n', 2);
  // One document a line, or one document.
  if (lines.length === 2 && isWhole(lines[0] ?? '')) return fromNdjson(text);
  const value = parseJson(text);
  const { jobs } = (value ?? {}) as { jobs?: unknown };
  return Array.isArray(jobs) ? jobs : [value];
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** What an import reads of an export: the records are made of it again. */
function essence(job: unknown): unknown {
  if (typeof job !== 'object' || job === null) return job;
  const { pipescope, job_id, alert_events, state } = job as Record<string, unknown>;
  return { pipescope, job_id, alert_events, state };
}

/** Jobs of one request: few enough that the service is not long busy with one. */
const BATCH_CHARS = 8 * 1024 * 1024;

function batchesOf(jobs: readonly string[]): string[][] {
  const batches: string[][] = [];
  let size = Infinity;
  for (const job of jobs) {
    if (size + job.length > BATCH_CHARS) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(job);
    size += job.length;
  }
  return batches;
}

/** Checking and storing a large job takes seconds. */
const IMPORT_TIMEOUT_MS = 300_000;

async function post(
  target: Target,
  query: URLSearchParams,
  lines: readonly string[],
): Promise<Report> {
  try {
    const response = await request(target, `/api/v1/import?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
      signal: AbortSignal.timeout(IMPORT_TIMEOUT_MS),
    });
    return (await response.json()) as Report;
  } catch (error) {
    throw inOwnWords(error);
  }
}

/** What the service says names its parameters; here the same is done with options. */
function inOwnWords(error: unknown): unknown {
  if (!(error instanceof ProductError) || error.code !== 'JOB_EXISTS') return error;
  const [, begin = 'There is such a job already.'] =
    /^(.*? already\.) Import it/s.exec(error.message) ?? [];
  const detail = `${begin} Import it under another id with --as-id ID, or replace the one that is there with --replace.`;
  return new ProductError('JOB_EXISTS', { detail });
}

const EVENTS_A_BATCH = 500;
const BATCH_BYTES = 512 * 1024;
const PROGRESS_EVERY = 10_000;

async function sendEvents(target: Target, events: readonly unknown[]): Promise<number> {
  const total = { accepted: 0, duplicates: 0, rejected: 0 };
  let sent = 0;
  for (const batch of eventBatches(events)) {
    const ack = await sendBatch(target, batch);
    total.accepted += ack.accepted;
    total.duplicates += ack.duplicates;
    total.rejected += ack.rejected.length;
    for (const { index, message } of ack.rejected)
      console.error(`Event ${sent + index + 1}: ${message}`);
    const before = sent;
    sent += batch.length;
    if (Math.floor(before / PROGRESS_EVERY) < Math.floor(sent / PROGRESS_EVERY))
      console.error(`${sent} of ${events.length} events sent.`);
  }
  console.log(
    `${total.accepted} events imported, ${total.duplicates} known already, ${total.rejected} refused.`,
  );
  return total.rejected > 0 ? 1 : 0;
}

function* eventBatches(events: readonly unknown[]): Generator<string[], void, undefined> {
  let batch: string[] = [];
  let bytes = 0;
  for (const event of events) {
    // What is no event is refused by the service, with its place.
    const line = JSON.stringify(event ?? null);
    const size = Buffer.byteLength(line) + 1;
    if (batch.length === EVENTS_A_BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
