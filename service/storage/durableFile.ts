import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { ignoreMissing, nodeFileSystem, writeFully } from './fileSystem.ts';

export interface DurableOptions {
  /** False only for seeding benchmarks: then a power cut may lose the file. */
  sync?: boolean;
  fs?: FileSystem;
}

const TEMP = /^\..+\.[0-9a-f]{16}\.tmp$/;

/**
 * Replaces a file in one step: after a crash at any moment the old or the new content stands there, whole, and once
 * this resolves the new content survives a power cut. Mode 0600. Rejects with the system's error; then the old
 * content is untouched.
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  options: DurableOptions = {},
): Promise<void> {
  const { sync = true, fs: io = nodeFileSystem } = options;
  const folder = dirname(path);
  const temp = join(folder, `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeTemp(temp, typeof content === 'string' ? Buffer.from(content) : content, {
      io,
      sync,
    });
    await io.rename(temp, path);
  } catch (error) {
    await removeTemp(io, temp, error);
    throw error;
  }
  if (sync) await io.syncFolder(folder);
}

async function writeTemp(
  path: string,
  bytes: Uint8Array,
  { io, sync }: { io: FileSystem; sync: boolean },
): Promise<void> {
  const fd = await io.open(path, 'wx', 0o600);
  try {
    await writeFully(io, fd, [bytes], 0);
    // A file system that quietly stores less must not replace a good file (seen with full network shares).
    const size = await io.size(fd);
    if (size !== bytes.byteLength) {
      throw new Error(`${size} of ${bytes.byteLength} bytes arrived in ${path}.`);
    }
    if (sync) await io.fsync(fd);
  } finally {
    await io.close(fd);
  }
}

async function removeTemp(io: FileSystem, temp: string, because: unknown): Promise<void> {
  try {
    await ignoreMissing(io.unlink(temp));
  } catch (error) {
    throw new AggregateError([because, error], `${messageOf(because)} ${temp} was left behind.`);
  }
}

/** Removes the temporary files that a crash left in a folder. Only for the holder of the lock. */
export async function removeLeftTemps(
  folder: string,
  io: FileSystem = nodeFileSystem,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (TEMP.test(name)) await ignoreMissing(io.unlink(join(folder, name)));
  }
}
