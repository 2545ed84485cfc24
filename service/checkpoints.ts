/**
 * When and in which order the model goes to disk: first the domain and the series as they were at one entry, then the
 * jobs, each of which knows how far it goes. So a job that is stored has been counted wherever it has to be.
 */
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { FoldQueue } from './foldQueue.ts';
import { messageOf } from './protocol/errors.ts';
import type { SteadyTime } from './steadyTime.ts';
import type { DomainStore } from './storage/domainStore.ts';
import type { Keeper } from './storage/keeper.ts';
import { SerialQueues } from './storage/serialQueues.ts';
import type { SeriesFiles } from './storage/seriesFiles.ts';

export interface CheckpointParts {
  keeper: Keeper;
  domain: DomainStore;
  series: SeriesFiles;
  queue: FoldQueue;
  clock: Clock;
  time: SteadyTime;
  logger: Logger;
  /** Number of the last entry in the model. */
  seq: () => number;
  /** Called right before the domain is looked at, while nothing is folded. */
  settle: () => void;
}

const DONE = Promise.resolve();
const EVERY_MS = 5000;
const EVERY_ENTRIES = 100_000;
/** What is sampled all the time is worth a write less often; the journal has the rest. */
const SERIES_EVERY_MS = 30_000;

export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #writes = new SerialQueues();
  #running: Promise<void> | undefined;
  #at: number;
  #seq: number;
  #seriesAt: number;
  #seriesSeq: number;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#at = this.#seriesAt = parts.clock.elapsed();
    this.#seq = parts.keeper.seq;
    this.#seriesSeq = parts.series.seq;
  }

  /** True when so much has come since the last one that a restart would have long to read. */
  get overdue(): boolean {
    return this.#parts.seq() - this.#seq > EVERY_ENTRIES;
  }

  /** To be called every second: starts one when it is time and something changed. */
  tick(): void {
    const { clock, keeper, domain, time } = this.#parts;
    const elapsed = clock.elapsed();
    const seriesDue = elapsed - this.#seriesAt > SERIES_EVERY_MS;
    const due = elapsed - this.#at > EVERY_MS;
    const changed = due && (keeper.needsCheckpoint(time.now()) || domain.isDirty);
    if (changed || seriesDue) void this.start();
  }

  /** One at a time. Resolves also when it failed: the next one writes what is missing. */
  start(all = false): Promise<void> {
    this.#running ??= this.#writes
      .run('write', () => this.#write(all))
      .catch((error: unknown) => {
        this.#parts.logger.warn(
          `The state could not be written; the journal still has everything: ${messageOf(error)}`,
        );
      })
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Writes everything once more, after what is being written, and lets go of the files. */
  async finish(): Promise<void> {
    await this.#running;
    await this.start(true);
    await this.#parts.series.close();
    await this.#parts.keeper.close();
  }

  /** Runs the task while no file of the state or the series is written. */
  paused<T>(task: () => Promise<T>): Promise<T> {
    return this.#writes.run('write', task);
  }

  async #write(all: boolean): Promise<void> {
    const { keeper, domain, series, queue, clock, time } = this.#parts;
    const { settle, seq: lastSeq } = this.#parts;
    this.#at = clock.elapsed();
    const withSeries =
      all ||
      this.#at - this.#seriesAt > SERIES_EVERY_MS ||
      lastSeq() - this.#seriesSeq > EVERY_ENTRIES;
    const taken = await queue.paused(async () => {
      settle();
      const seq = lastSeq();
      const tables = await domain.collect(seq);
      return { seq, tables, points: withSeries ? series.collect() : null };
    });
    this.#seq = taken.seq;
    // Where one fails, the others still count: each knows up to which entry it goes.
    const ends = await Promise.allSettled([
      taken.tables === null ? DONE : domain.write(taken.tables),
      taken.points === null ? DONE : series.write(taken.points, taken.seq),
    ]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (withSeries) this.#seriesAt = this.#at;
    if (withSeries && !failed) this.#seriesSeq = taken.seq;
    await keeper.checkpoint(taken.seq, time.now());
    if (failed) throw failed.reason;
  }
}
