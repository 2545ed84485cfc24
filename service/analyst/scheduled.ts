/** When which job is looked at next. Bounded by the jobs in memory. */

/** After something was heard of it, at most so often. */
const AFTER_NEWS_MS = 2000;
/** Where nothing is heard of it. */
const EVERY_MS = 10_000;

export class Scheduled {
  /** Job id -> epoch milliseconds at which it is due, and was looked at last. Longest not looked at first. */
  readonly #jobs = new Map<string, { due: number; looked: number }>();

  heardOf(job_id: string, now: number): void {
    const held = this.#jobs.get(job_id);
    if (held === undefined) this.#jobs.set(job_id, { due: now, looked: -Infinity });
    else held.due = Math.min(held.due, Math.max(now, held.looked + AFTER_NEWS_MS));
  }

  looked(job_id: string, now: number): void {
    this.#jobs.delete(job_id);
    this.#jobs.set(job_id, { due: now + EVERY_MS, looked: now });
  }

  /** True where it is still to be looked at. */
  has(job_id: string): boolean {
    return this.#jobs.has(job_id);
  }

  drop(job_id: string): void {
    this.#jobs.delete(job_id);
  }

  /** Those that are due; whoever is not looked at stays so. */
  take(now: number): string[] {
    const due: string[] = [];
    for (const [job_id, job] of this.#jobs) if (job.due <= now) due.push(job_id);
    return due;
  }
}
