/**
 * What became of jobs: begun, ended, moved on. It follows from comparing each touched job with what was seen of it last,
 * so a job is announced once, whatever number of events, windows and reconnects there are. Pure.
 */
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import type { Touched } from '../core/touched.ts';
import type { JobRecord } from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';

export interface News {
  seq: number;
  job_id: string;
  kind: 'created' | 'completed';
}

/** What a change means for jobs beside news. */
export interface Noted {
  /** Jobs whose own state or progress changed. */
  moved: ReadonlySet<string>;
  /** Jobs of which signals were counted. */
  signalled: ReadonlySet<string>;
}

export interface Span {
  /** What was known before the change, and after it. */
  before: number;
  seq: number;
}

interface Seen {
  /** The run and how it ended; null while it goes on. */
  ended: string | null;
  /** State and progress; null where nobody looked yet. */
  state: string | null;
  /** Sum of its signals; null where nobody looked yet. */
  signals: number | null;
}

/** So much news is remembered for programs that come back. */
const MAX_NEWS = 10_000;

export class JobNews {
  readonly #model: Model;
  readonly #seen = new Map<string, Seen>();
  #news: News[] = [];

  /** From what the model holds now; nothing of it is news. */
  constructor(model: Model) {
    this.#model = model;
    for (const [id, job] of model.jobs) {
      const { status, attempt } = deriveJob(job);
      const ended = endOf(status, attempt);
      this.#seen.set(id, { ended, state: null, signals: sumOf(job.signals) });
    }
    for (const [id, { status, attempt }] of model.finished)
      this.#seen.set(id, { ended: endOf(status, attempt), state: null, signals: null });
  }

  /** Compares what was touched; `find` gives a job's record. */
  note(touched: Touched, span: Span, find: (job_id: string) => JobRecord | null): Noted {
    const moved = new Set<string>();
    const signalled = new Set<string>();
    for (const id of touched.removedJobs) this.#seen.delete(id);
    for (const id of touched.jobs) {
      const record = find(id);
      if (record === null) continue;
      const job = this.#model.jobs.get(id);
      const before = this.#seen.get(id);
      const now = look(record, job);
      this.#seen.set(id, now);
      this.#tell(record, job, { ...span, ended: before?.ended ?? null, isNew: !before });
      if (now.state !== before?.state) moved.add(id);
      if (now.signals !== null && now.signals > (before ? (before.signals ?? now.signals) : 0))
        signalled.add(id);
    }
    return { moved, signalled };
  }

  /** News after that entry, as far as they are remembered. */
  since(since: number): News[] {
    return this.#news.filter(({ seq }) => seq > since);
  }

  #tell(
    record: JobRecord,
    job: JobState | undefined,
    { before, seq, ended, isNew }: Span & { ended: string | null; isNew: boolean },
  ): void {
    const { job_id } = record;
    const within = (at: number) => Math.min(seq, Math.max(before + 1, at));
    if (isNew) this.#news.push({ seq: within(job?.first_seq ?? seq), job_id, kind: 'created' });
    const end = endOf(record.status, record.attempt);
    if (end !== null && end !== ended)
      this.#news.push({ seq: within(record.seq), job_id, kind: 'completed' });
    if (this.#news.length > MAX_NEWS) this.#news = this.#news.slice(-MAX_NEWS / 2);
  }
}

function look(record: JobRecord, job: JobState | undefined): Seen {
  const { status, attempt, progress, message, phases_done } = record;
  return {
    ended: endOf(status, attempt),
    state: JSON.stringify([status, attempt, progress, message, phases_done]),
    signals: job ? sumOf(job.signals) : null,
  };
}

function endOf(status: Status, attempt: number): string | null {
  return isEnded(status) ? `${attempt} ${status}` : null;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
