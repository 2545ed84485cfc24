/** The buckets that are on disk: one file a tier and stretch of time, with the records of all series. */
import { join } from 'node:path';
import type { SeriesArchive } from '../series/archive.ts';
import type { Tier } from '../series/tiers.ts';
import { messageOf } from '../protocol/errors.ts';
import { nodeFileSystem, type FileSystem } from './fileSystem.ts';
import { copyToQuarantine } from './quarantine.ts';
import { RecordCache } from './recordCache.ts';
import {
  type BatchIndex,
  type Damage,
  findRecord,
  readAt,
  readIndexes,
  readRecord,
} from './seriesFormat.ts';
import type { BlockFile } from './seriesManifest.ts';

/** Records whose places are held in memory, of all files together: 20 bytes each. */
const MAX_HELD = 200_000;
/** Records that are held in memory: some pages of a dashboard, each of some hundred series. */
const MAX_CACHED_BYTES = 8 * 1024 * 1024;
/** A person who reads the log does not need more sentences about the same disk. */
const MAX_SAID = 1000;

export interface SeriesBlocksOptions {
  folder: string;
  quarantine: string;
  tiers: readonly Tier[];
  io: FileSystem;
  warn: (sentence: string) => void;
}

interface HeldIndex {
  /** How much of the file it is about. */
  length: number;
  batches: BatchIndex[];
  records: number;
}

/** An open file, for the time of a read. */
export interface OpenBlock {
  file: BlockFile;
  io: FileSystem;
  fd: number;
  batches: readonly BatchIndex[];
  onDamage: (damage: Damage) => void;
}

export class SeriesBlocks implements SeriesArchive {
  readonly #options: SeriesBlocksOptions;
  #files: readonly BlockFile[];
  /** The least recently used first. */
  readonly #indexes = new Map<string, HeldIndex>();
  #held = 0;
  readonly #cache = new RecordCache(MAX_CACHED_BYTES);
  readonly #said = new Set<string>();
  #readers = 0;

  constructor(options: SeriesBlocksOptions, files: readonly BlockFile[]) {
    this.#options = options;
    this.#files = files;
  }

  get files(): readonly BlockFile[] {
    return this.#files;
  }

  get bytes(): number {
    return this.#files.reduce((sum, { length }) => sum + length, 0);
  }

  /** True while something is read: files that were replaced must stay. */
  get isRead(): boolean {
    return this.#readers > 0;
  }

  /** What counts from now on. */
  adopt(files: readonly BlockFile[]): void {
    this.#files = files;
    const names = new Set(files.map(({ name }) => name));
    for (const name of this.#indexes.keys()) if (!names.has(name)) this.#drop(name);
  }

  async read(
    id: number,
    tier: number,
    { from, to }: { from: number; to: number },
  ): Promise<Uint8Array[]> {
    const length = this.#options.tiers[tier]?.window ?? 1;
    const [first, last] = [Math.floor(from / length), Math.floor(to / length)];
    const files = this.#files.filter(
      (file) => file.tier === tier && file.window >= first && file.window <= last,
    );
    const found: Uint8Array[] = [];
    this.#readers++;
    try {
      for (const file of files) found.push(...(await this.readOf(file, id)));
    } finally {
      this.#readers--;
    }
    return found;
  }

  /** The records of a series in a file, the oldest first. */
  async readOf(file: BlockFile, id: number): Promise<readonly Uint8Array[]> {
    const { name, length } = file;
    const key = `${name}:${id}`;
    const held = this.#cache.get(key, length);
    if (held) return held;
    try {
      return await this.use(file, async (block) => {
        const damages: Damage[] = [];
        const onDamage = (damage: Damage) => {
          damages.push(damage);
          block.onDamage(damage);
        };
        const records = await recordsOf({ ...block, onDamage }, id);
        if (damages.length === 0) this.#cache.set(key, length, records);
        return records;
      });
    } catch (error) {
      // An answer with a gap helps more than none.
      this.#say(file.name, `${file.name} of the series cannot be read (${messageOf(error)}).`);
      return [];
    }
  }

  /** Opens a file for as long as the work takes. Rejects with the system's error, or the work's. */
  async use<T>(file: BlockFile, work: (block: OpenBlock) => Promise<T>): Promise<T> {
    const { io, folder } = this.#options;
    const fd = await io.open(join(folder, file.name), 'r');
    const damages: Damage[] = [];
    const onDamage = (damage: Damage) => damages.push(damage);
    try {
      const batches = await this.#indexOf(file, fd, onDamage);
      return await work({ file, io, fd, batches, onDamage });
    } finally {
      for (const damage of damages) await this.#setAside(file, fd, damage);
      await io.close(fd);
    }
  }

  async #indexOf(
    { name, length }: BlockFile,
    fd: number,
    onDamage: (damage: Damage) => void,
  ): Promise<readonly BatchIndex[]> {
    const held = this.#indexes.get(name);
    if (held !== undefined && held.length >= length) {
      this.#indexes.delete(name);
      this.#indexes.set(name, held);
      // It may know more than was stored when the read began.
      return held.batches.filter(({ offsets }) => (offsets.at(-1) ?? 0) <= length);
    }
    const from = held?.length ?? 0;
    const { io } = this.#options;
    const added = await readIndexes({ io, fd }, { from, to: length }, onDamage);
    const batches = [...(held?.batches ?? []), ...added];
    this.#hold(name, {
      length,
      batches,
      records: batches.reduce((n, { ids }) => n + ids.length, 0),
    });
    return batches;
  }

  #hold(name: string, index: HeldIndex): void {
    this.#drop(name);
    this.#indexes.set(name, index);
    this.#held += index.records;
    for (const oldest of this.#indexes.keys()) {
      if (this.#held <= MAX_HELD || oldest === name) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#held -= this.#indexes.get(name)?.records ?? 0;
    this.#indexes.delete(name);
  }

  /** Keeps damaged bytes and says so, once. */
  async #setAside({ name }: BlockFile, fd: number, { offset, length }: Damage): Promise<void> {
    const { io, folder, quarantine } = this.#options;
    const place = `${name}:${offset}`;
    if (this.#said.has(place)) return;
    const kept = await keepDamage({ io, fd, quarantine, path: join(folder, name) }, offset, length);
    this.#say(place, `${length} bytes of ${name} of the series are damaged. ${kept}`);
  }

  #say(place: string, sentence: string): void {
    if (this.#said.has(place) || this.#said.size >= MAX_SAID) return;
    this.#said.add(place);
    this.#options.warn(sentence);
  }
}

/** Copies damaged bytes of an open file to quarantine; resolves to the sentence that says where they are. */
export async function keepDamage(
  { io, fd, quarantine, path }: { io: FileSystem; fd: number; quarantine: string; path: string },
  offset: number,
  length: number,
): Promise<string> {
  try {
    const bytes = await readAt(io, fd, offset, length);
    const kept = await copyToQuarantine(quarantine, { path, offset }, bytes, nodeFileSystem);
    return `They are kept in ${kept}.`;
  } catch (error) {
    return `They could not be copied to quarantine: ${messageOf(error)}.`;
  }
}

/** The records of a series in an open file. */
export async function recordsOf(block: OpenBlock, id: number): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const batch of block.batches) {
    const place = findRecord(batch, id);
    if (place < 0) continue;
    const bytes = await readRecord(block, batch, place, block.onDamage);
    if (bytes !== null) found.push(bytes);
  }
  return found;
}
