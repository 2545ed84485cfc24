/**
 * What is known beyond jobs: workers, tasks, queues, models, endpoints, caches, signals, what pipelines offer and answer,
 * the statistics of hours and days, and the history of phases. A function of the set of its events.
 */
import type { Entry } from '../../protocol/event.ts';
import { History } from '../history.ts';
import type { Touched } from '../touched.ts';
import type { Table } from './table.ts';

export class Domain {
  /** Number of the last entry folded in: a replay skips what the stored tables already hold. */
  folded_seq = 0;
  readonly history = new History();

  /** Everything that is kept, one table a kind: what the storage writes and reads. */
  get tables(): readonly Table<unknown>[] {
    return [this.history.table];
  }

  /** Folds one entry and says which records it touched. */
  apply(entry: Entry, _touched: Touched): void {
    if (entry.seq <= this.folded_seq) return;
    this.folded_seq = entry.seq;
  }
}
