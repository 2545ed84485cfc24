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
  /** Its first change that is known; absent in what earlier versions stored. */
  first?: { revision: number; by: string | null };
}

/** Most that there may be of all kinds together. */
export const MAX_DEFINITIONS = 5000;
const DAY_MS = 86_400_000;
/** At most so many go at a time, so that no pass is long. */
const A_PASS = 500;
/** So many make room at once, because finding them looks through all. */
const ROOM = 100;
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
  const { of, key, revision, time, by = null, value } = event;
  const change = { of, key, revision, time, by, value };
  const id = `${of}/${key}`;
  if (!tables.definitions.get(id)) makeRoomFor(tables.definitions, time);
  const held = tables.definitions.change(id);
  if (held) {
    const isFirst = held.revision === 0 || (held.first && revision < held.first.revision);
    if (isFirst) held.first = { revision, by };
    if (revision > held.revision) Object.assign(held, change);
  }
  const changes = tables.definitionChanges;
  const row = changes.change(`${of}/${key}/${revision}`);
  if (row) Object.assign(row, change);
  const [oldest] = changes.rows.keys();
  if (changes.rows.size > KEPT && oldest !== undefined) changes.delete(oldest);
}

/** The highest revision that is remembered, of one that may have left since; 0 for none. */
export function lastRevision(tables: DefinitionTables, of: Definition, key: string): number {
  let last = tables.definitions.get(`${of}/${key}`)?.revision ?? 0;
  for (const change of tables.definitionChanges.rows.values())
    if (change.of === of && change.key === key) last = Math.max(last, change.revision);
  return last;
}

/** Since when nothing needs it, in epoch milliseconds: a silence that is over, or what was removed. Null while it counts. */
function neededUntil({ of, value, time }: DefinitionState): number | null {
  if (value === null) return time;
  const { ends_at } = value;
  return of === 'silence' && typeof ends_at === 'number' ? ends_at : null;
}

/** Takes out what has not been needed for so many days, at most 500 at a time; the kinds and how many of it went. */
export function retainDefinitions(
  table: Table<DefinitionState>,
  { alert_days }: { alert_days: number },
  now: number,
): Definition[] {
  const oldest = now - alert_days * DAY_MS;
  const gone: Definition[] = [];
  for (const [id, row] of table.rows) {
    if (gone.length >= A_PASS) break;
    if ((neededUntil(row) ?? Infinity) >= oldest) continue;
    table.delete(id);
    gone.push(row.of);
  }
  return gone;
}

/** True when there is room for a new one, or something leaves for it. */
export function hasRoom(table: Table<DefinitionState>, now: number): boolean {
  return table.rows.size < table.limit || unneeded(table, now).length > 0;
}

/** Before a new one: what has not been needed for longest leaves a full table. */
function makeRoomFor(table: Table<DefinitionState>, now: number): void {
  if (table.rows.size < table.limit) return;
  for (const { id } of unneeded(table, now).slice(0, ROOM)) table.delete(id);
}

function unneeded(table: Table<DefinitionState>, now: number): { id: string; until: number }[] {
  const found = [...table.rows].flatMap(([id, row]) => {
    const until = neededUntil(row);
    return until === null || until > now ? [] : [{ id, until }];
  });
  return found.sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1));
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
