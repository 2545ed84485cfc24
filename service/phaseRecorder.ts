/**
 * Keeps the history of phases up to date with the jobs it is worked out from. Jobs are stored on their own, so after a
 * crash a job may be newer on disk than what the history has of it: those are looked at once more.
 */
import type { Model } from './core/fold.ts';
import { recordTouched } from './core/history.ts';
import type { JobState } from './core/model.ts';
import { type Touched, newTouched, touchPhase } from './core/touched.ts';
import type { Entry } from './protocol/event.ts';

export interface PhaseRecorderOptions {
  model: Model;
  /** Executions to keep of each phase. */
  limit: () => number;
  /** Number of the last entry that the stored history knows of. */
  knownSeq: number;
  /** The stored state of a job that is not in memory. */
  load: (job_id: string) => Promise<JobState | null>;
}

const MOST_LOOKED = 64;

export class PhaseRecorder {
  readonly #options: PhaseRecorderOptions;
  /** Jobs of the entries read from the journal that the stored history does not know of. */
  readonly #missed = new Set<string>();
  /** The stored jobs that were looked at last: a job's entries lie close to each other in the journal. */
  readonly #looked = new Map<string, Promise<JobState | null>>();

  constructor(options: PhaseRecorderOptions) {
    this.#options = options;
  }

  /** Records what the touched phases did. */
  record(touched: Touched): void {
    const { model, limit } = this.#options;
    recordTouched(model, touched, limit());
  }

  /** Lets go at once of what a lower limit does not keep: what is known must not hang on when it is looked at next. */
  trim(): void {
    const { model, limit } = this.#options;
    model.domain.history.trim(limit());
  }

  /** Takes note of an entry that was read from the journal. */
  replayed({ seq, event }: Entry): void {
    if (seq > this.#options.knownSeq && 'job_id' in event) this.#missed.add(event.job_id);
  }

  /** The stored state of a job that is not in memory; read once for entries that follow each other. */
  stored(job_id: string): Promise<JobState | null> {
    const looked = this.#looked.get(job_id) ?? this.#options.load(job_id);
    this.#looked.delete(job_id);
    this.#looked.set(job_id, looked);
    const [oldest] = this.#looked.keys();
    if (this.#looked.size > MOST_LOOKED && oldest !== undefined) this.#looked.delete(oldest);
    return looked;
  }

  /** Says that the job is in memory again: what is stored is no longer the newest. */
  cameBack(job_id: string): void {
    this.#looked.delete(job_id);
  }

  /** Records all phases of the jobs whose entries were read. */
  async recordReplayed(): Promise<void> {
    const { model } = this.#options;
    for (const id of this.#missed) {
      const job = model.jobs.get(id) ?? (await this.stored(id));
      if (job) this.#recordAll(job);
    }
    this.#missed.clear();
    this.#looked.clear();
  }

  /** To be called before a job is removed: its history stays. A promise only where the job has to be fetched. */
  leaving(job_id: string): Promise<void> | undefined {
    const held = this.#options.model.jobs.get(job_id);
    const isMissed = this.#missed.delete(job_id);
    if (held) this.#recordAll(held);
    if (held || !isMissed) return undefined;
    return this.#options.load(job_id).then((job) => {
      if (job) this.#recordAll(job);
    });
  }

  #recordAll(job: JobState): void {
    const { model, limit } = this.#options;
    const touched = newTouched();
    for (const phase_id of job.phases.keys()) touchPhase(touched, job.job_id, phase_id);
    recordTouched({ jobs: new Map([[job.job_id, job]]), domain: model.domain }, touched, limit());
  }
}
