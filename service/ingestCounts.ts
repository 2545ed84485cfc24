import type { Rejection } from './protocol/parse.ts';

/** What came in since the start, by the way it came and what became of it. */
export type IngestProtocol = 'http' | 'websocket';

export interface Ack {
  accepted: number;
  duplicates: number;
  rejected: Rejection[];
  seq: number;
}

type Outcome = Omit<Ack, 'seq'>;

const NONE = { accepted: 0, duplicate: 0, rejected: 0 };

export class IngestCounts {
  readonly #counts = { http: { ...NONE }, websocket: { ...NONE } };

  add(protocol: IngestProtocol, { accepted, duplicates, rejected }: Outcome): void {
    const counts = this.#counts[protocol];
    counts.accepted += accepted;
    counts.duplicate += duplicates;
    counts.rejected += rejected.length;
  }

  /** protocol -> outcome -> events. */
  get all(): Readonly<Record<IngestProtocol, Readonly<Record<string, number>>>> {
    return this.#counts;
  }
}
