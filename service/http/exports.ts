/** Jobs as files: read from disk one at a time, and sent as fast as the client takes them. */
import { type Table, TABLES, tableHead, tableLine, tableRecords } from '../core/csv.ts';
import { inAlertOrder } from '../core/list.ts';
import type { AlertState, JobState } from '../core/model.ts';
import { jobContents, jobExport } from '../core/transfer.ts';
import { alertRecord } from '../core/alertView.ts';
import { ProductError } from '../protocol/errors.ts';
import type { AlertRecord, JobContents, JobRecord } from '../protocol/record.ts';
import { EXPORT_FORMAT, VERSION } from '../protocol/version.ts';
import type { Monitor } from '../monitor.ts';
import { type ZippedFile, inPieces, joined, jsonTexts, zipPieces } from './pieces.ts';
import type { Pieces } from './route.ts';

type Texts = AsyncIterable<string>;

/** What is known of the alerts of a job. */
export function alertsOfJob({ model }: Monitor, job_id: string): AlertState[] {
  const ids = model.alertsOfJob.get(job_id) ?? [];
  return [...ids].flatMap((id) => model.alerts.get(id) ?? []);
}

/** All records of a job in memory. */
export function contentsOf(monitor: Monitor, job: JobState): JobContents {
  return jobContents(job, alertRecords(monitor, job.job_id));
}

function alertRecords(monitor: Monitor, job_id: string): AlertRecord[] {
  const alerts = alertsOfJob(monitor, job_id).flatMap((alert) => alertRecord(alert) ?? []);
  return inAlertOrder(alerts);
}

/** One job, complete: what an import takes. */
export function jobJson(monitor: Monitor, job: JobState): Pieces {
  return inPieces(jsonTexts(jobExport(job, alertsOfJob(monitor, job.job_id))));
}

/** One job, a CSV file a table. */
export function jobZip(monitor: Monitor, job: JobState): Pieces {
  const contents = contentsOf(monitor, job);
  return zipPieces(
    TABLES.map((table) => ({
      name: `${table}.csv`,
      texts: [tableHead(table), ...linesOf(table, contents)],
    })),
  );
}

function linesOf(table: Table, contents: JobContents): string[] {
  return tableRecords(table, contents).map((record) => tableLine(table, record));
}

/** `{"pipescope": {...}, "jobs": [...]}`: what an import takes. */
export function jobsJson(monitor: Monitor, rows: readonly JobRecord[]): Pieces {
  return inPieces(listTexts(monitor, rows));
}

async function* listTexts(monitor: Monitor, rows: readonly JobRecord[]): Texts {
  const header = { format: EXPORT_FORMAT, version: VERSION };
  yield `{"pipescope":${JSON.stringify(header)},"jobs":[`;
  let before = '\n';
  for await (const job of jobsOf(monitor, rows)) {
    yield before;
    yield* joined(jsonTexts(jobExport(job, alertsOfJob(monitor, job.job_id))));
    before = ',\n';
  }
  yield '\n]}\n';
}

/** One job a line: what an import takes. */
export function jobsNdjson(monitor: Monitor, rows: readonly JobRecord[]): Pieces {
  return inPieces(lineTexts(monitor, rows));
}

async function* lineTexts(monitor: Monitor, rows: readonly JobRecord[]): Texts {
  for await (const job of jobsOf(monitor, rows)) {
    yield* joined(jsonTexts(jobExport(job, alertsOfJob(monitor, job.job_id))));
    yield '\n';
  }
}

export function jobsCsv(monitor: Monitor, rows: readonly JobRecord[], table: Table): Pieces {
  return inPieces(tableTexts(monitor, rows, table));
}

/** A CSV file a table. A zip is written one file after the other, so the jobs are read once for each of them. */
export function jobsZip(monitor: Monitor, rows: readonly JobRecord[]): Pieces {
  const files: ZippedFile[] = TABLES.map((table) => ({
    name: `${table}.csv`,
    texts: tableTexts(monitor, rows, table),
  }));
  return zipPieces(files);
}

async function* tableTexts(monitor: Monitor, rows: readonly JobRecord[], table: Table): Texts {
  yield tableHead(table);
  // The rows of the index have all of these two: no file is read.
  if (table === 'jobs') {
    yield* joined(lines(table, rows));
  } else if (table === 'alerts') {
    for (const { job_id } of rows)
      for (const alert of alertRecords(monitor, job_id)) yield tableLine(table, alert);
  } else {
    for await (const job of jobsOf(monitor, rows))
      yield* joined(linesOf(table, contentsOf(monitor, job)));
  }
}

function* lines(table: Table, records: Iterable<object>): Generator<string, void, undefined> {
  for (const record of records) yield tableLine(table, record);
}

/** The jobs of the rows that are still there. */
async function* jobsOf(
  monitor: Monitor,
  rows: readonly JobRecord[],
): AsyncGenerator<JobState, void, undefined> {
  for (const { job_id } of rows) {
    const job = await monitor.job(job_id).catch((error: unknown) => {
      // Removed since the rows were listed.
      if (error instanceof ProductError && error.code === 'JOB_UNKNOWN') return null;
      throw error;
    });
    if (job) yield job;
  }
}
