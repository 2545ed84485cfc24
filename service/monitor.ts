/**
 * The straight line: parse -> journal -> fold -> judge -> those who listen. The only place where they meet.
 * Listeners get what changed, at most every 50 ms; they never get events.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Alerting } from './alerting.ts';
import { Secrets } from './alerts/channels/index.ts';
import { Analyst } from './analyst.ts';
import { targetsNow } from './analysis/currentHealth.ts';
import { catchUp } from './catchUp.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { Control } from './control.ts';
import { newestSettings } from './core/domain/settings.ts';
import type { Model } from './core/fold.ts';
import type { JobState } from './core/model.ts';
import type { Touched } from './core/touched.ts';
import { ProductError } from './protocol/errors.ts';
import type { Event } from './protocol/event.ts';
import { parseEvents } from './protocol/parse.ts';
import { FlushTimer } from './flushTimer.ts';
import { FoldQueue } from './foldQueue.ts';
import { Folding } from './folding.ts';
import { type DataFiles, type Recovery, openDataFiles } from './dataFiles.ts';
import { Housekeeping } from './housekeeping.ts';
import type { Journal } from './storage/journal.ts';
import type { Keeper } from './storage/keeper.ts';
import type { SegmentInfo } from './storage/segment.ts';
import { type Ack, IngestCounts, type IngestProtocol } from './ingestCounts.ts';
import { Measures } from './measures.ts';
import { PhaseRecorder } from './phaseRecorder.ts';
import type { SeriesStore } from './series/store.ts';
import { Settings } from './settings.ts';
import { SteadyTime } from './steadyTime.ts';
import { StoredJobs } from './storedJobs.ts';
import { Watch } from './watch.ts';

export interface MonitorOptions {
  config: Config;
  clock: Clock;
  logger: Logger;
}

type Parts = DataFiles & { secrets: Secrets };

/** Gets what changed since its last call, and the number of the last entry in the model. */
export type ChangeListener = (touched: Touched, seq: number) => void;

const TICK_MS = 1000;
/** Durable entries that may wait for their turn before more are refused: about 100 MB. */
const MAX_WAITING = 50_000;

export class Monitor {
  readonly model: Model;
  readonly series: SeriesStore;
  readonly settings: Settings;
  readonly alerting: Alerting;
  readonly analyst: Analyst;
  /** What pipelines are asked to change. */
  readonly control: Control;
  /** What the start found and did. */
  recovery: Recovery;
  readonly ingested = new IngestCounts();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keeper: Keeper;
  readonly #stored: StoredJobs;
  readonly #time: SteadyTime;
  readonly #watch: Watch;
  readonly #queue: FoldQueue;
  readonly #checkpoints: Checkpoints;
  readonly #journal: Journal;
  readonly measures: Measures;
  readonly #phases: PhaseRecorder;
  readonly #housekeeping: Housekeeping;
  readonly #listeners = new Set<ChangeListener>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #folding: Folding;
  readonly #timer: FlushTimer;
  #stopping = false;

