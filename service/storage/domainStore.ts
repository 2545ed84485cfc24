import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Low } from 'lowdb';
import { flatten, revive } from '../core/document.ts';
import type { Table } from '../core/domain/table.ts';
import { durableAdapter } from './durableAdapter.ts';
import { removeLeftTemps } from './durableFile.ts';
import { ignoreMissing } from './fileSystem.ts';

/** Which file holds which page: files are never changed, so the manifest alone says what counts. */
interface Manifest {
  /** Everything up to this entry is in the pages. */
  seq: number;
  /** table -> page -> number of its file. */
  tables: Record<string, Record<string, number>>;
  /** table -> rows that were refused because it was full. */
  refused: Record<string, number>;
}

const ManifestShape = TypeCompiler.Compile(
  Type.Object({
    seq: Type.Integer({ minimum: 0 }),
    tables: Type.Record(
      Type.String({ pattern: '^[a-z-]+$' }),
      Type.Record(Type.String({ pattern: '^\\d+$' }), Type.Integer()),
    ),
    refused: Type.Record(Type.String(), Type.Integer()),
  }),
);
const RowsShape = TypeCompiler.Compile(Type.Array(Type.Tuple([Type.String(), Type.Unknown()])));

type Rows = [id: string, row: unknown][];

interface CollectedPage {
  table: Table<unknown>;
  page: number;
  rows: Rows;
}

/** What the domain was at one entry: its changed pages. */
export interface Collected {
  seq: number;
  pages: CollectedPage[];
  /** table -> rows that were refused because it was full. */
  refused: Record<string, number>;
}

/** What is stored: tables, and up to which entry they go. */
export interface TableSet {
  readonly tables: readonly Table<unknown>[];
  folded_seq: number;
}

const PAGE_FILE = /^[a-z-]+-\d+-\d+\.json$/;
const EMPTY: Manifest = { seq: 0, tables: {}, refused: {} };

/**
 * The domain's tables under `<data dir>/state/domain/`: each changed page as a new file, then the manifest that names
 * them. So a crash at any moment leaves the tables of one entry, never a mixture. A cache of the journal: when any of it
 * is damaged, it counts as empty and is made anew from there.
 */
export class DomainStore {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #domain: TableSet;
  readonly #onDamaged: (sentence: string) => void;
  #manifest: Manifest = EMPTY;
  #lastFile = 0;

  private constructor(dataDir: string, domain: TableSet, onDamaged: (sentence: string) => void) {
    this.#folder = join(dataDir, 'state', 'domain');
    this.#quarantine = join(dataDir, 'quarantine');
    this.#domain = domain;
    this.#onDamaged = onDamaged;
  }

