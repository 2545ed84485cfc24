import { readFile } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { messageOf } from '../protocol/errors.ts';
import type { DurableOptions } from './durableFile.ts';
import { writeDurably } from './durableFile.ts';
import { codeOf } from './fileSystem.ts';
import { moveToQuarantine } from './quarantine.ts';

export interface DurableAdapterOptions<T> extends DurableOptions {
  /** Turns the parsed JSON into a document; throws a sentence when it is not one. */
  parse: (value: unknown) => T;
  /** Folder that damaged files are moved to. */
  quarantine: string;
  /** Gets one sentence for the person who runs the service. */
  onDamaged: (sentence: string) => void;
}

/**
 * lowdb's `Adapter` on `writeDurably`: lowdb's own adapter neither syncs nor uses a temporary name of its own.
 * A file that cannot be read, parsed or accepted is moved to quarantine, reported, and reads as null.
 */
export function durableAdapter<T>(path: string, options: DurableAdapterOptions<T>): Adapter<T> {
  return {
    read: async () => {
      try {
        return options.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        // Too many open files or no memory says nothing about the file.
        if (['EMFILE', 'ENFILE', 'ENOMEM'].includes(codeOf(error))) throw error;
        options.onDamaged(await setAside(path, options.quarantine, messageOf(error)));
        return null;
      }
    },
    write: (data) => writeDurably(path, JSON.stringify(data), options),
  };
}

/** Moves a damaged file to quarantine; resolves to the sentence that says so, also when it could not be moved. */
export async function setAside(path: string, quarantine: string, why: string): Promise<string> {
  try {
    const kept = await moveToQuarantine(quarantine, path);
    return `${path} is damaged (${why}). It was moved to ${kept}.`;
  } catch (error) {
    return `${path} is damaged (${why}) and could not be moved to quarantine: ${messageOf(error)}.`;
  }
}
