import { createHash } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Low } from 'lowdb';
import { durableAdapter } from './durableAdapter.ts';
import type { DurableOptions } from './durableFile.ts';
import { removeLeftTemps } from './durableFile.ts';
import { codeOf, ignoreMissing, nodeFileSystem } from './fileSystem.ts';
import type { LoadedIndex } from './jobIndex.ts';
import { JobIndex } from './jobIndex.ts';
import { SerialQueues } from './serialQueues.ts';

export interface StateStoreOptions<C, J, R extends IndexRow> extends DurableOptions {
  /** Each turns parsed JSON into a document, or throws a sentence saying why it is none. */
  parseCheckpoint: (value: unknown) => C;
  parseJob: (value: unknown) => J;
  parseRow: (value: unknown) => R;
  /** Gets one sentence for each damaged file, which then lies in quarantine. */
  onDamaged: (sentence: string) => void;
}

/** One line of the list of finished jobs. */
export interface IndexRow {
  job_id: string;
}

/**
 * The model's state as lowdb JSON under `<data dir>/state/`: a checkpoint, a file a job, and an index of the finished
 * ones in pages. A cache of the journal: what is damaged reads as absent, is kept in quarantine and reported.
 * No file name comes from an id; job files are named by its SHA-256.
 */
export class StateStore<C, J, R extends IndexRow> {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #options: StateStoreOptions<C, J, R>;
  readonly #queues = new SerialQueues();
  readonly #index: JobIndex<R>;
  /** Job folders that are known to exist: at most 256. */
  readonly #ready = new Map<string, Promise<void>>();

  private constructor(dataDir: string, options: StateStoreOptions<C, J, R>) {
    this.#folder = join(dataDir, 'state');
    this.#quarantine = join(dataDir, 'quarantine');
    this.#options = options;
    this.#index = new JobIndex(join(this.#folder, 'index'), {
      ...options,
      quarantine: this.#quarantine,
    });
  }

  /** Only for the holder of the lock. `loadIndex` comes next, before rows are put or removed. */
  static async open<C, J, R extends IndexRow>(
    dataDir: string,
    options: StateStoreOptions<C, J, R>,
  ): Promise<StateStore<C, J, R>> {
    const store = new StateStore(dataDir, options);
    for (const folder of [store.#folder, join(store.#folder, 'index')]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removeLeftTemps(folder);
    }
    return store;
  }

  async readCheckpoint(): Promise<C | null> {
    return this.#read(this.#checkpointPath(), this.#options.parseCheckpoint);
  }

  /** Durable when it resolves. */
  writeCheckpoint(checkpoint: C): Promise<void> {
    return this.#write(this.#checkpointPath(), checkpoint);
  }

  async readJob(jobId: string): Promise<J | null> {
    return this.#read(this.#jobPath(jobId), this.#options.parseJob);
  }

  /**
   * Durable when it resolves, unless `sync` is false: then only the newest or the one before is found after a power
   * cut, or none. Calls for one job happen in their order, others side by side.
   */
  async writeJob(jobId: string, job: J, options: DurableOptions = {}): Promise<void> {
    const path = this.#jobPath(jobId);
    await this.#makeReady(dirname(path));
    await this.#write(path, job, options);
  }

  removeJob(jobId: string): Promise<void> {
    const path = this.#jobPath(jobId);
    return this.#queues.run(path, () => ignoreMissing(unlink(path)));
  }

  /** Every job document, in no order: to rebuild the index when pages of it were lost. */
  async *jobs(): AsyncGenerator<J, void, undefined> {
    const root = join(this.#folder, 'jobs');
    for (const folder of await namesIn(root)) {
      for (const name of await namesIn(join(root, folder))) {
        if (!/^[0-9a-f]{64}\.json$/.test(name)) continue;
        const job = await this.#read(join(root, folder, name), this.#options.parseJob);
        if (job !== null) yield job;
      }
    }
  }

  /** Hands over the rows page by page; the event loop is free between pages. */
  loadIndex(onPage: (rows: R[]) => void): Promise<LoadedIndex> {
    return this.#index.load(onPage);
  }

  /** Adds rows, or replaces those of the same job. Durable when it resolves. */
  putRows(rows: readonly R[]): Promise<void> {
    return this.#index.put(rows);
  }

  removeRows(jobIds: readonly string[]): Promise<void> {
    return this.#index.remove(jobIds);
  }

  /** Resolves when every write that was asked for has ended, well or not. */
  async close(): Promise<void> {
    await this.#queues.idle();
    await this.#index.idle();
  }

  #checkpointPath(): string {
    return join(this.#folder, 'checkpoint.json');
  }

  #jobPath(jobId: string): string {
    const hash = createHash('sha256').update(jobId).digest('hex');
    return join(this.#folder, 'jobs', hash.slice(0, 2), `${hash}.json`);
  }

  async #read<T>(path: string, parse: (value: unknown) => T): Promise<T | null> {
    const file = this.#file(path, parse);
    await this.#queues.run(path, () => file.read());
    return file.data;
  }

  async #write(path: string, data: C | J, options: DurableOptions = {}): Promise<void> {
    const file = this.#file<C | J>(path, () => data, options);
    file.data = data;
    await this.#queues.run(path, () => file.write());
  }

  #file<T>(
    path: string,
    parse: (value: unknown) => T,
    options: DurableOptions = {},
  ): Low<T | null> {
    const adapter = { ...this.#options, ...options, quarantine: this.#quarantine, parse };
    return new Low<T | null>(durableAdapter<T | null>(path, adapter), null);
  }

  /** Once a folder and process: makes it, and clears what a crash left in it. */
  #makeReady(folder: string): Promise<void> {
    const known = this.#ready.get(folder);
    if (known !== undefined) return known;
    const made = this.#make(folder);
    this.#ready.set(folder, made);
    made.catch(() => this.#ready.delete(folder));
    return made;
  }

  async #make(folder: string): Promise<void> {
    const { fs: io = nodeFileSystem, sync = true } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftTemps(folder, io);
    if (!sync) return;
    await io.syncFolder(dirname(folder));
    await io.syncFolder(this.#folder);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
