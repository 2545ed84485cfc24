/**
 * The straight line: parse -> journal -> fold -> judge -> those who listen. The only place where they meet.
 * Listeners get what changed, at most every 50 ms; they never get events.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Judge } from './alerts/judge.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { Model } from './core/fold.ts';
import type { JobState } from './core/model.ts';
import { expiredAlerts, expiredJobs } from './core/retention.ts';
import { silentJobs } from './core/silence.ts';
import { type Touched, isUntouched, newTouched } from './core/touched.ts';
import { ProductError, messageOf } from './protocol/errors.ts';
import type { Entry, Event } from './protocol/event.ts';
import { type Rejection, parseEvents } from './protocol/parse.ts';
import { FoldQueue } from './foldQueue.ts';
import { Journal } from './storage/journal.ts';
import { Keeper } from './storage/keeper.ts';

export interface Ack {
  accepted: number;
  duplicates: number;
  rejected: Rejection[];
  seq: number;
}

export interface MonitorOptions {
  config: Config;
  clock: Clock;
  logger: Logger;
}

/** Gets what changed since its last call, and the number of the last entry in the model. */
export type ChangeListener = (touched: Touched, seq: number) => void;

const FLUSH_MS = 50;
const TICK_MS = 1000;
const CHECKPOINT_MS = 5000;
const CHECKPOINT_ENTRIES = 50_000;
const RETENTION_MS = 60_000;
/** A pause for the event loop while a long journal is read. */
const SLICE_MS = 15;

export class Monitor {
  readonly model: Model;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #journal: Journal;
  readonly #keeper: Keeper;
  readonly #judge: Judge;
  readonly #queue: FoldQueue;
  readonly #listeners = new Set<ChangeListener>();
  readonly #startedAt: number;
  readonly #timers: NodeJS.Timeout[] = [];
  #touched = newTouched();
  #flushTimer: NodeJS.Timeout | undefined;
  #flushedAt = 0;
  #checkpointing: Promise<void> | undefined;
  #checkpointAt: number;
  #checkpointSeq: number;
  #retainedAt = 0;
  #stopping = false;

  private constructor(
    options: MonitorOptions,
    parts: { model: Model; keeper: Keeper; journal: Journal },
  ) {
    this.#config = options.config;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.model = parts.model;
    this.#keeper = parts.keeper;
    this.#journal = parts.journal;
    this.#judge = new Judge(parts.model, options.config.thresholds);
    this.#queue = new FoldQueue((entry) => this.#foldOne(entry));
    this.#startedAt = options.clock.now();
    this.#checkpointAt = options.clock.elapsed();
    this.#checkpointSeq = parts.keeper.seq;
  }

  /** Opens the data directory: checkpoint, then what the journal has beyond it. Damage is reported, never thrown. */
  static async open(options: MonitorOptions): Promise<Monitor> {
    const { logger, config } = options;
    const warn = (sentence: string) => logger.warn(sentence);
    const model = new Model();
    const keeper = await Keeper.open(config.data_dir, model, warn);
    const { journal, report } = await Journal.open(config.data_dir, {
      fromSeq: keeper.readFrom,
      onProblem: warn,
    });
    for (const sentence of [...report.cut, ...report.quarantined]) warn(sentence);
    if (report.missing > 0) warn(`${report.missing} events are missing from the journal.`);
    const monitor = new Monitor(options, { model, keeper, journal });
    await monitor.#replay();
    monitor.#judge.note(model.alerts.keys());
    monitor.#timers.push(setInterval(() => monitor.#tick(), TICK_MS));
    return monitor;
  }

