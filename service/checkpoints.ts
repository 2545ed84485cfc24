/**
 * When and in which order the model goes to disk: the series and the domain as they were at one entry, then the jobs,
 * each of which knows how far it goes. The series first: what an event does not say itself they take from the domain, so
 * when the journal is read again the domain must not know yet what came later.
 */
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { FoldQueue } from './foldQueue.ts';
import { messageOf } from './protocol/errors.ts';
import type { SteadyTime } from './steadyTime.ts';
import type { Collected, DomainStore } from './storage/domainStore.ts';
import type { Keeper } from './storage/keeper.ts';
import { SerialQueues } from './storage/serialQueues.ts';
import type { SeriesFiles, SeriesSnapshot } from './storage/seriesFiles.ts';

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

/** The model as it was at one entry. */
interface Taken {
  seq: number;
  tables: Collected | null;
  points: SeriesSnapshot;
}

const EVERY_MS = 5000;
const EVERY_ENTRIES = 100_000;
/** Where nothing but what is sampled all the time has changed. */
const SAMPLES_EVERY_MS = 30_000;

export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #writes = new SerialQueues();
  #running: Promise<void> | undefined;
  #at: number;
  #seq: number;
  #collecting = false;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#at = parts.clock.elapsed();
    this.#seq = parts.keeper.seq;
  }

  /** True when so much has come since the last one that a restart would have long to read. */
  get overdue(): boolean {
    return this.#parts.seq() - this.#seq > EVERY_ENTRIES;
  }

  /** True while the domain is looked at: who changes it without an entry has to wait, or half of it would be stored. */
  get isCollecting(): boolean {
    return this.#collecting;
  }

  /** To be called every second: starts one when it is time and something changed. */
  tick(): void {
    const { clock, keeper, domain, time } = this.#parts;
    const since = clock.elapsed() - this.#at;
    if (since <= EVERY_MS) return;
    const changed = keeper.needsCheckpoint(time.now()) || domain.isDirty;
    if (changed || since > SAMPLES_EVERY_MS) void this.start();
  }

  /** One at a time. Resolves also when it failed: the next one writes what is missing. */
  start(): Promise<void> {
    this.#running ??= this.#writes
      .run('write', () => this.#write())
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
    await this.start();
    await this.#parts.series.close();
    await this.#parts.keeper.close();
  }

  /** Runs the task while no file of the state or the series is written. */
  paused<T>(task: () => Promise<T>): Promise<T> {
    return this.#writes.run('write', task);
  }

  async #write(): Promise<void> {
    const { keeper, clock, time } = this.#parts;
    this.#at = clock.elapsed();
    const taken = await this.#collect();
    this.#seq = taken.seq;
    try {
      await this.#store(taken);
    } finally {
      // Where the others fail the jobs still count: each knows up to which entry it goes.
      await keeper.checkpoint(taken.seq, time.now());
    }
  }

  #collect(): Promise<Taken> {
    const { domain, series, queue, settle, seq: lastSeq } = this.#parts;
    return queue.paused(async () => {
      settle();
      this.#collecting = true;
      try {
        const seq = lastSeq();
        const tables = await domain.collect(seq);
        return { seq, tables, points: await series.collectInSlices() };
      } finally {
        this.#collecting = false;
      }
    });
  }

  async #store({ seq, tables, points }: Taken): Promise<void> {
    const { domain, series } = this.#parts;
    try {
      await series.write(points, seq);
    } catch (error) {
      if (tables) domain.giveBack(tables);
      throw error;
    }
    if (tables) await domain.write(tables);
  }
}
