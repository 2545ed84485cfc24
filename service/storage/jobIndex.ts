import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Low } from 'lowdb';
import type { DurableAdapterOptions } from './durableAdapter.ts';
import { durableAdapter } from './durableAdapter.ts';
import { ignoreMissing } from './fileSystem.ts';
import { SerialQueues } from './serialQueues.ts';

/** 500 rows are about 200 kB: quick to rewrite, and 200 files hold 100,000 jobs. */
const PAGE_ROWS = 500;
const PAGE = /^(\d{6,9})\.json$/;

export interface LoadedIndex {
  rows: number;
  /** Pages or rows that were damaged: when it is not 0, `StateStore.jobs()` has what is missing. */
  damaged: number;
}

export interface JobIndexOptions<R> extends Omit<DurableAdapterOptions<R[]>, 'parse'> {
  parseRow: (value: unknown) => R;
}

/** The list of finished jobs in pages of at most 500 rows; a change rewrites only the pages it touches. */
export class JobIndex<R extends { job_id: string }> {
  readonly #folder: string;
  readonly #options: JobIndexOptions<R>;
  readonly #queue = new SerialQueues();
  #pageOf = new Map<string, number>();
  #sizes = new Map<number, number>();
  #lastPage = 1;

  constructor(folder: string, options: JobIndexOptions<R>) {
    this.#folder = folder;
    this.#options = options;
  }

  load(onPage: (rows: R[]) => void): Promise<LoadedIndex> {
    return this.#exclusive(async () => {
      this.#pageOf = new Map();
      this.#sizes = new Map();
      let damaged = 0;
      for (const page of await this.#pages()) {
        const found = await this.#read(page, () => damaged++);
        this.#lastPage = Math.max(this.#lastPage, page);
        this.#sizes.set(page, found.length);
        // A crash can leave no job twice, a person who copies files can: the first one counts.
        const rows = found.filter((row) => !this.#pageOf.has(row.job_id));
        for (const row of rows) this.#pageOf.set(row.job_id, page);
        if (rows.length > 0) onPage(rows);
        await setImmediate();
      }
      return { rows: this.#pageOf.size, damaged };
    });
  }

  put(rows: readonly R[]): Promise<void> {
    return this.#exclusive(async () => {
      const byPage = new Map<number, Map<string, R>>();
      for (const row of rows) {
        const page = this.#pageOf.get(row.job_id) ?? this.#assign(row.job_id);
        const changes = byPage.get(page) ?? new Map<string, R>();
        byPage.set(page, changes.set(row.job_id, row));
      }
      for (const [page, changes] of byPage) {
        await this.#change(page, (old) => {
          const kept = old.map((row) => changes.get(row.job_id) ?? row);
          const known = new Set(old.map((row) => row.job_id));
          return [...kept, ...[...changes.values()].filter((row) => !known.has(row.job_id))];
        });
      }
    });
  }

  remove(jobIds: readonly string[]): Promise<void> {
    return this.#exclusive(async () => {
      const gone = new Set(jobIds);
      const pages = new Set(jobIds.map((id) => this.#pageOf.get(id)));
      for (const page of pages) {
        if (page === undefined) continue;
        await this.#change(page, (rows) => rows.filter((row) => !gone.has(row.job_id)));
      }
      for (const id of gone) this.#pageOf.delete(id);
    });
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run('index', task);
  }

  #assign(jobId: string): number {
    if ((this.#sizes.get(this.#lastPage) ?? 0) >= PAGE_ROWS) this.#lastPage++;
    this.#sizes.set(this.#lastPage, (this.#sizes.get(this.#lastPage) ?? 0) + 1);
    this.#pageOf.set(jobId, this.#lastPage);
    return this.#lastPage;
  }

  async #change(page: number, change: (rows: R[]) => R[]): Promise<void> {
    const rows = change(await this.#read(page, () => undefined));
    if (rows.length === 0) await ignoreMissing(unlink(this.#path(page)));
    else await this.#write(page, rows);
    this.#sizes.set(page, rows.length);
  }

  #path(page: number): string {
    return join(this.#folder, `${String(page).padStart(6, '0')}.json`);
  }

  async #pages(): Promise<number[]> {
    const numbers = (await readdir(this.#folder)).map((name) =>
      Number(PAGE.exec(name)?.[1] ?? NaN),
    );
    return numbers.filter((page) => page > 0).sort((a, b) => a - b);
  }

  async #read(page: number, onDamaged: () => void): Promise<R[]> {
    const file = this.#file(page, onDamaged);
    await file.read();
    return file.data;
  }

  async #write(page: number, rows: R[]): Promise<void> {
    const file = this.#file(page, () => undefined);
    file.data = rows;
    await file.write();
  }

  #file(page: number, onDamaged: () => void): Low<R[]> {
    const adapter = durableAdapter<R[]>(this.#path(page), {
      ...this.#options,
      parse: (value) => {
        if (!Array.isArray(value)) throw new Error('it is not a list of jobs');
        return value.map(this.#options.parseRow);
      },
      onDamaged: (sentence) => {
        onDamaged();
        this.#options.onDamaged(sentence);
      },
    });
    return new Low<R[]>(adapter, []);
  }
}
