/**
 * Rows of one kind, by id, that know which of their pages changed: what is written to disk follows from what changed,
 * not from how much there is. Bounded: beyond its limit a table takes no new row and counts the refusal.
 */

export interface TableOptions<S> {
  /** Names its files: lower-case letters and dashes. */
  name: string;
  /** Most rows it holds. */
  limit: number;
  /** Rows a page: a change of one row rewrites its page. */
  pageRows: number;
  make: (id: string) => S;
}

export class Table<S> {
  readonly name: string;
  /** May be changed: rows beyond a lower one stay until something takes them out. */
  limit: number;
  readonly #options: TableOptions<S>;
  readonly #rows = new Map<string, S>();
  readonly #pageOf = new Map<string, number>();
  readonly #pages = new Map<number, Set<string>>();
  readonly #dirty = new Set<number>();
  #openPage = 1;
  /** How many times a new row was refused, since the table is there. */
  refused = 0;

  constructor(options: TableOptions<S>) {
    this.#options = options;
    ({ name: this.name, limit: this.limit } = options);
  }

  /** In the order in which they were first heard of. */
  get rows(): ReadonlyMap<string, S> {
    return this.#rows;
  }

  get(id: string): S | undefined {
    return this.#rows.get(id);
  }

  /** The row, to be changed: made when it is new; null when the table is full. */
  change(id: string): S | null {
    const held = this.#rows.get(id);
    if (held !== undefined) {
      this.#dirty.add(this.#pageOf.get(id) ?? 0);
      return held;
    }
    if (this.#rows.size >= this.limit) {
      this.refused++;
      return null;
    }
    const made = this.#options.make(id);
    this.#put(id, made, this.#freePage());
    return made;
  }

  delete(id: string): boolean {
    const page = this.#pageOf.get(id);
    if (page === undefined) return false;
    this.#rows.delete(id);
    this.#pageOf.delete(id);
    const ids = this.#pages.get(page);
    ids?.delete(id);
    if (ids?.size === 0) this.#pages.delete(page);
    this.#dirty.add(page);
    return true;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** Numbers of the pages that changed since the last call; from then on they count as written. */
  takeDirtyPages(): number[] {
    const pages = [...this.#dirty];
    this.#dirty.clear();
    return pages;
  }

  /** Takes back what `takeDirtyPages` gave: they could not be written. */
  markDirty(pages: Iterable<number>): void {
    for (const page of pages) this.#dirty.add(page);
  }

  /** The rows of a page as they are now; empty when all of them are gone. */
  pageRows(page: number): [id: string, row: S][] {
    const ids = this.#pages.get(page) ?? [];
    return [...ids].flatMap((id) => {
      const row = this.#rows.get(id);
      return row === undefined ? [] : [[id, row] as [string, S]];
    });
  }

  /** Puts back what a page held; rows that are there already stay. */
  restorePage(page: number, rows: Iterable<[id: string, row: S]>): void {
    for (const [id, row] of rows) if (!this.#rows.has(id)) this.#put(id, row, page);
    this.#dirty.delete(page);
    this.#openPage = Math.max(this.#openPage, page);
  }

  #put(id: string, row: S, page: number): void {
    this.#rows.set(id, row);
    this.#pageOf.set(id, page);
    const ids = this.#pages.get(page);
    if (ids) ids.add(id);
    else this.#pages.set(page, new Set([id]));
    this.#dirty.add(page);
  }

  #freePage(): number {
    const size = this.#pages.get(this.#openPage)?.size ?? 0;
    if (size >= this.#options.pageRows) this.#openPage++;
    return this.#openPage;
  }
}
