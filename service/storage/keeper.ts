/** Keeps the model on disk: a checkpoint every few seconds, one file a job, and the way back after a restart. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { fromDocument, toDocument } from '../core/document.ts';
import { type Model, isSettled } from '../core/fold.ts';
import { restoredAlert } from '../core/fold/alert.ts';
import type { JobState } from '../core/model.ts';
import { jobRecord } from '../core/view.ts';
import type { JobRecord } from '../protocol/record.ts';
import { type Checkpoint, parseCheckpoint, parseRow } from './checkpoint.ts';
import { StateStore } from './stateStore.ts';

type Store = StateStore<Checkpoint, unknown, JobRecord>;

/** An ended job leaves memory when nothing was heard of it for so long. */
const SETTLED_MS = 15_000;
/** Records of more would be a long block: those of 500 take some milliseconds, and fill a page of the index. */
const LEAVING_AT_ONCE = 500;
/** So many are described without a break. */
const DESCRIBED_AT_ONCE = 20;
/** Files written side by side: more only waits in line for the disk. */
const PARALLEL = 2;

export class Keeper {
  readonly #store: Store;
  readonly #model: Model;
  readonly #dirty = new Set<string>();
  /** What the checkpoint says of the jobs in memory: how far their documents on disk go. */
  readonly #written = new Map<string, Checkpoint['live'][number]>();
  #alertsDirty = false;
  /** Rows of the index that changed without their job being in memory. */
  readonly #dirtyRows = new Set<string>();
  /** Jobs that were removed, and whose files the next checkpoint removes. */
  readonly #gone = new Set<string>();
  #checkpoint: Checkpoint;
  #readFrom: number;
  /** Called with each job before its row is made: what is known of it beside its events is no part of its state. */
  describe: (job: JobState) => unknown = () => undefined;

  private constructor(store: Store, model: Model, checkpoint: Checkpoint) {
    this.#store = store;
    this.#model = model;
    this.#checkpoint = checkpoint;
    this.#readFrom = checkpoint.seq + 1;
  }

  /** Opens the state and puts it into the model. `onDamaged` gets a sentence for each damaged file. */
  static async open(
    dataDir: string,
    model: Model,
    onDamaged: (sentence: string) => void,
  ): Promise<Keeper> {
    const store: Store = await StateStore.open(dataDir, {
      parseCheckpoint,
      parseJob: (value) => value,
      parseRow,
      onDamaged,
    });
    const held = await store.readCheckpoint();
    const checkpoint = held ?? { epoch: randomUUID(), seq: 0, live: [], alerts: [], dropped: {} };
    const keeper = new Keeper(store, model, checkpoint);
    await keeper.#restore(held === null, onDamaged);
    // A new history gets its name on disk with the first checkpoint.
    keeper.#alertsDirty = held === null;
    return keeper;
  }

  /** True until the first checkpoint of a history. */
  get isNew(): boolean {
    return this.#checkpoint.stored === undefined;
  }

  get epoch(): string {
    return this.#checkpoint.epoch;
  }

  /** Everything up to this entry is in the stored documents. */
  get seq(): number {
    return this.#checkpoint.seq;
  }

  /** The journal is read from this entry on: the one after the checkpoint, or earlier where a document fell behind. */
  get readFrom(): number {
    return this.#readFrom;
  }

  get dropped(): Readonly<Record<string, number>> {
    return this.#checkpoint.dropped;
  }

