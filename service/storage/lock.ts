import { createHash, randomBytes } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { removeLeftTemps } from './durableFile.ts';
import { codeOf, ignoreMissing } from './fileSystem.ts';
import { moveToQuarantine } from './quarantine.ts';

/** Held until `release` or the end of the process, whatever ends it. */
export interface Lock {
  release(): Promise<void>;
}

/** The id file; its content is unguessable, so that no other user can take the name beforehand. */
const FILE = 'lock';

/**
 * Takes the data directory for this process. The operating system holds the lock and lets go of it when the process
 * dies, so there is no stale lock to judge. A second holder gets DATA_DIR_LOCKED.
 * Limits: processes in different network namespaces (containers that share a volume) do not see each other's lock.
 */
export async function acquireLock(dataDir: string): Promise<Lock> {
  const lock = await (process.platform === 'darwin' ? lockFile(dataDir) : lockName(dataDir));
  await removeLeftTemps(dataDir);
  return lock;
}

/** macOS: BSD locks are taken with open(2) itself; Node passes numeric flags on as they are. */
async function lockFile(dataDir: string): Promise<Lock> {
  const O_RDWR = 0x2;
  const O_NONBLOCK = 0x4;
  const O_EXLOCK = 0x20;
  const O_CREAT = 0x200;
  try {
    const file = await open(join(dataDir, FILE), O_RDWR | O_NONBLOCK | O_EXLOCK | O_CREAT, 0o600);
    return { release: () => file.close() };
  } catch (error) {
    if (codeOf(error) === 'EAGAIN' || codeOf(error) === 'EWOULDBLOCK') throw locked(dataDir);
    throw unusable(dataDir, error);
  }
}

/** Linux: a socket name without a file; Windows: a pipe name. Either can be bound once. */
async function lockName(dataDir: string): Promise<Lock> {
  for (;;) {
    const id = await readId(dataDir);
    const name = await nameOf(dataDir, id);
    const server = await listen(name);
    if (server === undefined) throw locked(dataDir);
    try {
      // A runtime that does not know such names binds a random one instead: then a second one would succeed.
      const second = await listen(name);
      if (second !== undefined) {
        await close(second);
        throw new Error('this runtime cannot bind abstract socket names');
      }
      // The last holder may have changed the id between our reading and binding.
      if ((await readId(dataDir)) === id) return { release: () => release(dataDir, server) };
    } catch (error) {
      await close(server);
      throw unusable(dataDir, error);
    }
    await close(server);
  }
}

/** Bound names are visible to every user, so the next holder gets a fresh one. */
async function release(dataDir: string, server: Server): Promise<void> {
  try {
    const temp = await writeNewId(dataDir);
    await rename(temp, join(dataDir, FILE));
  } catch (error) {
    // The directory may be gone or full; the old id serves as well.
    process.emitWarning(`The lock id of ${dataDir} was not renewed: ${messageOf(error)}`);
  } finally {
    await close(server);
  }
}

async function readId(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  for (let tries = 0; ; tries++) {
    try {
      const id = await readFile(path, 'utf8');
      if (/^[0-9a-f]{32}$/.test(id)) return id;
      // Any content does, even none: what counts is that all read the same. The next holder gets a right one.
      return createHash('sha256').update(id).digest('hex');
    } catch (error) {
      if (codeOf(error) === 'EISDIR') await moveToQuarantine(join(dataDir, 'quarantine'), path);
      else if (codeOf(error) !== 'ENOENT' || tries > 9) throw unusable(dataDir, error);
    }
    try {
      await createId(dataDir);
    } catch (error) {
      throw unusable(dataDir, error);
    }
  }
}

/** Appears whole or not at all, and never over another one: link(2) fails when the name exists. */
async function createId(dataDir: string): Promise<void> {
  const temp = await writeNewId(dataDir);
  try {
    await link(temp, join(dataDir, FILE));
  } catch (error) {
    // ENOENT: another process has won meanwhile and tidied up. Its id is read next.
    if (!['EEXIST', 'ENOENT'].includes(codeOf(error))) throw error;
  } finally {
    await ignoreMissing(unlink(temp));
  }
}

async function writeNewId(dataDir: string): Promise<string> {
  const temp = join(dataDir, `.${FILE}.${randomBytes(8).toString('hex')}.tmp`);
  await writeFile(temp, randomBytes(16).toString('hex'), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  return temp;
}

/** Device and inode are part of the name: a copied directory is another one. */
async function nameOf(dataDir: string, id: string): Promise<string> {
  const { dev, ino } = await stat(dataDir, { bigint: true });
  const hash = createHash('sha256').update(`${id} ${dev}:${ino}`).digest('hex');
  if (process.platform === 'win32') return `\\\\.\\pipe\\pipescope-${hash}`;
  // Node 20 fills a short name up with zeros to 108 bytes and Node 24 does not: a full one is the same for both.
  return `\0${`pipescope-${hash}`.padEnd(107, '-')}`;
}

/** Undefined when the name is taken. */
function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    // Whoever connects learns nothing and costs nothing.
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (['EADDRINUSE', 'EACCES'].includes(codeOf(error))) resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server.unref()));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function locked(dataDir: string): ProductError {
  return new ProductError('DATA_DIR_LOCKED', {
    detail:
      `The data directory ${dataDir} is in use by another Pipescope service. Stop that one, or choose another ` +
      `directory with --data-dir.`,
  });
}

function unusable(dataDir: string, error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  return new ProductError('DATA_DIR_UNUSABLE', {
    detail: `The data directory ${dataDir} could not be locked: ${messageOf(error)}.`,
    cause: error,
  });
}
