/** Durable entries on their way into the model: strictly in the order of their numbers, without long blocks. */
import { setImmediate } from 'node:timers/promises';
import type { Entry } from './protocol/event.ts';
import { SerialQueues } from './storage/serialQueues.ts';

/** Folds one entry; a promise only where something has to be fetched first. */
export type Fold = (entry: Entry) => Promise<void> | undefined;

/** Gets what went wrong with one entry; the queue goes on with the next. */
type FoldFailed = (entry: Entry, error: unknown) => void;

/** The event loop is let go after so many milliseconds of folding. */
const SLICE_MS = 10;
/**
 * At the end of a call it is let go after so many: its sender is answered, and makes its next call, while those behind
 * it are folded. For less a turn of the loop would cost more than it gives.
 */
const ANSWER_MS = 0.05;
/** Looking at the clock costs as much as folding a field. */
const CLOCK_EVERY = 16;

export class FoldQueue {
  readonly #fold: Fold;
  readonly #failed: FoldFailed;
  #entries: Entry[] = [];
  /** Ends of calls: what to do when the entry of this number is in the model. */
  readonly #waiting = new Map<number, () => void>();
  #draining: Promise<void> | undefined;
  #lastSeq = 0;
  /** Folding and whoever must not see half of it, one after the other. */
  readonly #turns = new SerialQueues();

  constructor(fold: Fold, failed: FoldFailed) {
    this.#fold = fold;
    this.#failed = failed;
  }

  /** How many durable entries wait for their turn. */
  get length(): number {
    return this.#entries.length;
  }

  /** Number of the last entry that was folded. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Resolves when the entries are in the model. */
  push(entries: readonly Entry[]): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return Promise.resolve();
    for (const entry of entries) this.#entries.push(entry);
    return new Promise((resolve) => {
      this.#waiting.set(last.seq, resolve);
      this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
    });
  }

  /** Folds an entry that was read from the journal: they come in order, one at a time. */
  async replay(entry: Entry): Promise<void> {
    const fetched = this.#foldOne(entry);
    if (fetched) await fetched;
    this.#lastSeq = entry.seq;
  }

  idle(): Promise<void> {
    return this.#draining ?? Promise.resolve();
  }

  async #drain(): Promise<void> {
    while (this.#entries.length > 0) {
      // All calls of one commit are told one after the other: when nothing else is to be told their entries are complete.
      // A turn of the event loop would read other requests first, and let these wait.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const entries = this.#entries.sort((a, b) => a.seq - b.seq);
      this.#entries = [];
      await this.#foldAll(entries);
    }
  }

  /** Runs the task while nothing is folded: what it sees is the model of exactly entry `lastSeq`. */
  paused<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.run('fold', task);
  }

  async #foldAll(entries: readonly Entry[]): Promise<void> {
    for (let at = 0; at < entries.length;) {
      at = await this.#turns.run('fold', () => this.#foldSlice(entries, at));
      if (at < entries.length) await setImmediate();
    }
  }

  /** Folds from the entry `at` on until the slice is over; resolves to the place of the next one. */
  async #foldSlice(entries: readonly Entry[], at: number): Promise<number> {
    const begin = performance.now();
    for (let i = at; i < entries.length; i++) {
      const entry = entries[i];
      if (entry === undefined) break;
      const fetched = this.#foldOne(entry);
      if (fetched) await fetched;
      this.#lastSeq = entry.seq;
      const isEnd = this.#release(entry.seq);
      const looks = isEnd || (i - at) % CLOCK_EVERY === CLOCK_EVERY - 1;
      if (looks && performance.now() - begin >= (isEnd ? ANSWER_MS : SLICE_MS)) return i + 1;
    }
    return entries.length;
  }

  /** An entry that cannot be folded must end neither the service nor, being durable, every start that follows. */
  #foldOne(entry: Entry): Promise<void> | undefined {
    try {
      return this.#fold(entry)?.catch((error: unknown) => this.#failed(entry, error));
    } catch (error) {
      this.#failed(entry, error);
      return undefined;
    }
  }

  /** True where the entry is the last one of a call: whoever made it goes on when the event loop is let go. */
  #release(seq: number): boolean {
    const resolve = this.#waiting.get(seq);
    if (!resolve) return false;
    this.#waiting.delete(seq);
    resolve();
    return true;
  }
}
