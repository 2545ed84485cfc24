/**
 * The time series on disk, `<data dir>/series/`. What came since the last write is appended to a log; about once an hour
 * all that is in memory becomes blocks (a file a tier and stretch of time) and a new log begins. A manifest names the
 * files, how much of each counts, and the entry of the journal up to which everything is in: after a crash at any
 * moment exactly the state of the last manifest is read, so that the journal from there on gives each point once.
 * Points that are not in the journal (what the service samples itself) are lost back to the last write by a crash.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../protocol/errors.ts';
import type { Series } from '../series/series.ts';
import {
  type Collected,
  type Delta,
  SeriesStore,
  type SeriesStoreOptions,
} from '../series/store.ts';
import { Slices } from '../series/slices.ts';
import { HOUR } from '../series/tiers.ts';
import { removeLeftTemps } from './durableFile.ts';
import { type FileSystem, ignoreMissing, nodeFileSystem } from './fileSystem.ts';
import { BlockDraft, type FileNumbers, LogDraft } from './seriesAppend.ts';
import { SeriesBlocks } from './seriesBlocks.ts';
import { type BlockFile, EMPTY, type LogFile, type Manifest, Manifests } from './seriesManifest.ts';
import { cutFiles, readLogs, setAsideAll } from './seriesRecovery.ts';
import { LeavingFiles } from './seriesLeaving.ts';
import { compact, gainsByRewriting, isKept, type RollOptions, rollFrozen } from './seriesRoll.ts';
import { SerialQueues } from './serialQueues.ts';

/** Memory is emptied into blocks after so long, or when the log has grown so much: a start has to read all of it. */
const ROLL_MS = HOUR;
const ROLL_BYTES = 2 * 1024 * 1024;

export interface SeriesFilesOptions extends Omit<SeriesStoreOptions, 'pause'> {
  /** Gets a sentence for the person who runs the service: what was damaged, what could not be written. */
  warn: (sentence: string) => void;
  fs?: FileSystem;
}

/** What is to be written, as it was at one instant. */
export interface SeriesSnapshot {
  readonly deltas: readonly Delta[];
  /** True when all that is in memory was set aside to become blocks. */
  readonly freezes: boolean;
}

export class SeriesFiles {
  readonly store: SeriesStore;
  readonly #options: SeriesFilesOptions;
  readonly #folder: string;
  readonly #io: FileSystem;
  readonly #manifests: Manifests;
  readonly #blocks: SeriesBlocks;
  readonly #queue = new SerialQueues();
  readonly #numbers: FileNumbers;
  #generation: number;
  #seq: number;
  #logs: { sealed: readonly LogFile[]; current: readonly LogFile[] };
  /** Snapshots that no manifest counts yet: all but the newest could not be written before. */
  #pending: SeriesSnapshot[] = [];
  #frozen: readonly Series[] | null = null;
  #rolledAt: number;
  readonly #leaving = new LeavingFiles();
  /** Files that could not be rewritten; tried again after the next roll. */
  readonly #stuck = new Set<string>();
  #lastProblem = '';

  private constructor(
    options: SeriesFilesOptions,
    { folder, quarantine, manifests }: { folder: string; quarantine: string; manifests: Manifests },
    manifest: Manifest,
  ) {
    const { fs = nodeFileSystem, warn } = options;
    this.#options = options;
    this.#folder = folder;
    this.#io = fs;
    this.#manifests = manifests;
    this.#generation = manifest.generation;
    this.#seq = manifest.seq;
    this.#numbers = { next: manifest.next_file };
    this.#logs = { sealed: [], current: manifest.logs };
    this.#rolledAt = options.clock();
    this.store = new SeriesStore({ ...options, pause: () => setImmediate() });
    this.#blocks = new SeriesBlocks(
      { folder, quarantine, tiers: this.store.tiers, io: fs, warn },
      manifest.blocks,
    );
    this.store.restoreNames(manifest);
    this.store.readFrom(this.#blocks);
  }

