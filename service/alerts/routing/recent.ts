/** How many notifications each channel was sent lately, and how many wait. */
import type { OutboxRow } from '../../core/domain/notification.ts';

export class Recent {
  readonly #rows: ReadonlyMap<string, OutboxRow>;
  readonly #since: number;
  #counts: Counts | null = null;

  /** `since` is in epoch milliseconds. Counts when it is asked first: most passes ask nothing. */
  constructor(rows: ReadonlyMap<string, OutboxRow>, since: number) {
    this.#rows = rows;
    this.#since = since;
  }

  made(channel_id: string): number {
    return this.#counted.made.get(channel_id) ?? 0;
  }

  waiting(channel_id: string): number {
    return this.#counted.waiting.get(channel_id) ?? 0;
  }

  /** One more is made in this pass. */
  add(channel_id: string): void {
    count(this.#counted.made, channel_id);
    count(this.#counted.waiting, channel_id);
  }

  get #counted(): Counts {
    if (this.#counts) return this.#counts;
    const counts: Counts = { made: new Map(), waiting: new Map() };
    for (const { channel_id, created_at, state } of this.#rows.values()) {
      if (created_at > this.#since) count(counts.made, channel_id);
      if (state === 'WAITING') count(counts.waiting, channel_id);
    }
    return (this.#counts = counts);
  }
}

interface Counts {
  made: Map<string, number>;
  waiting: Map<string, number>;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
