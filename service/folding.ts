/** One entry into the model: from memory, or fetched from disk first. Keeps what changed until somebody takes it. */
import type { Model } from './core/fold.ts';
import { type Touched, isUntouched, newTouched } from './core/touched.ts';
import type { Measures } from './measures.ts';
import type { PhaseRecorder } from './phaseRecorder.ts';
import type { Entry } from './protocol/event.ts';
import type { Keeper } from './storage/keeper.ts';
import type { StoredJobs } from './storedJobs.ts';

export interface FoldingParts {
  model: Model;
  keeper: Keeper;
  stored: StoredJobs;
  measures: Measures;
  phases: PhaseRecorder;
  /** Called when settings came. */
  onSettings: () => void;
  /** Called after each entry; `urgent` where somebody waits to be told. */
  onFolded: (urgent: boolean) => void;
}

export class Folding {
  readonly #parts: FoldingParts;
  #touched = newTouched();
  /** True while entries come from the journal, not from outside. */
  replaying = true;

  constructor(parts: FoldingParts) {
    this.#parts = parts;
  }

  /** What changed since it was taken last. */
  get touched(): Touched {
    return this.#touched;
  }

  get isUntouched(): boolean {
    return isUntouched(this.#touched);
  }

  /** What changed; from now on it is collected anew. */
  takeTouched(): Touched {
    const touched = this.#touched;
    this.#touched = newTouched();
    return touched;
  }

  /** Folds one entry; returns a promise only where the job has to be fetched from disk first. */
  fold(entry: Entry): Promise<void> | undefined {
    const { model, stored, phases } = this.#parts;
    const { event } = entry;
    const id = 'job_id' in event && event.type !== 'alert.raised' ? event.job_id : undefined;
    const row = id === undefined || model.jobs.has(id) ? undefined : model.finished.get(id);
    if (id !== undefined && row && event.type !== 'job.removed') {
      if (entry.seq <= row.seq) return this.#countOnly(entry, id);
      return stored.load(id, entry.seq - 1).then((job) => {
        if (job) model.jobs.set(id, job);
        phases.cameBack(id);
        model.finished.delete(id);
        this.#apply(entry);
      });
    }
    const left = event.type === 'job.removed' ? phases.leaving(event.job_id) : undefined;
    if (left) return left.then(() => this.#apply(entry));
    this.#apply(entry);
    return undefined;
  }

  /** Read once more: the stored job has it. What is not in the job's document counts all the same. */
  #countOnly(entry: Entry, job_id: string): Promise<void> | undefined {
    const { model, measures, phases } = this.#parts;
    model.domain.apply(entry, this.#touched);
    if (this.replaying) phases.replayed(entry);
    if (!measures.wantsJob(entry)) {
      measures.take(entry);
      return undefined;
    }
    return phases.stored(job_id).then((job) => measures.take(entry, job));
  }

  #apply(entry: Entry): void {
    const { model, keeper, measures, phases, onSettings, onFolded } = this.#parts;
    const touched = this.#touched;
    model.apply(entry, touched);
    measures.take(entry);
    const { event } = entry;
    if (this.replaying) phases.replayed(entry);
    if (event.type === 'config.changed') onSettings();
    if (event.type === 'job.removed') {
      if (touched.removedJobs.has(event.job_id)) keeper.removed([event.job_id]);
    } else if ('job_id' in event) keeper.changedJob(event.job_id);
    const isAlert = event.type.startsWith('alert.');
    if (isAlert) keeper.changedAlerts(touched.jobs);
    onFolded(isAlert && event.type !== 'alert.routed');
  }
}
