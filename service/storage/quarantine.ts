import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeDurably } from './durableFile.ts';
import type { FileSystem } from './fileSystem.ts';
import { codeOf } from './fileSystem.ts';

/**
 * Moves a damaged file (or whatever stands in its place) into the quarantine folder, under a name that is free.
 * Nothing in there is ever removed by the service. Resolves to the new path.
 */
export async function moveToQuarantine(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let copy = 1; ; copy++) {
    const target = join(folder, copy === 1 ? basename(path) : `${basename(path)}.${copy}`);
    if (await exists(target)) continue;
    await rename(path, target);
    return target;
  }
}

/**
 * Keeps damaged bytes of a file. The name says where they come from and what they are, so the same damage seen at
 * every start makes one file. Resolves to its path.
 */
export async function copyToQuarantine(
  folder: string,
  source: { path: string; offset: number },
  bytes: Uint8Array,
  io: FileSystem,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sum = crc32(bytes).toString(16).padStart(8, '0');
  const target = join(folder, `${basename(source.path)}.at-${source.offset}.${sum}.bin`);
  if (!(await exists(target))) await writeDurably(target, bytes, { fs: io });
  return target;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
