/** What was sent and what of it was acknowledged: the other side of the promise "acknowledged is kept, and counted once". */
import { randomBytes } from 'node:crypto';
import type { Ack, TestService } from './service.ts';
import type { TestClient } from './socket.ts';

export interface LedgerEvent {
  id: string;
  type: string;
  job_id: string;
  [field: string]: unknown;
}

/** What a job has to show when each of its events was counted exactly once. */
export interface Expected {
  signal: number;
  errors: number;
  warnings: number;
}

const BATCH = 24;

export class Ledger {
  readonly #jobs: readonly string[];
  readonly #run = randomBytes(4).toString('hex');
  readonly acknowledged = new Set<string>();
  readonly expected = new Map<string, Expected>();
  sent = 0;
  /** Sent without an answer, or refused: to be sent again, with the same ids. */
  #open: LedgerEvent[] = [];
  #next = 0;

  constructor(jobs: readonly string[]) {
    this.#jobs = jobs;
    for (const job of jobs) this.expected.set(job, { signal: 0, errors: 0, warnings: 0 });
  }

  get unacknowledged(): number {
    return this.#open.length;
  }

  /** Writes over HTTP until the connection breaks or `done` says so. */
  async writeHttp(service: TestService, done: () => boolean): Promise<void> {
    while (!done()) {
      const batch = this.#take();
      try {
        const { status, body } = await service.post(batch);
        this.#answered(batch, status === 202 ? (body as Ack) : null);
      } catch {
        this.#open.push(...batch);
        return;
      }
    }
  }

  /** Writes over a WebSocket until it closes or `done` says so. */
  async writeSocket(client: TestClient, done: () => boolean): Promise<void> {
    while (!done()) {
      const batch = this.#take();
      const answer = await client.events(batch);
      this.#answered(batch, answer?.type === 'ack' ? answer : null);
      if (answer === null) return;
    }
  }

  /** Sends again what has no answer yet; true when nothing is left. */
  async settle(service: TestService): Promise<boolean> {
    while (this.#open.length > 0) {
      const batch = this.#open.splice(0, 500);
      const { status, body } = await service.post(batch);
      this.#answered(batch, status === 202 ? (body as Ack) : null);
    }
    return true;
  }

  #answered(batch: LedgerEvent[], ack: Pick<Ack, 'accepted' | 'duplicates'> | null): void {
    if (ack !== null && ack.accepted + ack.duplicates === batch.length)
      for (const { id } of batch) this.acknowledged.add(id);
    else this.#open.push(...batch);
  }

  #take(): LedgerEvent[] {
    const again = this.#open.splice(0, BATCH / 2);
    while (again.length < BATCH) again.push(this.#make());
    this.sent += again.length;
    return again;
  }

  #make(): LedgerEvent {
    const n = this.#next++;
    const job_id = this.#jobs[n % this.#jobs.length] ?? '';
    const expected = this.expected.get(job_id) ?? { signal: 0, errors: 0, warnings: 0 };
    const id = `${this.#run}-${n}`;
    const about = { id, job_id, phase_id: `P0${n % 5}` };
    switch (n % 7) {
      case 0:
      case 1:
      case 2: {
        const count = 1 + (n % 3);
        expected.signal += count;
        return { ...about, type: 'signal.counted', signal: 'rows', count };
      }
      case 3:
        expected.errors++;
        return { ...about, type: 'log.recorded', level: 'error', message: `Row ${n} is bad.` };
      case 4:
        expected.warnings++;
        return { ...about, type: 'log.recorded', level: 'warning', message: `Row ${n} is odd.` };
      case 5:
        return { ...about, type: 'phase.progress', items_done: n, items_total: 1_000_000 };
      default:
        return { ...about, type: 'resource.sampled', cpu_percent: n % 100, memory_mb: n % 1000 };
    }
  }
}
