import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../../service/storage/journal.ts';
import type { JournalOptions } from '../../../service/storage/journal.ts';
import type { FileSystem } from '../../../service/storage/fileSystem.ts';
import { nodeFileSystem } from '../../../service/storage/fileSystem.ts';
import type { StoredEntry } from '../../../service/storage/journalReader.ts';

export interface TestEvent {
  id: string;
  type: string;
  note?: string;
}

export const event = (id: string | number, note?: string): TestEvent => ({
  id: `event-${id}`,
  type: 'log.recorded',
  ...(note === undefined ? {} : { note }),
});

export const events = (from: number, count: number): TestEvent[] =>
  Array.from({ length: count }, (_, index) => event(from + index));

/** Folders that vanish after the test: `const folder = temporaryFolders()` inside a describe. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
  });
  return () => {
    const path = mkdtempSync(join(tmpdir(), 'pipescope-storage-'));
    made.push(path);
    return path;
  };
}

export async function openJournal(dir: string, options: JournalOptions = {}) {
  return Journal.open<TestEvent>(dir, options);
}

export async function readAll(
  journal: Journal<TestEvent>,
  fromSeq = 1,
): Promise<StoredEntry<TestEvent>[]> {
  const all: StoredEntry<TestEvent>[] = [];
  for await (const chunk of journal.read(fromSeq)) all.push(...chunk);
  return all;
}

/** What a fresh start finds: opens, reads everything, closes. */
export async function reopen(dir: string, options: JournalOptions = {}) {
  const { journal, report } = await openJournal(dir, options);
  const entries = await readAll(journal);
  const { lastSeq } = journal;
  await journal.close();
  return { entries, ids: entries.map((entry) => entry.event.id), lastSeq, report };
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** The real file system, with an operation that fails while `shouldFail` says so. */
export function failing(
  operation: 'fdatasync' | 'write' | 'open',
  code: string,
  shouldFail: () => boolean,
): FileSystem {
  const check = (): void => {
    if (shouldFail()) throw systemError(code);
  };
  return {
    ...nodeFileSystem,
    [operation]: async (...args: never[]) => {
      check();
      return (nodeFileSystem[operation] as (...all: never[]) => Promise<unknown>)(...args);
    },
  };
}

/** A small random generator with a seed, so that a failing round can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error('The condition did not come true in time.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
