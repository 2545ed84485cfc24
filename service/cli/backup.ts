import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { bytes, count } from '../protocol/describe.ts';
import { ProductError } from '../protocol/errors.ts';
import { archivePieces, readArchive } from '../storage/archive.ts';
import { readServiceFile } from '../storage/dataDir.ts';
import { acquireLock } from '../storage/lock.ts';
import { listFiles } from '../storage/snapshot.ts';
import { checkService, dataDirOf, findService } from './client.ts';
import { download, writeFile } from './download.ts';
import { invalidOption, parseOptions } from './options.ts';

export const usage = 'backup FILE [--data-dir D]';

/** Backs up the data directory, whether a service runs or not, and reads the backup again to be sure of it. */
export async function backup(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { 'data-dir': { type: 'string' } }, true);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw invalidOption('backup takes one file');
  const flag = values['data-dir'];
  const dataDir = dataDirOf(process.env, flag);
  if (await isRunning(dataDir)) {
    await download(await findService(process.env, 'admin', flag), '/api/v1/backup', file);
  } else await backupStopped(dataDir, file);
  const { files } = await readArchive(createReadStream(file), passOver);
  const size = (await stat(file)).size;
  console.log(
    `Wrote ${file} (${bytes(size)}, ${count(files.length, '{0} file', '{0} files')}) and checked it. The access tokens are not in it.`,
  );
  return 0;
}

async function passOver(_name: string, content: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of content) if (chunk.length === 0) continue;
}

/** A service elsewhere is asked, whatever lies here. */
async function isRunning(dataDir: string): Promise<boolean> {
  if (process.env['PIPESCOPE_URL']) return true;
  const file = await readServiceFile(dataDir);
  if (file === null) return false;
  try {
    await checkService(file);
    return true;
  } catch (error) {
    // It has ended without taking its file with it; the lock knows better.
    if (error instanceof ProductError && error.code === 'SERVICE_UNREACHABLE') return false;
    throw error;
  }
}

async function backupStopped(dataDir: string, file: string): Promise<void> {
  const isFolder = await stat(dataDir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw invalidOption(`There is no data directory ${dataDir}. Name it: --data-dir`);
  const lock = await acquireLock(dataDir);
  try {
    const files = await listFiles(dataDir);
    await writeFile(file, async (out) => {
      for await (const piece of archivePieces(files, new Date().toISOString()))
        if (!out.write(piece)) await once(out, 'drain');
    });
  } finally {
    await lock.release();
  }
}
