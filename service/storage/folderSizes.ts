/** How much lies in the folders of the data directory: measured at leisure, because there may be 100,000 files. */
import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from './fileSystem.ts';

const FOLDERS = ['journal', 'state', 'series', 'quarantine'] as const;

interface FolderSize {
  files: number;
  bytes: number;
}

export interface FolderSizes {
  /** Epoch milliseconds. */
  measured_at: number;
  folders: Record<(typeof FOLDERS)[number], FolderSize>;
}

const KEPT_MS = 60_000;
/** Who asks is not kept waiting for longer. */
const PATIENCE_MS = 50;
const AT_A_TIME = 8;

export class FolderSizeReader {
  readonly #dataDir: string;
  #latest: FolderSizes | null = null;
  #running: Promise<void> | undefined;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** As last measured, a minute ago at most or as soon as it is done; null while the first look is not. */
  async read(now: number): Promise<FolderSizes | null> {
    if (this.#latest === null || now - this.#latest.measured_at > KEPT_MS)
      this.#running ??= this.#measure(now).finally(() => (this.#running = undefined));
    if (this.#running) await Promise.race([this.#running, wait(PATIENCE_MS)]);
    return this.#latest;
  }

  async #measure(now: number): Promise<void> {
    const sizes: [string, FolderSize][] = [];
    for (const name of FOLDERS) sizes.push([name, await sizeOf(join(this.#dataDir, name))]);
    const folders = Object.fromEntries(sizes) as FolderSizes['folders'];
    this.#latest = { measured_at: now, folders };
  }
}

/**
 * Goes through folder after folder, some entries at a time: a list of all of 100,000 files would keep the service from answering anybody for
 * a quarter of a second.
 */
async function sizeOf(folder: string): Promise<FolderSize> {
  const size = { files: 0, bytes: 0 };
  const folders = [folder];
  for (let one = folders.pop(); one !== undefined; one = folders.pop())
    for await (const entries of entriesOf(one)) {
      for (const entry of entries) if (entry.isDirectory()) folders.push(join(one, entry.name));
      const files = entries.filter((entry) => entry.isFile());
      for (const bytes of await Promise.all(files.map(({ name }) => bytesOf(join(one, name))))) {
        if (bytes === null) continue;
        size.files++;
        size.bytes += bytes;
      }
    }
  return size;
}

/** What lies in the folder, a few entries at a time; nothing where it has gone meanwhile. */
async function* entriesOf(folder: string): AsyncGenerator<Dirent[]> {
  let some: Dirent[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      some.push(entry);
      if (some.length < AT_A_TIME) continue;
      yield some;
      some = [];
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  yield some;
}

/** Null for a file that has gone meanwhile: the service writes and removes them all the time. */
async function bytesOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