  /** Opens the tables and puts them into the domain. Only for the holder of the lock. */
  static async open(
    dataDir: string,
    domain: TableSet,
    onDamaged: (sentence: string) => void,
  ): Promise<DomainStore> {
    const store = new DomainStore(dataDir, domain, onDamaged);
    await mkdir(store.#folder, { recursive: true, mode: 0o700 });
    await removeLeftTemps(store.#folder);
    await store.#restore();
    await store.#removeOrphans();
    return store;
  }

  /** True while there is something to write. */
  get isDirty(): boolean {
    return this.#domain.tables.some((table) => table.isDirty);
  }

  /** Everything up to this entry is stored. */
  get seq(): number {
    return this.#manifest.seq;
  }

  /**
   * Takes the changed pages as they are now; null when nothing came. The caller sees to it that nothing changes the
   * tables meanwhile. From then on the pages count as written, until `write` fails or they are given back.
   */
  async collect(seq: number): Promise<Collected | null> {
    const pages: CollectedPage[] = [];
    for (const table of this.#domain.tables) {
      for (const page of table.takeDirtyPages()) {
        const rows: Rows = table.pageRows(page).map(([id, row]) => [id, flatten(row)]);
        pages.push({ table, page, rows });
        await setImmediate();
      }
    }
    // Entries that changed nothing count all the same: the next start need not read them.
    if (pages.length === 0 && seq <= this.#manifest.seq) return null;
    return { seq, pages, refused: this.#refusals() };
  }

  /** Durable when it resolves. When it rejects, the next `collect` has its pages again. */
  async write(collected: Collected): Promise<void> {
    const { seq, pages, refused } = collected;
    const tables = structuredClone(this.#manifest.tables);
    const replaced: string[] = [];
    try {
      for (const { table, page, rows } of pages) {
        const files = (tables[table.name] ??= {});
        const before = files[page];
        if (before !== undefined) replaced.push(this.#path(table.name, page, before));
        if (rows.length === 0) {
          Reflect.deleteProperty(files, page);
          continue;
        }
        files[page] = ++this.#lastFile;
        await this.#file(this.#path(table.name, page, this.#lastFile), rows).write();
        await setImmediate();
      }
      const manifest = { seq, tables, refused };
      await this.#file(this.#manifestPath(), manifest).write();
      this.#manifest = manifest;
    } catch (error) {
      this.giveBack(collected);
      throw error;
    }
    for (const path of replaced) await ignoreMissing(unlink(path));
  }

  /** Says that what was collected is not written: the next `collect` has its pages again. */
  giveBack({ pages }: Collected): void {
    for (const { table, page } of pages) table.markDirty([page]);
  }

  async #restore(): Promise<void> {
    const file = this.#file<Manifest>(this.#manifestPath(), EMPTY, parseManifest);
    await file.read();
    const pages: { table: Table<unknown>; page: number; rows: Rows }[] = [];
    for (const table of this.#domain.tables) {
      for (const [page, number] of Object.entries(file.data.tables[table.name] ?? {})) {
        const rows = this.#file<Rows | null>(this.#path(table.name, page, number), null, parseRows);
        await rows.read();
        if (rows.data === null) {
          this.#onDamaged(
            'A page of the workers, tasks and statistics is lost: reading them again from the journal.',
          );
          return;
        }
        pages.push({ table, page: Number(page), rows: rows.data });
        await setImmediate();
      }
    }
    for (const { table, page, rows } of pages) {
      table.restorePage(
        page,
        rows.map(([id, row]) => [id, revive(row)]),
      );
    }
    for (const table of this.#domain.tables) table.refused = file.data.refused[table.name] ?? 0;
    this.#manifest = file.data;
    this.#domain.folded_seq = file.data.seq;
  }

  /** Files that no manifest names: a crash came before it, or after it and before they were removed. */
  async #removeOrphans(): Promise<void> {
    const named = new Set<string>();
    for (const [table, pages] of Object.entries(this.#manifest.tables)) {
      for (const [page, number] of Object.entries(pages)) {
        named.add(fileName(table, page, number));
        this.#lastFile = Math.max(this.#lastFile, number);
      }
    }
    for (const name of await readdir(this.#folder)) {
      if (PAGE_FILE.test(name) && !named.has(name))
        await ignoreMissing(unlink(join(this.#folder, name)));
    }
  }

  #refusals(): Record<string, number> {
    return Object.fromEntries(this.#domain.tables.map(({ name, refused }) => [name, refused]));
  }

  #manifestPath(): string {
    return join(this.#folder, 'manifest.json');
  }

  #path(table: string, page: number | string, number: number): string {
    return join(this.#folder, fileName(table, page, number));
  }

  #file<T>(path: string, data: T, parse: (value: unknown) => T = () => data): Low<T> {
    const adapter = durableAdapter<T>(path, {
      parse,
      quarantine: this.#quarantine,
      onDamaged: this.#onDamaged,
    });
    return new Low<T>(adapter, data);
  }
}

function fileName(table: string, page: number | string, number: number): string {
  return `${table}-${page}-${number}.json`;
}

function parseManifest(value: unknown): Manifest {
  if (!ManifestShape.Check(value)) throw new Error('it is no list of pages');
  return value;
}

function parseRows(value: unknown): Rows {
  if (!RowsShape.Check(value)) throw new Error('it is no page of rows');
  return value;
}
