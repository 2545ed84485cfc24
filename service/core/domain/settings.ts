/** What was changed of the configuration while the service ran: who, when, what. The newest revision is in effect. */
import type { EventOf } from '../../protocol/event.ts';
import { Table } from './table.ts';

export interface SettingsState {
  revision: number;
  /** Epoch milliseconds. */
  time: number;
  by: string | null;
  changes: Record<string, unknown>;
}

export interface SettingsChange {
  revision: number;
  time: string;
  by: string | null;
  changes: Record<string, unknown>;
}

/** So many changes are remembered; the journal has all. */
const KEPT = 1000;

export function settingsTable(): Table<SettingsState> {
  return new Table({
    name: 'settings',
    limit: KEPT + 1,
    pageRows: 50,
    make: () => ({ revision: 0, time: 0, by: null, changes: {} }),
  });
}

export function foldSettings(table: Table<SettingsState>, event: EventOf<'config.changed'>): void {
  const { revision, time, by, changes } = event;
  const row = table.change(String(revision));
  if (row) Object.assign(row, { revision, time, by: by ?? null, changes });
  if (table.rows.size > KEPT) table.delete(String(revision - KEPT));
}

/** The change in effect; null when nothing was ever changed. */
export function newestSettings(table: Table<SettingsState>): SettingsState | null {
  let newest: SettingsState | null = null;
  for (const row of table.rows.values())
    if (newest === null || row.revision > newest.revision) newest = row;
  return newest;
}

/** All that are remembered, the newest first. */
export function settingsChanges(table: Table<SettingsState>): SettingsChange[] {
  return [...table.rows.values()]
    .sort((a, b) => b.revision - a.revision)
    .map((row) => ({ ...row, time: new Date(row.time).toISOString() }));
}
