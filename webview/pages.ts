import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { messageOf } from '../service/protocol/errors.ts';
import type { App } from './app.ts';

interface Host extends ReactiveControllerHost {
  app: App;
}

interface Page {
  total: number;
  next_cursor: string | null;
}

/** One request takes no longer than a blink, and no more than a few screens are read ahead. */
const PAGE = 200;
/** Of what was jumped over, as many at once as the service gives. */
const LARGEST_PAGE = 1000;
/** More rows than any store keeps: beyond, memory would grow with scrolling. */
const MOST = 50_000;

/**
 * A long list of the service's REST, fetched page by page as it is scrolled: what was there stays until the first page of
 * another list is here.
 */
export class Pages<T> implements ReactiveController {
  rows: readonly T[] = [];
  /** How many there are; null before the first answer. */
  total: number | null = null;
  /** Why the last request failed. */
  message: string | null = null;
  readonly #host: Host;
  readonly #name: string;
  readonly #idOf: (row: T) => string;
  readonly #ids = new Set<string>();
  #path: string | null = null;
  #cursor: string | null = null;
  /** Rows up to here are wanted. */
  #end = 0;
  #abort: AbortController | undefined;
  #stop: (() => void) | undefined;

  /** `name` is the field of the answer that holds the rows. */
  constructor(host: Host, name: string, idOf: (row: T) => string) {
    this.#host = host;
    this.#name = name;
    this.#idOf = idOf;
    host.addController(this);
  }

  hostConnected(): void {
    const { store } = this.#host.app;
    this.#stop = store.subscribe(['connection'], () => {
      if (store.connection.state === 'connected' && this.message !== null) this.retry();
    });
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#abort?.abort();
    this.#abort = undefined;
    this.#path = null;
  }

  get loading(): boolean {
    return this.#abort !== undefined;
  }

  /** Shows the list at this address (with its filters, without page); the same one is not asked for again. */
  show(path: string): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#begin();
  }

  /** Fetches the list anew. */
  retry(): void {
    this.message = null;
    if (this.total === null || this.#cursor === null) this.#begin();
    else void this.#next(false);
  }

  /** Rows up to `end` are looked at. */
  want(end: number): void {
    this.#end = Math.min(end, MOST);
    if (this.#abort === undefined && this.message === null && this.#lacks()) void this.#next(false);
  }

  #lacks(): boolean {
    return this.#cursor !== null && this.rows.length < this.#end;
  }

  #begin(): void {
    this.#abort?.abort();
    this.#cursor = null;
    this.message = null;
    void this.#next(true);
  }

  async #next(first: boolean): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    let again = first;
    try {
      do {
        const page = await this.#get(again, abort.signal);
        this.#take(page, again);
        again = false;
        this.#host.requestUpdate();
      } while (this.#lacks());
    } catch (error) {
      if (this.#abort === abort) this.message = messageOf(error);
    } finally {
      if (this.#abort === abort) this.#abort = undefined;
      this.#host.requestUpdate();
    }
  }

  #get(first: boolean, signal: AbortSignal): Promise<Page & Record<string, unknown>> {
    const path = this.#path ?? '';
    const cursor = first || this.#cursor === null ? '' : `&cursor=${this.#cursor}`;
    const lacking = first ? 0 : this.#end - this.rows.length;
    const query = `limit=${Math.min(LARGEST_PAGE, Math.max(PAGE, lacking))}${cursor}`;
    return this.#host.app.session.get(`${path}${path.includes('?') ? '&' : '?'}${query}`, signal);
  }

  #take(page: Page & Record<string, unknown>, first: boolean): void {
    if (first) this.#ids.clear();
    const rows = page[this.#name] as T[];
    // What moved down meanwhile comes twice.
    const fresh = rows.filter((row) => !this.#ids.has(this.#idOf(row)));
    for (const row of fresh) this.#ids.add(this.#idOf(row));
    this.rows = first ? fresh : [...this.rows, ...fresh];
    this.total = page.total;
    this.#cursor = page.next_cursor;
  }
}

/** All rows of a list, page by page; `progress` is told how many are here. Ends early when aborted. */
export async function allRows<T>(
  app: App,
  { path, name, signal }: { path: string; name: string; signal: AbortSignal },
  progress: (done: number, total: number) => void,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const query = `limit=${LARGEST_PAGE}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const address = `${path}${path.includes('?') ? '&' : '?'}${query}`;
    const page: Page & Record<string, unknown> = await app.session.get(address, signal);
    rows.push(...(page[name] as T[]));
    cursor = page.next_cursor;
    progress(rows.length, page.total);
  } while (cursor !== null && !signal.aborted);
  return rows;
}
