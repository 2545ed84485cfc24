/** The files of the data directory's `alerts/`. Opened for each line: whoever removes or renames one harms nothing. */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import { codeOf, ignoreMissing } from '../../storage/fileSystem.ts';
import { ChannelError } from './error.ts';

export interface Rotation {
  /** A file that would become longer is put aside first. */
  maxBytes: number;
  /** Files of that name in all, the one that is written included. */
  keep: number;
}

/** A link in its place would lead the lines elsewhere; a pipe would keep the writer waiting. Windows knows neither flag. */
const FLAGS =
  constants.O_CREAT |
  constants.O_RDWR |
  constants.O_APPEND |
  (process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK);

export class AlertFiles {
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when the line is durable. Rejects with ChannelError. One after the other: rotation moves files. */
  async append(name: string, line: string, rotation: Rotation): Promise<void> {
    const done = this.#last.then(() => this.#append(join(this.#folder, name), line, rotation));
    this.#last = done.catch(() => undefined);
    try {
      await done;
    } catch (error) {
      throw new ChannelError(sentence(name, error), { cause: error });
    }
  }

  async #append(path: string, line: string, rotation: Rotation): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const size = await sizeOf(path);
    if (size > 0 && size + Buffer.byteLength(line) > rotation.maxBytes)
      await rotate(path, rotation.keep);
    const file = await open(path, FLAGS, 0o600);
    try {
      const { size: end, mode } = await file.stat();
      if ((mode & 0o077) !== 0) await file.chmod(0o600);
      await file.appendFile((await endsOpen(file, end)) ? `\n${line}` : line);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** `alerts.jsonl` becomes `alerts.jsonl.1`, that one `.2`; the oldest goes. */
async function rotate(path: string, keep: number): Promise<void> {
  const older = (index: number) => (index === 0 ? path : `${path}.${index}`);
  await ignoreMissing(unlink(older(keep - 1)));
  for (let index = keep - 2; index >= 0; index--)
    await ignoreMissing(rename(older(index), older(index + 1)));
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** True where a crash left a line without its end. */
async function endsOpen(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

function sentence(name: string, error: unknown): string {
  const place = `alerts/${name} of the data directory`;
  switch (codeOf(error)) {
    case 'ENOSPC':
      return `The disk is full: ${place} could not be written. Free some space.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The service may not write ${place}. Make it writable.`;
    case 'ELOOP':
    case 'EISDIR':
    case 'ENXIO':
    case 'ENOTDIR':
    case 'EEXIST':
      return `${place} is not a file. Remove what stands there, or choose another name.`;
    default:
      return `${place} could not be written: ${codeOf(error) || messageOf(error)}.`;
  }
}