  async #restore(fromNothing: boolean, onDamaged: (sentence: string) => void): Promise<void> {
    const { finished, jobs, alerts } = this.#model;
    const { stored = 0 } = this.#checkpoint;
    const loaded = await this.#store.loadIndex((rows) => {
      for (const row of rows) finished.set(row.job_id, row);
    });
    const missing = stored - finished.size;
    if (missing > 0) onDamaged(`${missing} finished jobs are missing from the index.`);
    if (fromNothing || missing > 0 || loaded.damaged > 0) await this.#refillIndex();
    // Their files are lost as well, but not their events.
    if (finished.size < stored) this.#readFrom = 1;
    for (const { job_id, first_seq, folded_seq } of this.#checkpoint.live) {
      const job = await this.load(job_id);
      if (job) jobs.set(job_id, job);
      finished.delete(job_id);
      this.#written.set(job_id, {
        job_id,
        first_seq,
        folded_seq: job?.folded_seq ?? first_seq - 1,
      });
      const held = job ? job.folded_seq : first_seq - 1;
      if (held < folded_seq) this.#readFrom = Math.min(this.#readFrom, held + 1);
    }
    for (const held of this.#checkpoint.alerts) {
      const alert = restoredAlert(held);
      alerts.set(alert.alert_id, alert);
      const job_id = alert.raised?.job_id;
      if (job_id === undefined) continue;
      const ids = this.#model.alertsOfJob.get(job_id);
      if (ids) ids.add(alert.alert_id);
      else this.#model.alertsOfJob.set(job_id, new Set([alert.alert_id]));
    }
  }

  /** The checkpoint or pages of the index were damaged: the job files have what is missing. */
  async #refillIndex(): Promise<void> {
    const lost: JobRecord[] = [];
    for await (const document of this.#store.jobs()) {
      const job = fromDocument(document);
      if (!job || this.#model.finished.has(job.job_id)) continue;
      if (!isSettled(job)) {
        this.#model.jobs.set(job.job_id, job);
        continue;
      }
      const row = jobRecord(job, 0);
      this.#model.finished.set(job.job_id, row);
      lost.push(row);
    }
    await this.#store.putRows(lost);
  }

  /** The stored state of a job; null where there is none, or it was damaged. */
  async load(job_id: string): Promise<JobState | null> {
    return fromDocument(await this.#store.readJob(job_id));
  }

  /** Says that the job's document on disk is no longer the newest. */
  changedJob(id: string): void {
    if (this.#model.jobs.has(id)) this.#dirty.add(id);
    else this.#dirtyRows.add(id);
  }

  /** Alerts are part of the checkpoint; the jobs they are about count them. */
  changedAlerts(jobIds: Iterable<string>): void {
    for (const id of jobIds) this.changedJob(id);
    this.#alertsDirty = true;
  }

  get isDirty(): boolean {
    const changed = this.#dirty.size + this.#dirtyRows.size + this.#gone.size;
    return changed > 0 || this.#alertsDirty;
  }

  /** True while there is something to write, or jobs in memory that have settled. */
  needsCheckpoint(now: number): boolean {
    return this.isDirty || [...this.#model.jobs.values()].some((job) => this.#mayLeave(job, now));
  }

  /**
   * Writes what changed. `seq` is the last entry that the model holds; documents written later in this call may hold
   * more, which a replay notices by their own number. When it rejects, the next call writes what this one did not.
   */
  async checkpoint(seq: number, now: number): Promise<void> {
    await this.#removeGone();
    await this.#writeJobs();
    await this.#letGo(now);
    for (const id of this.#written.keys()) if (!this.#model.jobs.has(id)) this.#written.delete(id);
    await this.#writeRows();
    await this.#writeCheckpoint(seq);
  }

  async #writeCheckpoint(seq: number): Promise<void> {
    this.#alertsDirty = false;
    const next: Checkpoint = {
      ...this.#checkpoint,
      seq,
      live: [...this.#written.values()],
      alerts: [...this.#model.alerts.values()],
      stored: this.#model.finished.size,
    };
    try {
      await this.#store.writeCheckpoint(next);
    } catch (error) {
      this.#alertsDirty = true;
      throw error;
    }
    this.#checkpoint = { ...next, dropped: this.#checkpoint.dropped };
  }

  async #writeJobs(): Promise<void> {
    const work = [...this.#dirty].values();
    const writer = async () => {
      for (const id of work) {
        await this.#writeJob(id);
        await setImmediate();
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, writer));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #writeJob(id: string): Promise<void> {
    // Before it is written: what happens meanwhile puts it on the list again.
    this.#dirty.delete(id);
    const job = this.#model.jobs.get(id);
    if (!job) return;
    const { job_id, first_seq, folded_seq } = job;
    try {
      const document = toDocument(job);
      // With thousands of phases the copy takes long, and so does its text.
      await setImmediate();
      await this.#store.writeJob(id, document, { sync: false });
      this.#written.set(id, { job_id, first_seq, folded_seq });
    } catch (error) {
      this.#dirty.add(id);
      throw error;
    }
  }

  /** Writes a job that is not in memory. */
  write(job: JobState): Promise<void> {
    return this.#store.writeJob(job.job_id, toDocument(job));
  }

  /** Settled jobs leave memory: their row of the index stays. */
  async #letGo(now: number): Promise<void> {
    const leaving = [...this.#model.jobs.values()].filter((job) => this.#mayLeave(job, now));
    for (const [i, job] of leaving.entries()) {
      this.describe(job);
      if (i % DESCRIBED_AT_ONCE === DESCRIBED_AT_ONCE - 1) await setImmediate();
    }
    for (let at = 0; at < leaving.length; at += LEAVING_AT_ONCE)
      await this.#letGoSome(leaving.slice(at, at + LEAVING_AT_ONCE));
  }

  async #letGoSome(leaving: readonly JobState[]): Promise<void> {
    const rows = leaving.map((job) => jobRecord(job, this.#model.activeAlerts(job.job_id)));
    for (const job of leaving) await this.#store.writeJob(job.job_id, toDocument(job));
    await this.#store.putRows(rows);
    for (const [i, job] of leaving.entries()) {
      const row = rows[i];
      const { job_id, seq } = job;
      // Something was heard of it while its row was written: it stays. Or it was removed, and stays so.
      if (row === undefined || seq !== row.seq || this.#dirty.has(job_id)) continue;
      if (this.#model.jobs.get(job_id) !== job) continue;
      this.#model.jobs.delete(job_id);
      this.#model.finished.set(job_id, row);
    }
  }

  #mayLeave(job: JobState, now: number): boolean {
    return !this.#dirty.has(job.job_id) && now - job.last_seen > SETTLED_MS && isSettled(job);
  }

  async #writeRows(): Promise<void> {
    const ids = [...this.#dirtyRows];
    this.#dirtyRows.clear();
    try {
      await this.#store.putRows(ids.flatMap((id) => this.#model.finished.get(id) ?? []));
    } catch (error) {
      for (const id of ids) this.#dirtyRows.add(id);
      throw error;
    }
  }

  /** Says that jobs were removed for good. Their files go with the next checkpoint, and before it counts. */
  removed(jobIds: readonly string[]): void {
    for (const id of jobIds) {
      this.#dirty.delete(id);
      this.#dirtyRows.delete(id);
      this.#written.delete(id);
      this.#gone.add(id);
    }
  }

  async #removeGone(): Promise<void> {
    const ids = [...this.#gone];
    if (ids.length === 0) return;
    await this.#store.removeRows(ids);
    for (const id of ids) {
      await this.#store.removeJob(id);
      this.#gone.delete(id);
    }
  }

  /** Counts what retention removed. */
  countDropped(kind: string, n: number): void {
    if (n === 0) return;
    const held = this.#checkpoint.dropped;
    this.#checkpoint.dropped = { ...held, [kind]: (held[kind] ?? 0) + n };
    this.#alertsDirty = true;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