  /** Only for the holder of the data directory's lock. Damaged files go to quarantine, each with a sentence. */
  static async open(dataDir: string, options: SeriesFilesOptions): Promise<SeriesFiles> {
    const { fs: io = nodeFileSystem, warn } = options;
    const folder = join(dataDir, 'series');
    const quarantine = join(dataDir, 'quarantine');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftTemps(folder, io);
    const manifests = new Manifests({ folder, quarantine, io, warn });
    const [manifest = EMPTY, before = EMPTY] = await manifests.read();
    if (manifest === EMPTY) await setAsideAll({ folder, quarantine, io, warn });
    const files = new SeriesFiles(options, { folder, quarantine, manifests }, manifest);
    await files.#recover(quarantine, [...before.logs, ...before.blocks]);
    return files;
  }

  /** Everything up to this entry of the journal is in the store since it was opened, or was written. */
  get seq(): number {
    return this.#seq;
  }

  /** True when there is something to write. */
  get isDirty(): boolean {
    return this.#pending.length > 0 || this.store.isDirty;
  }

  /**
   * What changed since the last call: about 5 ms a thousand series. Every snapshot has to be given to `write`, in their
   * order.
   */
  collect(): SeriesSnapshot {
    const freezes = this.#wantsRoll();
    const work = this.store.collecting(freezes);
    let step = work.next();
    while (step.done !== true) step = work.next();
    return this.#snapshot(step.value, freezes);
  }

  /** As `collect`, with pauses in which the caller must not fold entries; what it samples itself may come. */
  async collectInSlices(): Promise<SeriesSnapshot> {
    const freezes = this.#wantsRoll();
    const work = this.store.collecting(freezes);
    const slices = new Slices(() => setImmediate());
    let step = work.next();
    for (; step.done !== true; step = work.next()) await slices.step();
    return this.#snapshot(step.value, freezes);
  }

