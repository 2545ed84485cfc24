import type { JobRecord } from '../service/protocol/record.ts';
import { Emitter } from './emitter.ts';
import { jobsIn, newestFirst } from './jobs.ts';
import type { Store } from './store.ts';

const KEY = 'failures';
const MOST_NOTICED = 1000;
const MOST_OPEN = 200;
/** A window that was alive this short a time ago is the same window after a reload. */
const RELOAD_MS = 2 * 60_000;
export const ALIVE_EVERY_MS = 30_000;

interface Remembered {
  /** Failures this window has told of, or that were there before it; oldest first. */
  noticed: string[];
  /** Those a person has not looked at. */
  open: string[];
  /** When this window connected first, and when it was last alive: epoch milliseconds. */
  since: number;
  alive: number;
}

/**
 * Which failed jobs are news. A job that failed before this window connected for the first time is none, and no failure is
 * news twice, a reload of the window included. A second attempt that fails is a failure of its own.
 */
export class Failures {
  private readonly noticed: Set<string>;
  private readonly open: Set<string>;
  private began: number | undefined;
  private readonly changed = new Emitter<undefined>();
  readonly onDidChange = this.changed.event;
  private readonly failed = new Emitter<readonly JobRecord[]>();
  /** News: jobs that failed, oldest first. */
  readonly onDidFail = this.failed.event;

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {
    const kept = store.get(KEY) as Remembered | undefined;
    const reloaded = kept !== undefined && now() - kept.alive < RELOAD_MS;
    this.noticed = new Set(kept?.noticed);
    this.open = new Set(reloaded ? kept.open : []);
    this.began = reloaded ? kept.since : undefined;
  }

  /** When this window connected for the first time, epoch milliseconds; a reload does not begin it anew. */
  get since(): number | undefined {
    return this.began;
  }

  /** Takes in jobs as they are now. `reset`: these are all there are. */
  observe(jobs: Iterable<JobRecord>, reset: boolean): void {
    const first = reset && this.began === undefined;
    if (first) this.began = this.now();
    const failed = jobsIn(jobs, 'FAILED').reverse();
    const unknown = failed.filter((job) => !this.noticed.has(keyOf(job)));
    if (unknown.length === 0 && !first) return;
    const news = unknown.filter((job) => !reset || this.failedSince(job));
    for (const job of unknown) this.noticed.add(keyOf(job));
    for (const job of news) this.open.add(keyOf(job));
    this.remember();
    if (news.length > 0) this.failed.fire(news);
  }

  lookedAt(job: JobRecord): void {
    if (this.open.delete(keyOf(job))) this.remember();
  }

  isOpen(job: JobRecord): boolean {
    return job.status === 'FAILED' && this.open.has(keyOf(job));
  }

  /** The failed jobs that nobody has looked at, newest first. */
  openOf(jobs: Iterable<JobRecord>): JobRecord[] {
    return [...jobs].filter((job) => this.isOpen(job)).sort(newestFirst);
  }

  /** To be called every `ALIVE_EVERY_MS` while connected. */
  alive(): void {
    if (this.began !== undefined) this.save();
  }

  private failedSince(job: JobRecord): boolean {
    return job.ended_at !== null && Date.parse(job.ended_at) >= (this.began ?? Infinity);
  }

  private remember(): void {
    keepNewest(this.open, MOST_OPEN);
    this.save();
    this.changed.fire(undefined);
  }

  private save(): void {
    const remembered: Remembered = {
      noticed: [...this.noticed].slice(-MOST_NOTICED),
      open: [...this.open],
      since: this.began ?? this.now(),
      alive: this.now(),
    };
    void this.store.update(KEY, remembered);
  }
}

function keyOf(job: JobRecord): string {
  return `${job.job_id}#${job.attempt}`;
}

function keepNewest(keys: Set<string>, most: number): void {
  for (const key of keys) {
    if (keys.size <= most) return;
    keys.delete(key);
  }
}
