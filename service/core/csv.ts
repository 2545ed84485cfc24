/** A job as one CSV table (RFC 4180): a row a record, the column `record` says of which kind. */
import type { JobSnapshot } from '../protocol/record.ts';

type Row = Record<string, unknown>;

const FIRST_COLUMNS = ['record', 'job_id', 'phase_id', 'name', 'status'];

/** Complete: every field of every record, nested values as JSON. */
export function snapshotToCsv(snapshot: JobSnapshot): string {
  const rows = rowsOf(snapshot);
  const columns = [...new Set([...FIRST_COLUMNS, ...rows.flatMap((row) => Object.keys(row))])];
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

function rowsOf(snapshot: JobSnapshot): Row[] {
  const { phases, errors, warnings, artifacts, resource_usage, signals, alerts, timeline, ...job } =
    snapshot;
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

/** A text that a spreadsheet would run as a formula gets a quote in front. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
