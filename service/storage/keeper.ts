/** Keeps the model on disk: a checkpoint every few seconds, one file a job, and the way back after a restart. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { fromDocument, toDocument } from '../core/document.ts';
import { type Model, isSettled } from '../core/fold.ts';
import type { AlertState, JobState } from '../core/model.ts';
import { jobRecord } from '../core/view.ts';
import type { JobRecord } from '../protocol/record.ts';
import { StateStore } from './stateStore.ts';

export interface Checkpoint {
  /** Names this history: clients of another one start from nothing. */
  epoch: string;
  /** Everything up to this entry is in the stored documents. */
  seq: number;
  /**
   * Jobs that were in memory. Their documents are written without waiting for the disk: where one is older than
   * `folded_seq` after a power cut, or lost, the journal is read again from what it holds, or from `first_seq`.
   */
  live: { job_id: string; first_seq: number; folded_seq: number }[];
  alerts: AlertState[];
  /** What retention removed, by kind. */
  dropped: Record<string, number>;
}

const CheckpointShape = TypeCompiler.Compile(
  Type.Object({
    epoch: Type.String({ minLength: 1 }),
    seq: Type.Integer({ minimum: 0 }),
    live: Type.Array(
      Type.Object({ job_id: Type.String(), first_seq: Type.Integer(), folded_seq: Type.Integer() }),
    ),
    alerts: Type.Array(Type.Object({ alert_id: Type.String() })),
    dropped: Type.Record(Type.String(), Type.Integer()),
  }),
);
const RowShape = TypeCompiler.Compile(
  Type.Object({
    job_id: Type.String(),
    pipeline: Type.String(),
    status: Type.String(),
    seq: Type.Integer(),
  }),
);

type Store = StateStore<Checkpoint, unknown, JobRecord>;

/** An ended job leaves memory when nothing was heard of it for so long. */
const SETTLED_MS = 15_000;
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
  #checkpoint: Checkpoint;
  #readFrom: number;

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
      parseCheckpoint: (value) => {
        if (!CheckpointShape.Check(value)) throw new Error('it is no checkpoint');
        return value as Checkpoint;
      },
      parseJob: (value) => value,
      parseRow: (value) => {
        if (!RowShape.Check(value)) throw new Error('a row is no job');
        return value as JobRecord;
      },
      onDamaged,
    });
    const held = await store.readCheckpoint();
    const checkpoint = held ?? { epoch: randomUUID(), seq: 0, live: [], alerts: [], dropped: {} };
    const keeper = new Keeper(store, model, checkpoint);
    await keeper.#restore(held === null);
    // A new history gets its name on disk with the first checkpoint.
    keeper.#alertsDirty = held === null;
    return keeper;
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

  async #restore(fromNothing: boolean): Promise<void> {
    const { finished, jobs, alerts } = this.#model;
    const loaded = await this.#store.loadIndex((rows) => {
      for (const row of rows) finished.set(row.job_id, row);
    });
    if (fromNothing || loaded.damaged > 0) await this.#refillIndex();
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
    for (const alert of this.#checkpoint.alerts) {
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
  changed(jobIds: Iterable<string>, alerts: boolean): void {
    for (const id of jobIds) {
      if (this.#model.jobs.has(id)) this.#dirty.add(id);
      else this.#dirtyRows.add(id);
    }
    this.#alertsDirty ||= alerts;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0 || this.#dirtyRows.size > 0 || this.#alertsDirty;
  }

  /** True while there is something to write, or jobs in memory that have settled. */
  needsCheckpoint(now: number): boolean {
    return this.isDirty || [...this.#model.jobs.values()].some((job) => this.#mayLeave(job, now));
  }

  /**
   * Writes what changed. `seq` is the last entry that the model holds; documents written later in this call may hold
   * more, which a replay notices by their own number.
   */
  async checkpoint(seq: number, now: number): Promise<void> {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    await this.#writeJobs(dirty);
    await this.#letGo(now);
    for (const id of this.#written.keys()) if (!this.#model.jobs.has(id)) this.#written.delete(id);
    await this.#writeRows();
    this.#alertsDirty = false;
    const next: Checkpoint = {
      ...this.#checkpoint,
      seq,
      live: [...this.#written.values()],
      alerts: [...this.#model.alerts.values()],
    };
    await this.#store.writeCheckpoint(next);
    this.#checkpoint = { ...next, dropped: this.#checkpoint.dropped };
  }

  async #writeJobs(ids: string[]): Promise<void> {
    const work = ids.values();
    const writer = async () => {
      for (const id of work) {
        const job = this.#model.jobs.get(id);
        if (!job) continue;
        try {
          const { job_id, first_seq, folded_seq } = job;
          await this.#store.writeJob(id, toDocument(job), { sync: false });
          this.#written.set(id, { job_id, first_seq, folded_seq });
        } catch (error) {
          this.#dirty.add(id);
          throw error;
        }
        await setImmediate();
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, writer));
  }

  /** Settled jobs leave memory: their row of the index stays. */
  async #letGo(now: number): Promise<void> {
    const leaving = [...this.#model.jobs.values()].filter((job) => this.#mayLeave(job, now));
    const rows = leaving.map((job) => jobRecord(job, this.#model.activeAlerts(job.job_id)));
    if (rows.length === 0) return;
    for (const job of leaving) await this.#store.writeJob(job.job_id, toDocument(job));
    await this.#store.putRows(rows);
    for (const [i, job] of leaving.entries()) {
      const row = rows[i];
      // Something was heard of it while its row was written: it stays.
      if (row === undefined || job.seq !== row.seq || this.#dirty.has(job.job_id)) continue;
      this.#model.jobs.delete(job.job_id);
      this.#model.finished.set(job.job_id, row);
    }
  }

  #mayLeave(job: JobState, now: number): boolean {
    return !this.#dirty.has(job.job_id) && now - job.last_seen > SETTLED_MS && isSettled(job);
  }

  async #writeRows(): Promise<void> {
    const ids = [...this.#dirtyRows];
    this.#dirtyRows.clear();
    await this.#store.putRows(ids.flatMap((id) => this.#model.finished.get(id) ?? []));
  }

  /** Removes stored jobs for good. */
  async remove(jobIds: readonly string[]): Promise<void> {
    for (const id of jobIds) {
      this.#dirty.delete(id);
      this.#dirtyRows.delete(id);
    }
    await this.#store.removeRows(jobIds);
    for (const id of jobIds) await this.#store.removeJob(id);
  }

  /** Counts what retention removed. */
  countDropped(kind: string, n: number): void {
    const held = this.#checkpoint.dropped;
    this.#checkpoint.dropped = { ...held, [kind]: (held[kind] ?? 0) + n };
    this.#alertsDirty = true;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
