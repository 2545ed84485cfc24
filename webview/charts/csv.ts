import type { Cell, Column, Table } from './table.ts';

/** What a spreadsheet would take for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * The table as CSV (RFC 4180): lines end in CRLF, times are ISO 8601 in UTC, numbers are bare with their unit in the header,
 * and a text that a spreadsheet would run as a formula begins with a quote.
 */
export function csvOf(table: Table): string {
  const lines = [table.columns.map((column) => field(header(column)))];
  for (let index = 0; index < table.count; index++)
    lines.push(table.row(index).map((cell, column) => cellOf(cell, table.columns[column])));
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function header({ label, unit, kind }: Column): string {
  if (kind === 'time') return `${label} (UTC)`;
  return unit === '' ? label : `${label} (${unit})`;
}

function cellOf(cell: Cell, column: Column | undefined): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return field(cell);
  return column?.kind === 'time' ? new Date(cell).toISOString() : String(cell);
}

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
