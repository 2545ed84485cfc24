import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './atExit.ts';

const open = new Map<string, () => void>();

/** A new empty folder under the system's temporary folder; removed by `removeTempDir`, at the latest when the process ends. */
export function makeTempDir(label = 'test'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `pipescope-${label}-`)));
  open.set(
    folder,
    atExit(() => removeTempDir(folder)),
  );
  return folder;
}

export function removeTempDir(folder: string): void {
  // A process that is just ending may still write: the removal is tried again for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  open.get(folder)?.();
  open.delete(folder);
}

/** In a `describe`: a fresh folder for every test, removed after it. Call the result for its path. */
export function useTempDir(label?: string): () => string {
  let folder = '';
  beforeEach(() => {
    folder = makeTempDir(label);
  });
  afterEach(() => removeTempDir(folder));
  return () => folder;
}
