import { join } from 'node:path';
import { type FileSystem, ignoreMissing } from './fileSystem.ts';

/**
 * Files that are no longer needed. The manifest before the newest may still name them, in case the newest gets damaged:
 * they go after the next manifest, which takes that one's place.
 */
export class LeavingFiles {
  #leaving: string[] = [];
  #gone: string[] = [];

  /** Those of `before` that are not in `after`. */
  replace(before: readonly { name: string }[], after: readonly { name: string }[]): void {
    const kept = new Set(after.map(({ name }) => name));
    for (const { name } of before) if (!kept.has(name)) this.#leaving.push(name);
  }

  /** When the work fails, the files that it made are not needed. */
  async orForget<T>(draft: { made: readonly string[] }, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#leaving.push(...draft.made);
      throw error;
    }
  }

  /** A manifest was written that names none of them. */
  committed(): void {
    this.#gone.push(...this.#leaving.splice(0));
  }

  async remove(folder: string, io: FileSystem): Promise<void> {
    for (const name of this.#gone) await ignoreMissing(io.unlink(join(folder, name)));
    this.#gone = [];
  }
}
