/** Records as CSV (RFC 4180): the tables of jobs with a row a record, or a job as one table of everything. */
import type { TObject } from '@sinclair/typebox';
import {
  AlertRecord,
  ArtifactRecord,
  type JobContents,
  JobRecord,
  LogRecord,
  PhaseRecord,
  ResourceSample,
  SubPhaseRecord,
  TimelineEntry,
} from '../protocol/record.ts';
import type { SeriesAnswer } from '../protocol/series.ts';

type Row = Record<string, unknown>;

export const TABLES = [
  ...(['jobs', 'phases', 'sub_phases', 'errors', 'warnings', 'logs', 'artifacts'] as const),
  ...(['resource_usage', 'alerts', 'timeline', 'signals'] as const),
] as const;
export type Table = (typeof TABLES)[number];

const fields = (record: TObject) => Object.keys(record.properties);

/** The columns of each table: the fields of its records, whether a row has them or not. */
const COLUMNS: Readonly<Record<Table, readonly string[]>> = {
  jobs: fields(JobRecord),
  phases: fields(PhaseRecord),
  sub_phases: fields(SubPhaseRecord),
  errors: fields(LogRecord),
  warnings: fields(LogRecord),
  logs: fields(LogRecord),
  artifacts: fields(ArtifactRecord),
  resource_usage: fields(ResourceSample),
  alerts: fields(AlertRecord),
  timeline: ['job_id', ...fields(TimelineEntry)],
  signals: ['job_id', 'signal', 'count'],
};

/** The first line of a table. */
export function tableHead(table: Table): string {
  return csvLine(COLUMNS[table]);
}

/** A record as a line of its table. */
export function tableLine(table: Table, record: object): string {
  const row = record as Row;
  return csvLine(COLUMNS[table].map((column) => row[column]));
}

/** The records of a job that belong to the table. */
export function tableRecords(table: Table, job: JobContents): readonly object[] {
  const { job_id, phases } = job;
  switch (table) {
    case 'jobs':
      return [job];
    case 'phases':
      return phases;
    case 'sub_phases':
      return phases.flatMap((phase) => phase.sub_phases);
    case 'errors':
    case 'warnings':
    case 'artifacts':
      return [...job[table], ...phases.flatMap((phase): readonly object[] => phase[table])];
    case 'timeline':
      return job.timeline.map((entry) => ({ job_id, ...entry }));
    case 'signals':
      return Object.entries(job.signals).map(([signal, count]) => ({ job_id, signal, count }));
    default:
      return job[table];
  }
}

const FIRST_COLUMNS = ['record', 'job_id', 'phase_id', 'name', 'status'];

/** One table, complete: every field of every record, nested values as JSON; the column `record` says of which kind. */
export function contentsToCsv(contents: JobContents): string {
  const rows = rowsOf(contents);
  const columns = [...new Set([...FIRST_COLUMNS, ...rows.flatMap((row) => Object.keys(row))])];
  const lines = rows.map((row) => csvLine(columns.map((column) => row[column])));
  return csvLine(columns) + lines.join('');
}

function rowsOf(contents: JobContents): Row[] {
  const { phases, errors, warnings, logs, artifacts, resource_usage, ...more } = contents;
  const { signals, alerts, timeline, ...job } = more;
  const { job_id } = job;
  const rows: Row[] = [{ record: 'job', ...job }];
  const add = (record: string, items: readonly object[]) => {
    for (const item of items) rows.push({ record, job_id, ...item });
  };
  for (const { sub_phases, errors: own, warnings: warned, artifacts: made, ...phase } of phases) {
    add('phase', [phase]);
    add('sub_phase', sub_phases);
    add('error', own);
    add('warning', warned);
    add('artifact', made);
  }
  add('error', errors);
  add('warning', warnings);
  add('log', logs);
  add('artifact', artifacts);
  add('resource', resource_usage);
  add(
    'signal',
    Object.entries(signals).map(([name, value]) => ({ name, value })),
  );
  add('alert', alerts);
  add('timeline', timeline);
  return rows;
}

/** A line a point: time, metric, a column for each label there is, and the value. */
export function* seriesLines({ metric, series }: SeriesAnswer): Generator<string> {
  const labels = [...new Set(series.flatMap((line) => Object.keys(line.labels)))].sort();
  yield csvLine(['time', 'metric', ...labels, 'value']);
  for (const line of series) {
    const named = labels.map((label) => line.labels[label]);
    for (const [time, value] of line.points)
      yield csvLine([new Date(time).toISOString(), metric, ...named, value]);
  }
}

/** Values as a line with its end; nested ones as JSON. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** A text that a spreadsheet would run as a formula, some after white space, gets a quote in front (owasp.org, "CSV Injection"). */
const FORMULA = /^(?:\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n])/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
