/** Rules, channels and silences as people defined them: what is in effect, and who changed what when. */
import type { Definition, EventOf } from '../../protocol/event.ts';
import { Table } from './table.ts';

export interface DefinitionState {
  of: Definition;
  key: string;
  /** 0 until somebody changed it. */
  revision: number;
  /** Epoch milliseconds. */
  time: number;
  by: string | null;
  /** Null when it was removed, or is as it came again. */
  value: Record<string, unknown> | null;
}

export interface DefinitionChange extends DefinitionState {
  id: string;
}

/** Most that there may be of all kinds together. */
export const MAX_DEFINITIONS = 5000;
/** So many changes are remembered; the journal has all. */
const KEPT = 2000;

export function definitionsTable(): Table<DefinitionState> {
  const make = (id: string): DefinitionState => ({ ...keyOf(id), ...empty() });
  return new Table({ name: 'definitions', limit: MAX_DEFINITIONS, pageRows: 50, make });
}

export function definitionChangesTable(): Table<DefinitionState> {
  const make = (): DefinitionState => ({ of: 'rule', key: '', ...empty() });
  return new Table({ name: 'definition-changes', limit: KEPT + 1, pageRows: 100, make });
}

function empty(): Omit<DefinitionState, 'of' | 'key'> {
  return { revision: 0, time: 0, by: null, value: null };
}

function keyOf(id: string): Pick<DefinitionState, 'of' | 'key'> {
  const at = id.indexOf('/');
  return { of: id.slice(0, at) as Definition, key: id.slice(at + 1) };
}

export interface DefinitionTables {
  definitions: Table<DefinitionState>;
  definitionChanges: Table<DefinitionState>;
}

export function foldDefinition(
  tables: DefinitionTables,
  event: EventOf<'definition.changed'>,
): void {
  const { of, key, revision, time, by, value } = event;
  const change = { of, key, revision, time, by: by ?? null, value };
  const held = tables.definitions.get(`${of}/${key}`);
  if (revision > (held?.revision ?? 0)) {
    const row = tables.definitions.change(`${of}/${key}`);
    if (row) Object.assign(row, change);
  }
  const changes = tables.definitionChanges;
  const row = changes.change(`${of}/${key}/${revision}`);
  if (row) Object.assign(row, change);
  const [oldest] = changes.rows.keys();
  if (changes.rows.size > KEPT && oldest !== undefined) changes.delete(oldest);
}

/** Those of a kind that somebody defined, by key; removed ones with a null value. */
export function definitionsOf(
  table: Table<DefinitionState>,
  of: Definition,
): Map<string, DefinitionState> {
  const found = new Map<string, DefinitionState>();
  for (const row of table.rows.values()) if (row.of === of) found.set(row.key, row);
  return found;
}
