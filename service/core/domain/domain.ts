/**
 * What is known beyond jobs: workers, tasks, queues, models, endpoints, caches, signals, what pipelines offer and answer,
 * the statistics of hours and days, and the history of phases. A function of the set of its events.
 */
import type { Entry } from '../../protocol/event.ts';
import type { Touched } from '../touched.ts';
import { FOLDS } from './folds.ts';
import { Tables } from './tables.ts';

export class Domain extends Tables {
  /** Number of the last entry folded in: a replay skips what the stored tables already hold. */
  folded_seq = 0;

  /** Folds one entry and says which records it touched. */
  apply(entry: Entry, touched: Touched): void {
    if (entry.seq <= this.folded_seq) return;
    this.folded_seq = entry.seq;
    const fold = FOLDS.get(entry.event.type);
    if (fold) fold({ tables: this, entry, touched });
  }
}