  get seq(): number {
    return Math.max(this.#queue.lastSeq, this.#keeper.seq);
  }

  get epoch(): string {
    return this.#keeper.epoch;
  }

  get storage() {
    const bytes = this.#journal.segments().reduce((sum, segment) => sum + segment.bytes, 0);
    return {
      state: this.#journal.state,
      journal_bytes: bytes,
      waiting_bytes: this.#journal.waitingBytes,
    };
  }

  get dropped(): Readonly<Record<string, number>> {
    return this.#keeper.dropped;
  }

  /** Takes events from outside. Resolves when they are durable and in the model. */
  async ingest(values: readonly unknown[]): Promise<Ack> {
    const now = this.#clock.now();
    const { events, rejected } = parseEvents(values, { now, newId: randomUUID });
    const { accepted, duplicates } = await this.append(events, now);
    return { accepted, duplicates, rejected, seq: this.seq };
  }

  /** Stores and folds events of the service itself. */
  async append(
    events: readonly Event[],
    now = this.#clock.now(),
  ): Promise<{ accepted: number; duplicates: number }> {
    if (this.#stopping) throw new ProductError('SERVICE_STOPPING', { retryAfter: 5 });
    if (events.length === 0) return { accepted: 0, duplicates: 0 };
    const { entries, duplicates } = await this.#journal.append(events, now);
    await this.#queue.push(entries);
    return { accepted: entries.length, duplicates };
  }

  /** The job's whole state, from memory or disk. Throws JOB_UNKNOWN. */
  async job(job_id: string): Promise<JobState> {
    const held = this.model.jobs.get(job_id);
    if (held) return held;
    const stored = this.model.finished.has(job_id) ? await this.#keeper.load(job_id) : null;
    if (stored) return stored;
    throw new ProductError('JOB_UNKNOWN', {
      detail: `There is no job "${job_id}". GET /api/v1/jobs lists them.`,
    });
  }

  /** Calls back after changes until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops taking events, writes everything, lets go of the files. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#timers.forEach(clearInterval);
    clearTimeout(this.#flushTimer);
    await this.#journal.close();
    await this.#queue.idle();
    await this.#checkpointing;
    await this.#checkpoint();
    await this.#keeper.close();
  }

  async #replay(): Promise<void> {
    const before = this.#clock.elapsed();
    let slice = before;
    let entries = 0;
    for await (const chunk of this.#journal.read(this.#keeper.readFrom)) {
      for (const entry of chunk) {
        await this.#queue.replay(entry);
        entries++;
      }
      if (entries - (this.#checkpointSeq - this.#keeper.seq) > CHECKPOINT_ENTRIES)
        await this.#checkpoint();
      if (this.#clock.elapsed() - slice < SLICE_MS) continue;
      await setImmediate();
      slice = this.#clock.elapsed();
    }
    this.#touched = newTouched();
    const ms = Math.round(this.#clock.elapsed() - before);
    if (entries > 0)
      this.#logger.info({ entries, ms }, 'Read the journal from the last checkpoint on.');
  }

  /** Folds one entry; returns a promise only where the job has to be fetched from disk first. */
  #foldOne(entry: Entry): Promise<void> | undefined {
    const { event } = entry;
    const id = 'job_id' in event && event.type !== 'alert.raised' ? event.job_id : undefined;
    const row =
      id === undefined || this.model.jobs.has(id) ? undefined : this.model.finished.get(id);
    if (id !== undefined && row && event.type !== 'job.removed') {
      if (entry.seq <= row.seq) return undefined;
      return this.#keeper.load(id).then((job) => {
        if (job) this.model.jobs.set(id, job);
        this.model.finished.delete(id);
        this.#apply(entry);
      });
    }
    this.#apply(entry);
    return undefined;
  }

  #apply(entry: Entry): void {
    const touched = this.#touched;
    this.model.apply(entry, touched);
    const { event } = entry;
    if (event.type === 'job.removed') {
      if (touched.removedJobs.has(event.job_id)) this.#removeStored([event.job_id]);
    } else if ('job_id' in event) this.#keeper.changed([event.job_id], false);
    if (event.type.startsWith('alert.')) this.#keeper.changed(touched.jobs, true);
    this.#scheduleFlush();
  }

  #removeStored(ids: readonly string[]): void {
    this.#keeper.remove(ids).catch((error: unknown) => {
      this.#logger.warn(`A removed job is still on disk: ${messageOf(error)}`);
    });
  }

  #scheduleFlush(): void {
    if (this.#flushTimer !== undefined || this.#stopping) return;
    const wait = Math.max(0, FLUSH_MS - (this.#clock.elapsed() - this.#flushedAt));
    this.#flushTimer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#flushTimer = undefined;
    this.#flushedAt = this.#clock.elapsed();
    const touched = this.#touched;
    if (isUntouched(touched)) return;
    this.#touched = newTouched();
    this.#judge.note(touched.alerts);
    this.#judge.forget(touched.removedAlerts);
    this.#say(this.#judge.judge(touched, this.#clock.now()));
    for (const listener of this.#listeners) listener(touched, this.seq);
    if (this.seq - this.#checkpointSeq > CHECKPOINT_ENTRIES) this.#startCheckpoint();
  }

  /** Stores events that the service itself has to say. A refusal by the storage is tried again at the next occasion. */
  #say(events: Event[]): void {
    if (events.length === 0 || this.#stopping) return;
    this.append(events).catch((error: unknown) => {
      this.#judge.unsaid(events);
      this.#logger.warn(
        `Could not store ${events.length} events of the service: ${messageOf(error)}`,
      );
    });
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#say(
      silentJobs(this.model, {
        now,
        startedAt: this.#startedAt,
        after: this.#config.stale_after_ms,
      }),
    );
    this.#say(this.#judge.judge(this.#running(), now));
    const elapsed = this.#clock.elapsed();
    if (elapsed - this.#retainedAt > RETENTION_MS) {
      this.#retainedAt = elapsed;
      this.#retain(now);
    }
    const due = elapsed - this.#checkpointAt > CHECKPOINT_MS;
    if (due && this.#keeper.needsCheckpoint(now)) this.#startCheckpoint();
  }

  /** Phases that run may become slow without any event. */
  #running(): Touched {
    const touched = newTouched();
    for (const job of this.model.jobs.values()) {
      const open = [...job.phases.values()].filter((phase) => phase.marks.at(-1)?.kind === 'START');
      if (open.length > 0)
        touched.phases.set(job.job_id, new Set(open.map((phase) => phase.phase_id)));
      else if (job.phases.size === 0) touched.jobs.add(job.job_id);
    }
    return touched;
  }

  #retain(now: number): void {
    const { retention } = this.#config;
    const jobs = expiredJobs(this.model, retention, now);
    for (const id of jobs) this.model.forgetJob(id, this.#touched);
    const alerts = expiredAlerts(this.model, retention, now);
    for (const id of alerts) this.model.forgetAlert(id, this.#touched);
    if (jobs.length > 0) this.#keeper.countDropped('jobs', jobs.length);
    if (alerts.length > 0) this.#keeper.countDropped('alerts', alerts.length);
    this.#removeStored(jobs);
    if (jobs.length + alerts.length > 0) this.#scheduleFlush();
  }

  #startCheckpoint(): void {
    this.#checkpointing ??= this.#checkpoint()
      .catch((error: unknown) => {
        this.#logger.warn(
          `The state could not be written; the journal still has everything: ${messageOf(error)}`,
        );
      })
      .finally(() => (this.#checkpointing = undefined));
  }

  async #checkpoint(): Promise<void> {
    this.#checkpointAt = this.#clock.elapsed();
    const { seq } = this;
    this.#checkpointSeq = seq;
    await this.#keeper.checkpoint(seq, this.#clock.now());
  }
}
