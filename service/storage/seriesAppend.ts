/** Appending to the files of the series. Nothing that is written here counts before a manifest says so. */
import { join } from 'node:path';
import type { Tier } from '../series/tiers.ts';
import { codeOf, type FileSystem, writeFully } from './fileSystem.ts';
import { encodeBatch, type SeriesRecord } from './seriesFormat.ts';
import type { BlockFile, LogFile } from './seriesManifest.ts';

export interface AppendOptions {
  folder: string;
  io: FileSystem;
}

/**
 * Puts a batch behind the bytes that count, over what an earlier try may have left there. Durable when it resolves to
 * the new length, but for the name of a file that is new.
 */
async function appendBatch(
  { folder, io }: AppendOptions,
  { name, length }: { name: string; length: number },
  records: readonly SeriesRecord[],
): Promise<number> {
  const batch = encodeBatch(records);
  const fd = await openOrMake(io, join(folder, name));
  try {
    await writeFully(io, fd, batch.buffers, length);
    await io.fdatasync(fd);
  } finally {
    await io.close(fd);
  }
  return length + batch.length;
}

async function openOrMake(io: FileSystem, path: string): Promise<number> {
  try {
    return await io.open(path, 'r+');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return io.open(path, 'wx', 0o600);
  }
}

/** Numbers the files: no name comes twice. */
export interface FileNumbers {
  next: number;
}

/** The logs as they will be, once the manifest counts them. */
export class LogDraft {
  readonly #options: AppendOptions;
  readonly #numbers: FileNumbers;
  /** Logs whose points are set aside to become blocks. */
  sealed: LogFile[];
  current: LogFile[];
  /** Files that did not exist before. */
  readonly made: string[] = [];

  constructor(
    options: AppendOptions,
    numbers: FileNumbers,
    { sealed, current }: { sealed: readonly LogFile[]; current: readonly LogFile[] },
  ) {
    this.#options = options;
    this.#numbers = numbers;
    this.sealed = [...sealed];
    this.current = [...current];
  }

  async append(records: readonly SeriesRecord[]): Promise<void> {
    if (records.length === 0) return;
    const open = this.current.at(-1) ?? (await this.#newLog());
    const length = await appendBatch(this.#options, open, records);
    this.current = [...this.current.slice(0, -1), { ...open, length }];
  }

  /** What comes next goes into another log. */
  seal(): void {
    this.sealed.push(...this.current);
    this.current = [];
  }

  async #newLog(): Promise<LogFile> {
    const log = { name: `log-${this.#numbers.next++}.deltas`, length: 0 };
    this.current.push(log);
    this.made.push(log.name);
    await makeName(this.#options, log.name);
    return log;
  }
}

/** The blocks as they will be, once the manifest counts them. */
export class BlockDraft {
  readonly #options: AppendOptions & { tiers: readonly Tier[] };
  readonly #numbers: FileNumbers;
  readonly #files: Map<string, BlockFile>;
  readonly #written = new Set<string>();
  /** Files that did not exist before. */
  readonly made: string[] = [];

  constructor(
    options: AppendOptions & { tiers: readonly Tier[] },
    numbers: FileNumbers,
    files: readonly BlockFile[],
  ) {
    this.#options = options;
    this.#numbers = numbers;
    this.#files = new Map(files.map((file) => [placeOf(file), file]));
  }

  get files(): BlockFile[] {
    return [...this.#files.values()];
  }

  /** `records` are in the order of their ids. */
  async append(
    at: { tier: number; window: number },
    records: readonly SeriesRecord[],
  ): Promise<void> {
    if (records.length === 0) return;
    const file = this.#files.get(placeOf(at)) ?? (await this.#newFile(at));
    const length = await appendBatch(this.#options, file, records);
    const isFirst = !this.#written.has(file.name);
    this.#written.add(file.name);
    this.#files.set(placeOf(at), { ...file, length, writes: file.writes + (isFirst ? 1 : 0) });
  }

  /** Leaves a file out: what is appended to its place goes into a new one. */
  remove(file: BlockFile): void {
    this.#files.delete(placeOf(file));
  }

  async #newFile({ tier, window }: { tier: number; window: number }): Promise<BlockFile> {
    const { tiers } = this.#options;
    const name = `${tiers[tier]?.name ?? tier}-${window}-${this.#numbers.next++}.blocks`;
    this.made.push(name);
    await makeName(this.#options, name);
    return { name, tier, window, length: 0, writes: 0 };
  }
}

const placeOf = ({ tier, window }: { tier: number; window: number }): string => `${tier}:${window}`;

/** The name of a new file is durable before a manifest mentions it. */
async function makeName({ folder, io }: AppendOptions, name: string): Promise<void> {
  await io.close(await openOrMake(io, join(folder, name)));
  await io.syncFolder(folder);
}
