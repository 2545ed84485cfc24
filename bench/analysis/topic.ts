/** What every topic of the analysis benchmark gives back, and how it is written: a table and notes. */
import { pathToFileURL } from 'node:url';

export interface TopicResult {
  /** A short sentence above the table. */
  title: string;
  columns: string[];
  rows: (string | number)[][];
  /** Below the table, a line each: where the data came from, what was chosen on it, what was skipped. */
  notes: string[];
}

/** As Markdown, in the form prettier leaves alone: columns padded to one width, numbers to the right. */
export function asMarkdown({ title, columns, rows, notes }: TopicResult): string {
  const cells = rows.map((row) => columns.map((_, at) => escaped(row[at] ?? '')));
  const numeric = columns.map(
    (_, at) => rows.length > 0 && rows.every((row) => isNumeric(row[at] ?? '')),
  );
  const widths = columns.map((name, at) =>
    Math.max(3, name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: string[]): string => {
    const padded = row.map((cell, at) =>
      numeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, at) =>
    numeric[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const table =
    rows.length > 0 ? [line(columns), `| ${rule.join(' | ')} |`, ...cells.map(line)] : [];
  const said = notes.map((note) => `- ${note}`).join('\n');
  return [title, table.join('\n'), said].filter((part) => part !== '').join('\n\n');
}

function escaped(cell: string | number): string {
  return String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function isNumeric(cell: string | number): boolean {
  return typeof cell === 'number' || /^-?[\d.,]+( ?[%a-zA-Z/]+)?$/.test(cell);
}

/** Prints the topic's table when its file was started by itself: `node --import tsx bench/analysis/X.ts`. */
export async function printWhenStarted(
  url: string,
  run: () => Promise<TopicResult>,
): Promise<void> {
  if (url !== pathToFileURL(process.argv[1] ?? '').href) return;
  console.log(asMarkdown(await run()));
}
