/** The way back after a restart or a crash. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../protocol/errors.ts';
import type { Delta } from '../series/store.ts';
import { codeOf, type FileSystem } from './fileSystem.ts';
import { setAside } from './durableAdapter.ts';
import { keepDamage } from './seriesBlocks.ts';
import { type Damage, readIndexes, readRecords } from './seriesFormat.ts';
import type { LogFile } from './seriesManifest.ts';

export interface RecoveryPlace {
  folder: string;
  quarantine: string;
  io: FileSystem;
  warn: (sentence: string) => void;
}

/** Without a manifest nobody can say which bytes count: all files of series go to quarantine. */
export async function setAsideAll({ folder, quarantine, warn }: RecoveryPlace): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.deltas') && !name.endsWith('.blocks')) continue;
    warn(await setAside(join(folder, name), quarantine, 'no list of series files names it'));
  }
}

/** Cuts what a crash left behind the bytes that count. */
export async function cutFiles(
  { folder, io, warn }: RecoveryPlace,
  files: readonly { name: string; length: number }[],
): Promise<void> {
  for (const { name, length } of files) {
    try {
      const fd = await io.open(join(folder, name), 'r+');
      try {
        const size = await io.size(fd);
        if (size > length) await io.ftruncate(fd, length);
        if (size < length) warn(`${name} of the series lacks ${length - size} of ${length} bytes.`);
      } finally {
        await io.close(fd);
      }
    } catch (error) {
      warn(`${name} of the series cannot be opened (${messageOf(error)}).`);
    }
  }
}

/** Hands over every delta of the logs, in their order. Damaged ones are kept in quarantine and said. */
export async function readLogs(
  place: RecoveryPlace,
  logs: readonly LogFile[],
  take: (delta: Delta) => boolean,
): Promise<void> {
  for (const log of logs) {
    try {
      await readLog(place, log, take);
    } catch (error) {
      // `cutFiles` has said what there is to say of a file that is not there.
      if (codeOf(error) !== 'ENOENT') {
        place.warn(`${log.name} of the series cannot be read (${messageOf(error)}).`);
      }
    }
  }
}

async function readLog(
  { folder, quarantine, io, warn }: RecoveryPlace,
  { name, length }: LogFile,
  take: (delta: Delta) => boolean,
): Promise<void> {
  const path = join(folder, name);
  const fd = await io.open(path, 'r');
  const damages: Damage[] = [];
  const onDamage = (damage: Damage) => damages.push(damage);
  try {
    for (const batch of await readIndexes({ io, fd }, { from: 0, to: length }, onDamage)) {
      const records = await readRecords({ io, fd }, batch, onDamage);
      for (const [i, id] of batch.ids.entries()) {
        const bytes = records[i] ?? null;
        if (bytes !== null) take({ id, bytes });
      }
      await setImmediate();
    }
    for (const { offset, length: lost } of damages) {
      const kept = await keepDamage({ io, fd, quarantine, path }, offset, lost);
      warn(`${lost} bytes of ${name} of the series are damaged. ${kept}`);
    }
  } finally {
    await io.close(fd);
  }
}