  #snapshot({ deltas, frozen }: Collected, freezes: boolean): SeriesSnapshot {
    if (freezes) this.#frozen = frozen;
    return { deltas, freezes };
  }

  /**
   * Durable when it resolves; `seq` is the last entry that the store held at `collect`. Rejects with the system's error:
   * then the next call writes what this one did not.
   */
  write(snapshot: SeriesSnapshot, seq: number): Promise<void> {
    this.#pending.push(snapshot);
    return this.#queue.run('write', async () => {
      await this.#append(seq);
      await this.#tidy();
    });
  }

  /** All points are in the log: while this fails, only memory and the number of files grow. */
  async #tidy(): Promise<void> {
    try {
      await this.#roll();
      await this.#compactOne();
      if (!this.#blocks.isRead) await this.#leaving.remove(this.#folder, this.#io);
      await this.store.tidy(this.#options.clock());
      this.#lastProblem = '';
    } catch (error) {
      const problem = messageOf(error);
      // It is tried again with every write: once said is enough.
      if (problem === this.#lastProblem) return;
      this.#lastProblem = problem;
      this.#options.warn(`The series could not be tidied up on disk (${problem}).`);
    }
  }

  /** Resolves when every write that was asked for has ended. What came since the last `collect` is not written. */
  close(): Promise<void> {
    return this.#queue.idle();
  }

  async #append(seq: number): Promise<void> {
    const pending = [...this.#pending];
    const draft = new LogDraft(this.#place, this.#numbers, this.#logs);
    await this.#leaving.orForget(draft, async () => {
      for (const { deltas, freezes } of pending) {
        await draft.append(deltas);
        if (freezes) draft.seal();
      }
      await this.#commit(seq, [...draft.sealed, ...draft.current], this.#blocks.files);
    });
    this.#logs = { sealed: draft.sealed, current: draft.current };
    this.#pending = this.#pending.slice(pending.length);
  }

  async #roll(): Promise<void> {
    const frozen = this.#frozen;
    // Set aside, but its points are not in a log yet: that is for the write that comes.
    if (frozen === null || this.#pending.some(({ freezes }) => freezes)) return;
    const draft = this.#draft();
    const kept = await this.#leaving.orForget(draft, async () => {
      await rollFrozen(frozen, this.#rollOptions(draft));
      const now = this.#options.clock();
      const files = draft.files.filter((file) => isKept(file, this.store.tiers, now));
      await this.#commit(this.#seq, this.#logs.current, files);
      return files;
    });
    this.#leaving.replace(
      [...this.#logs.sealed, ...this.#blocks.files],
      [...kept, ...this.#logs.current],
    );
    this.#logs = { ...this.#logs, sealed: [] };
    // In one go, so that a reader finds each bucket once.
    this.#blocks.adopt(kept);
    for (const series of frozen) series.thaw();
    this.#frozen = null;
    this.#rolledAt = this.#options.clock();
    this.#stuck.clear();
  }

  /** Rewrites the file that was written to most often of those that gain by it. */
  async #compactOne(): Promise<void> {
    const { tiers } = this.store;
    const now = this.#options.clock();
    const file = this.#blocks.files
      .filter((one) => !this.#stuck.has(one.name) && gainsByRewriting(one, tiers, now))
      .reduce<BlockFile | null>((a, b) => (a === null || b.writes > a.writes ? b : a), null);
    if (file === null) return;
    const draft = this.#draft();
    draft.remove(file);
    // One that cannot be read or written must not keep the others from their turn.
    this.#stuck.add(file.name);
    await this.#leaving.orForget(draft, async () => {
      await this.#blocks.use(file, (block) =>
        compact(block, (id) => this.store.find(id), this.#rollOptions(draft)),
      );
      const { sealed, current } = this.#logs;
      await this.#commit(this.#seq, [...sealed, ...current], draft.files);
    });
    this.#stuck.delete(file.name);
    this.#leaving.replace([file], []);
    this.#blocks.adopt(draft.files);
  }

  async #commit(
    seq: number,
    logs: readonly LogFile[],
    blocks: readonly BlockFile[],
  ): Promise<void> {
    const generation = this.#generation + 1;
    const { series, next_id } = this.store.names();
    await this.#manifests.write({
      generation,
      seq,
      next_id,
      next_file: this.#numbers.next,
      logs: [...logs],
      blocks: [...blocks],
      series,
    });
    this.#generation = generation;
    this.#seq = seq;
    this.#leaving.committed();
  }

  #wantsRoll(): boolean {
    if (this.#frozen !== null) return false;
    const bytes = this.#logs.current.reduce((sum, { length }) => sum + length, 0);
    return bytes > ROLL_BYTES || this.#options.clock() - this.#rolledAt >= ROLL_MS;
  }

  get #place() {
    return { folder: this.#folder, io: this.#io, tiers: this.store.tiers };
  }

  #draft(): BlockDraft {
    return new BlockDraft(this.#place, this.#numbers, this.#blocks.files);
  }

  #rollOptions(draft: BlockDraft): RollOptions {
    const { tiers } = this.store;
    return { tiers, draft, now: this.#options.clock(), pause: () => setImmediate() };
  }

  /** Brings files and memory to what the manifest says; what the one before names stays for a while. */
  async #recover(quarantine: string, before: readonly { name: string }[]): Promise<void> {
    const place = { ...this.#place, quarantine, warn: this.#options.warn };
    const files = [...this.#logs.current, ...this.#blocks.files];
    this.#leaving.replace(before, files);
    const known = new Set([...files, ...before].map(({ name }) => name));
    for (const name of await readdir(this.#folder)) {
      const isOurs = name.endsWith('.deltas') || name.endsWith('.blocks');
      if (isOurs && !known.has(name))
        await ignoreMissing(this.#io.unlink(join(this.#folder, name)));
    }
    await cutFiles(place, files);
    await readLogs(place, this.#logs.current, (delta) => this.store.restore(delta));
  }
}
