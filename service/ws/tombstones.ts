/** What was removed lately, for clients that come back; who knows less than it remembers starts from nothing. */
import type { Touched } from '../core/touched.ts';

/** The ids of everything that is gone, as a set of touched records has them. */
export type Gone = Pick<
  Touched,
  'removedJobs' | 'removedAlerts' | 'removedWorkers' | 'removedTasks'
>;

const KINDS = ['removedJobs', 'removedAlerts', 'removedWorkers', 'removedTasks'] as const;
const MAX_TOMBSTONES = 10_000;

interface Tombstone {
  seq: number;
  kind: (typeof KINDS)[number];
  id: string;
}

export class Tombstones {
  #all: Tombstone[] = [];
  /** Removals before this entry are no longer known. */
  #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  remember(gone: Gone, seq: number): void {
    for (const kind of KINDS) for (const id of gone[kind]) this.#all.push({ seq, kind, id });
    const surplus = this.#all.length - MAX_TOMBSTONES;
    if (surplus <= 0) return;
    this.#from = (this.#all[surplus - 1]?.seq ?? seq) + 1;
    this.#all = this.#all.slice(surplus);
  }

  /** True when every removal after `since` is remembered. */
  reachesTo(since: number): boolean {
    return since >= this.#from;
  }

  since(since: number): Gone {
    const gone: Gone = {
      removedJobs: new Set(),
      removedAlerts: new Set(),
      removedWorkers: new Set(),
      removedTasks: new Set(),
    };
    // Retention removes without an entry of its own: what went right at `since` may be news as well.
    for (const { seq, kind, id } of this.#all) if (seq >= since) gone[kind].add(id);
    return gone;
  }
}
