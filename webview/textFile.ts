import type { App } from './app.ts';
import { csvOf } from './charts/csv.ts';
import type { Table } from './charts/table.ts';
import { fileName } from './saveExport.ts';

/** Hands a table to the window (or browser) to save as CSV, with the mark of UTF-8 that spreadsheets need. */
export function saveCsv({ session, clock }: App, title: string, table: Omit<Table, 'say'>): void {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const text = `\uFEFF${csvOf({ ...table, say: String })}`;
  const name = fileName(`${title}-${day}`, 'csv');
  session.request({ type: 'host', action: 'save_file', name, base64: base64(text) });
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
