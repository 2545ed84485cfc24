/** How much lies in the folders of the data directory: measured at leisure, because there may be 100,000 files. */
import { readdir, stat } from 'node:fs/promises';
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

async function sizeOf(folder: string): Promise<FolderSize> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const size = { files: 0, bytes: 0 };
  for (let at = 0; at < paths.length; at += AT_A_TIME) {
    const some = await Promise.all(paths.slice(at, at + AT_A_TIME).map(bytesOf));
    for (const bytes of some) {
      if (bytes === null) continue;
      size.files++;
      size.bytes += bytes;
    }
  }
  return size;
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