  private constructor(options: MonitorOptions, parts: Parts, time: SteadyTime) {
    ({ clock: this.#clock, logger: this.#logger } = options);
    this.settings = new Settings(options.config);
    this.model = parts.model;
    const read_from = parts.readFrom;
    this.recovery = { ...parts.found, read_from, replayed_entries: 0, replay_ms: 0 };
    this.series = parts.series.store;
    ({ keeper: this.#keeper, journal: this.#journal } = parts);
    const { model, keeper, domain, series } = parts;
    const { settings } = this;
    settings.onChange((config) => this.#configure(config));
    const { clock, logger } = options;
    const { journal, secrets } = parts;
    const append = (events: readonly Event[], now?: number) => this.append(events, now);
    const now = () => time.now();
    this.alerting = new Alerting({ model, settings, secrets, logger, clock, append, now });
    this.control = new Control({ model, now, seq: () => this.seq });
    this.#listeners.add((touched) => this.control.changed(touched));
    this.#stored = new StoredJobs({ keeper, journal, warn: (sentence) => logger.warn(sentence) });
    this.#time = time;
    this.#timer = new FlushTimer(clock, () => this.#flush());
    this.analyst = new Analyst({
      ...{ model, series: series.store, settings, logger, clock, append, now },
      ...{ seq: () => this.seq, touched: () => this.#folding.touched },
      ...{ rules: this.alerting.rules, job: (id) => this.job(id) },
    });
    keeper.describe = (job) => this.analyst.described(job);
    this.#watch = new Watch({
      ...{ model, time, logger, append },
      series: series.store,
      rules: this.alerting.rules,
      findings: this.analyst.findings,
      settings: () => settings.config,
      targets: (at) => targetsNow(this, at),
    });
    this.alerting.ruleStates = this.#watch.ruleStates;
    this.#queue = new FoldQueue(
      (entry) => this.#folding.fold(entry),
      ({ seq }, err) => logger.error({ err, seq }, 'An event did not get into the records.'),
    );
    this.measures = new Measures(model, series.store, series.seq);
    this.#phases = new PhaseRecorder({
      model,
      limit: () => settings.config.retention.phase_history,
      knownSeq: domain.seq,
      load: (id) => this.#stored.load(id, this.seq),
    });
    this.#folding = new Folding({
      ...{ model, keeper, stored: this.#stored, measures: this.measures, phases: this.#phases },
      onSettings: () => this.#applySettings(),
      onFolded: (urgent) => this.#scheduleFlush(urgent),
    });
    this.#housekeeping = new Housekeeping({ model, keeper, settings, clock });
    this.#checkpoints = new Checkpoints({
      ...{ keeper, domain, series, queue: this.#queue, clock, time, logger },
      seq: () => this.seq,
      settle: () => this.#phases.record(this.#folding.touched),
    });
  }

  #configure({ series: limits, retention }: Config): void {
    this.series.configure({ ...limits, ...retention });
    this.model.domain.tasks.limit = retention.tasks;
    this.#phases.trim();
  }

  /** Opens the data directory: checkpoint, then what the journal has beyond it. Damage is reported, never thrown. */
  static async open(options: MonitorOptions): Promise<Monitor> {
    const time = new SteadyTime(options.clock);
    const warn = (sentence: string) => options.logger.warn(sentence);
    const files = await openDataFiles(options.config, { warn, now: () => time.now() });
    const secrets = await Secrets.open({ dataDir: options.config.data_dir, warn });
    const monitor = new Monitor(options, { ...files, secrets }, time);
    await monitor.#begin();
    monitor.#timers.push(setInterval(() => monitor.#tick(), TICK_MS));
    return monitor;
  }

  /** Epoch milliseconds of the clock that records are told by; it never runs back. */
  now(): number {
    return this.#time.now();
  }

  get seq(): number {
    return Math.max(this.#queue.lastSeq, this.#keeper.seq);
  }

  get epoch(): string {
    return this.#keeper.epoch;
  }

  get storage() {
    return {
      state: this.#journal.state,
      journal_bytes: this.#journal.segments().reduce((sum, { bytes }) => sum + bytes, 0),
      waiting_bytes: this.#journal.waitingBytes,
      waiting_events: this.#queue.length,
    };
  }

  get dropped(): Readonly<Record<string, number>> {
    const dropped = { ...this.#keeper.dropped };
    for (const [kind, count] of Object.entries(this.model.dropped()))
      dropped[kind] = (dropped[kind] ?? 0) + count;
    return dropped;
  }

  /** Takes events from outside. Resolves when they are durable and in the model. */
  async ingest(values: readonly unknown[], protocol: IngestProtocol = 'http'): Promise<Ack> {
    const now = this.#time.now();
    const { events, rejected } = parseEvents(values, {
      now,
      newId: randomUUID,
      fault: (event) => this.measures.fault(event),
    });
    const { accepted, duplicates } = await this.append(events, now);
    this.ingested.add(protocol, { accepted, duplicates, rejected });
    return { accepted, duplicates, rejected, seq: this.seq };
  }

  /** Stores and folds events of the service itself. */
  async append(
    events: readonly Event[],
    now = this.#time.now(),
  ): Promise<{ accepted: number; duplicates: number }> {
    if (this.#stopping) throw new ProductError('SERVICE_STOPPING', { retryAfter: 5 });
    if (events.length === 0) return { accepted: 0, duplicates: 0 };
    if (this.#queue.length > MAX_WAITING) throw new ProductError('OVERLOADED', { retryAfter: 1 });
    const { entries, duplicates, failure } = await this.#journal.append(events, now);
    await this.#queue.push(entries);
    if (failure) throw failure;
    return { accepted: entries.length, duplicates };
  }

  /** The job's whole state, from memory or disk. Throws JOB_UNKNOWN. */
  async job(job_id: string): Promise<JobState> {
    const held = this.model.jobs.get(job_id);
    if (held) return held;
    const stored = this.model.finished.has(job_id)
      ? await this.#stored.load(job_id, this.seq)
      : null;
    if (stored) return this.analyst.described(stored);
    throw new ProductError('JOB_UNKNOWN', {
      detail: `There is no job "${job_id}". GET /api/v1/jobs lists them.`,
    });
  }

  /** Calls back after changes until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs the task while nothing but the journal is written; it can ask which of the journal's bytes are durable. */
  paused<T>(task: (segments: () => SegmentInfo[]) => Promise<T>): Promise<T> {
    return this.#checkpoints.paused(() => task(() => this.#journal.segments()));
  }

  /** Stops taking events, writes everything, lets go of the files. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#timers.forEach(clearInterval);
    this.#timer.stop();
    this.control.close();
    await Promise.all([this.analyst.close(), this.alerting.close(), this.#watch.close()]);
    await this.#journal.close();
    await this.#queue.idle();
    await this.#checkpoints.finish();
  }

  async #begin(): Promise<void> {
    this.#applySettings();
    const replayed = await catchUp(
      {
        ...{ model: this.model, keeper: this.#keeper, journal: this.#journal, queue: this.#queue },
        ...{ phases: this.#phases, checkpoints: this.#checkpoints, time: this.#time },
        ...{ clock: this.#clock, logger: this.#logger },
        stored: () => this.#folding.takeTouched(),
      },
      this.recovery.read_from,
    );
    this.recovery = { ...this.recovery, ...replayed };
    await this.analyst.begin();
    this.alerting.begin();
    this.#watch.begin();
    this.#folding.replaying = false;
    // What was stored just before a crash has not been judged yet.
    if (!this.#folding.isUntouched) this.#scheduleFlush();
  }

  #scheduleFlush(urgent = false): void {
    if (!this.#folding.replaying && !this.#stopping) this.#timer.schedule(urgent);
  }

  #flush(): void {
    if (this.#checkpoints.isCollecting) return this.#scheduleFlush();
    if (this.#folding.isUntouched) {
      // Points are no records, but there are rules on them.
      if (this.#watch.hasNews) this.#watch.changed(this.#folding.touched);
      return;
    }
    const touched = this.#folding.takeTouched();
    this.#phases.record(touched);
    this.alerting.changed(touched);
    this.analyst.changed(touched);
    this.#watch.changed(touched);
    this.alerting.route(touched);
    for (const listener of this.#listeners) listener(touched, this.seq);
    if (this.#checkpoints.overdue) void this.#checkpoints.start();
  }

  #applySettings(): void {
    const newest = newestSettings(this.model.domain.settings);
    if (newest) this.settings.apply(newest.revision, newest.changes);
  }

  #tick(): void {
    const now = this.#time.now();
    this.analyst.tick(now);
    this.#watch.tick();
    this.alerting.tick();
    if (!this.#checkpoints.isCollecting) this.#housekeeping.tick(now, this.#folding.touched);
    if (!this.#folding.isUntouched) this.#scheduleFlush();
    this.#checkpoints.tick();
  }
}
