import * as fs from 'node:fs';
import { promisify } from 'node:util';

/**
 * The file operations that durability hangs on, and no others. Tests put a file system behind it that loses
 * unsynced writes, fails a sync or is full; everything else uses `nodeFileSystem`.
 */
export interface FileSystem {
  /** Flags as in fopen(3): "r", "r+", "wx" (create, must not exist). Resolves to a descriptor. */
  open(path: string, flags: string, mode?: number): Promise<number>;
  /** Bytes read at `position`; 0 at the end of the file. */
  read(fd: number, buffer: Uint8Array, position: number): Promise<number>;
  /** Bytes written at `position`; may be fewer than given, never silently. */
  write(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number>;
  fdatasync(fd: number): Promise<void>;
  fsync(fd: number): Promise<void>;
  ftruncate(fd: number, length: number): Promise<void>;
  size(fd: number): Promise<number>;
  close(fd: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes created, renamed and removed names of a folder durable. */
  syncFolder(path: string): Promise<void>;
}

// Callbacks on plain descriptors: a FileHandle costs more per call and closes itself when it is collected.
const openFile = promisify(fs.open);
const closeFile = promisify(fs.close);
const syncFile = promisify(fs.fsync);

export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode = 0o600) => openFile(path, flags, mode),
  read: (fd, buffer, position) =>
    new Promise((resolve, reject) => {
      fs.read(fd, buffer, 0, buffer.byteLength, position, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    }),
  // Into the page cache, at once: 30 kB take 20 µs, a thread of the pool to do it takes five times that. All that was
  // written before is synced, so there is nothing that the system could make a writer wait for.
  write: (fd, buffers, position) =>
    new Promise((resolve) => {
      resolve(fs.writevSync(fd, buffers, position));
    }),
  fdatasync: promisify(fs.fdatasync),
  fsync: syncFile,
  ftruncate: promisify(fs.ftruncate),
  size: (fd) => promisify(fs.fstat)(fd).then((stat) => stat.size),
  close: closeFile,
  rename: promisify(fs.rename),
  unlink: promisify(fs.unlink),
  syncFolder: async (path) => {
    // Windows has no handle for a folder's entries; NTFS journals them itself.
    if (process.platform === 'win32') return;
    const fd = await openFile(path, 'r');
    try {
      await syncFile(fd);
    } finally {
      await closeFile(fd);
    }
  },
};

/** Writes all buffers at `position`, in as many calls as the system needs. A write of nothing is an error. */
export async function writeFully(
  io: FileSystem,
  fd: number,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let rest = buffers.filter((buffer) => buffer.byteLength > 0);
  let at = position;
  while (rest.length > 0) {
    const written = await io.write(fd, rest, at);
    if (written <= 0) throw new Error(`Nothing could be written at byte ${at}.`);
    at += written;
    rest = without(rest, written);
  }
}

function without(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  let index = 0;
  for (; index < buffers.length; index++) {
    const length = buffers[index]?.byteLength ?? 0;
    if (skip < length) break;
    skip -= length;
  }
  const rest = buffers.slice(index);
  const [first] = rest;
  if (first !== undefined && skip > 0) rest[0] = first.subarray(skip);
  return rest;
}

/** The `code` of a system error ("ENOENT"), or '' for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** Awaits a removal and takes "it is not there" as success. */
export async function ignoreMissing(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
