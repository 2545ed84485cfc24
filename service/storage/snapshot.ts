/** The files of a data directory as they were at one moment, held while the service goes on. */
import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './fileSystem.ts';
import type { SegmentInfo } from './segment.ts';

export interface SnapshotFile {
  /** Path below the data directory, with `/`. */
  name: string;
  /** Where its bytes are now. */
  path: string;
  /** How many of them belong to it: an append-only file may have grown since. */
  bytes: number;
}

export interface Snapshot {
  files: SnapshotFile[];
  /** Lets go of the files. */
  remove(): Promise<void>;
}

/**
 * What a backup holds. Not the tokens, which are secrets and made anew; not quarantine, which is for a person to look
 * at; not what says that a service runs.
 */
const FOLDERS = ['state', 'series', 'journal'] as const;
/** Names that the service gives; others are none of its business. Temporary files begin with a dot. */
const OWN_NAME = /^\w[\w.-]*$/;
const SNAPSHOT = /^\.backup-[0-9a-f]{16}$/;
const PARALLEL = 16;

/**
 * Holds the files by hard links (copies where the disk has none) in a folder of the data directory. To be called while
 * nothing but the journal is written; `segments` says how far its files are durable.
 */
export async function takeSnapshot(
  dataDir: string,
  segments: () => readonly SegmentInfo[],
): Promise<Snapshot> {
  await removeLeftSnapshots(dataDir);
  const folder = join(dataDir, `.backup-${randomBytes(8).toString('hex')}`);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    const found = await listFiles(dataDir);
    // After the state was listed: what it holds is in the journal.
    const durable = new Map(segments().map(({ path, bytes }) => [path, bytes]));
    const files: SnapshotFile[] = [];
    for (const file of found) {
      const bytes = isSegment(file) ? durable.get(file.path) : file.bytes;
      // A segment that nothing was acknowledged of.
      if (bytes !== undefined && bytes > 0) files.push({ ...file, bytes });
    }
    return { files: await holdAll(files, folder), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes what a crash left of snapshots. Only for the holder of the lock, while no snapshot is held. */
export async function removeLeftSnapshots(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (SNAPSHOT.test(name)) await rm(join(dataDir, name), { recursive: true, force: true });
}

/** The files of a data directory that a backup holds, as they are: for a directory that no service uses. */
export async function listFiles(dataDir: string): Promise<SnapshotFile[]> {
  const files: SnapshotFile[] = [];
  for (const folder of FOLDERS) await walk(dataDir, folder, files);
  return files;
}

function isSegment({ name }: SnapshotFile): boolean {
  return /^journal\/\d+\.ndjson$/.test(name);
}

async function walk(dataDir: string, folder: string, files: SnapshotFile[]): Promise<void> {
  const entries = await readdir(join(dataDir, folder), { withFileTypes: true }).catch(
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    },
  );
  for (const entry of entries) {
    if (!OWN_NAME.test(entry.name)) continue;
    const name = `${folder}/${entry.name}`;
    const path = join(dataDir, folder, entry.name);
    if (entry.isDirectory()) await walk(dataDir, name, files);
    else if (entry.isFile()) {
      const bytes = await sizeOf(path);
      if (bytes !== null) files.push({ name, path, bytes });
    }
  }
}

/** Null where it has gone meanwhile: a list of ids that is replaced. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function holdAll(files: readonly SnapshotFile[], folder: string): Promise<SnapshotFile[]> {
  const held: SnapshotFile[] = [];
  const work = files.entries();
  const worker = async () => {
    for (const [i, file] of work) {
      const path = join(folder, String(i));
      if (await hold(file.path, path)) held.push({ ...file, path });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return held.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const NO_LINKS = new Set(['EPERM', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

/** False where the file has gone meanwhile. */
async function hold(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: unknown) => {
      if (!NO_LINKS.has(codeOf(error))) throw error;
      return copyFile(from, to);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
