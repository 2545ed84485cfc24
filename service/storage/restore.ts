/** Puts a backup in the place of a data directory: whole, or not at all. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProductError } from '../protocol/errors.ts';
import { type Manifest, readArchive } from './archive.ts';
import { codeOf, ignoreMissing, nodeFileSystem } from './fileSystem.ts';
import { type Lock, acquireLock } from './lock.ts';

export interface Restored {
  manifest: Manifest;
  /** Where the directory is now that was there before; null where there was none, or nothing in it. */
  movedTo: string | null;
}

/**
 * Checks the archive whole, beside the directory, then swaps. Throws ARCHIVE_INVALID, DATA_DIR_LOCKED while a service
 * uses the directory, DATA_DIR_UNUSABLE where it has something in it and `force` is not set (which moves it aside).
 */
export async function restoreArchive(
  archive: string,
  dataDir: string,
  { force, stamp }: { force: boolean; stamp: string },
): Promise<Restored> {
  const names = await namesIn(dataDir);
  const lock = names === null ? null : await acquireLock(dataDir);
  const staging = `${dataDir}.restore-${randomBytes(8).toString('hex')}`;
  try {
    // The lock itself is a file there.
    const holds = names?.some((name) => name !== 'lock') ?? false;
    if (holds && !force) throw notEmpty(dataDir);
    await mkdir(staging, { recursive: true, mode: 0o700 });
    const manifest = await readArchive(createReadStream(archive), (name, content) =>
      writeFile(staging, name, content),
    );
    const movedTo = holds ? `${dataDir}.before-restore-${stamp}` : null;
    await swap({ dataDir, staging, movedTo, lock });
    return { manifest, movedTo };
  } finally {
    await rm(staging, { recursive: true, force: true });
    await lock?.release();
  }
}

/** Null where there is no such directory. */
async function namesIn(dataDir: string): Promise<string[] | null> {
  try {
    return await readdir(dataDir);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (codeOf(error) !== 'ENOTDIR') throw error;
    throw new ProductError('DATA_DIR_UNUSABLE', {
      detail: `${dataDir} is a file. Choose a folder with --data-dir.`,
    });
  }
}

function notEmpty(dataDir: string): ProductError {
  return new ProductError('DATA_DIR_UNUSABLE', {
    detail: `The data directory ${dataDir} is not empty. Choose another with --data-dir, or add --force to move it aside.`,
  });
}

/** State can be made anew from the journal, and a job's file is one of many: only the rest is waited for. */
const DURABLE = /^(journal|series)\/|checkpoint\.json$/;

async function writeFile(
  staging: string,
  name: string,
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const path = join(staging, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    if (DURABLE.test(name)) await file.sync();
  } finally {
    await file.close();
  }
}

interface Swap {
  dataDir: string;
  staging: string;
  movedTo: string | null;
  lock: Lock | null;
}

async function swap({ dataDir, staging, movedTo, lock }: Swap): Promise<void> {
  if (movedTo !== null) {
    // Clients of the old directory go on with their tokens, channels with their secrets: a backup holds neither.
    for (const name of ['tokens.json', 'secrets.json'])
      await ignoreMissing(copyFile(join(dataDir, name), join(staging, name)));
    await rename(dataDir, movedTo);
  } else if (lock) {
    await ignoreMissing(unlink(join(dataDir, 'lock')));
    await rmdir(dataDir);
  }
  try {
    await rename(staging, dataDir);
  } catch (error) {
    if (movedTo !== null) await rename(movedTo, dataDir);
    throw error;
  }
  await nodeFileSystem.syncFolder(dirname(dataDir));
}
