/** Finished jobs on disk. Where a document was lost, the job is folded again from the journal, which has every event. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Model } from './core/fold.ts';
import type { JobState } from './core/model.ts';
import { newTouched } from './core/touched.ts';
import { messageOf } from './protocol/errors.ts';
import type { Event } from './protocol/event.ts';
import type { Journal } from './storage/journal.ts';
import type { Keeper } from './storage/keeper.ts';
import { SerialQueues } from './storage/serialQueues.ts';

export interface StoredJobsOptions {
  keeper: Keeper;
  journal: Journal;
  /** Gets one sentence for each thing that goes wrong. */
  warn: (sentence: string) => void;
}

/** Too many open files end within seconds; 40 tries are ten. */
const TRIES = 40;
const PAUSE_MS = 250;

export class StoredJobs {
  readonly #options: StoredJobsOptions;
  /** One reading of the whole journal at a time. */
  readonly #rebuilding = new SerialQueues();

  constructor(options: StoredJobsOptions) {
    this.#options = options;
  }

  /** The job as of entry `upTo`, or later; null where the journal has nothing of it either. */
  async load(job_id: string, upTo: number): Promise<JobState | null> {
    const held = await this.#read(job_id);
    return held ?? this.#rebuilding.run('journal', () => this.#rebuild(job_id, upTo));
  }

  async #read(job_id: string): Promise<JobState | null> {
    const { keeper, warn } = this.#options;
    for (let tried = 1; ; tried++) {
      try {
        return await keeper.load(job_id);
      } catch (error) {
        if (tried === TRIES) throw error;
        if (tried === 1) warn(`Job ${job_id} cannot be read, trying again: ${messageOf(error)}`);
        await sleep(PAUSE_MS);
      }
    }
  }

  async #rebuild(job_id: string, upTo: number): Promise<JobState | null> {
    const { keeper, journal, warn } = this.#options;
    const meanwhile = await this.#read(job_id);
    if (meanwhile) return meanwhile;
    const model = new Model();
    for await (const chunk of journal.read(1)) {
      for (const entry of chunk) {
        if (entry.seq <= upTo && isAbout(entry.event, job_id)) model.apply(entry, newTouched());
      }
    }
    const job = model.jobs.get(job_id) ?? null;
    if (job === null) return null;
    warn(`The stored state of job ${job_id} was lost. It was read again from the journal.`);
    await keeper.write(job).catch((error: unknown) => {
      warn(`The state of job ${job_id} could not be written: ${messageOf(error)}`);
    });
    return job;
  }
}

function isAbout(event: Event, job_id: string): boolean {
  return 'job_id' in event && event.job_id === job_id && !event.type.startsWith('alert.');
}
