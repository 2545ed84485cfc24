import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { FileSystem } from '../../../service/storage/fileSystem.ts';
import { nodeFileSystem } from '../../../service/storage/fileSystem.ts';

type Change = { position: number; bytes: Buffer } | { length: number };

interface File {
  /** Content that survives for certain. */
  synced: Buffer;
  /** What happened since; each part may or may not survive. */
  changes: Change[];
}

/**
 * A disk that keeps what POSIX promises after a power cut and no more: synced bytes, synced names. Unsynced writes
 * are kept, dropped, torn or overtaken by later ones at random; so are created, renamed and removed names.
 */
export class PowerLossDisk implements FileSystem {
  readonly #descriptors = new Map<number, File>();
  #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();

  constructor(
    readonly root: string,
    /** The control: a disk (or a program) that does not sync at all. */
    private readonly neverSyncs = false,
  ) {}

  async open(path: string, flags: string, mode?: number): Promise<number> {
    const fd = await nodeFileSystem.open(path, flags, mode);
    let file = this.#names.get(path);
    if (file === undefined) {
      const existing = flags === 'wx' ? Buffer.alloc(0) : readFileSync(path);
      file = { synced: existing, changes: [] };
      this.#names.set(path, file);
      if (flags !== 'wx') this.#syncedNames.set(path, file);
    }
    this.#descriptors.set(fd, file);
    return fd;
  }

  async write(fd: number, buffers: readonly Uint8Array[], position: number): Promise<number> {
    const written = await nodeFileSystem.write(fd, buffers, position);
    this.#fileOf(fd).changes.push({ position, bytes: Buffer.concat(buffers).subarray(0, written) });
    return written;
  }

  async ftruncate(fd: number, length: number): Promise<void> {
    await nodeFileSystem.ftruncate(fd, length);
    this.#fileOf(fd).changes.push({ length });
  }

  async fdatasync(fd: number): Promise<void> {
    await this.fsync(fd);
  }

  async fsync(fd: number): Promise<void> {
    if (this.neverSyncs) return;
    const file = this.#fileOf(fd);
    const changes = file.changes.splice(0);
    await new Promise((resolve) => setImmediate(resolve));
    file.synced = changes.reduce(apply, file.synced);
  }

  async close(fd: number): Promise<void> {
    this.#descriptors.delete(fd);
    await nodeFileSystem.close(fd);
  }

  async rename(from: string, to: string): Promise<void> {
    await nodeFileSystem.rename(from, to);
    const file = this.#names.get(from);
    this.#names.delete(from);
    if (file !== undefined) this.#names.set(to, file);
  }

  async unlink(path: string): Promise<void> {
    await nodeFileSystem.unlink(path);
    this.#names.delete(path);
  }

  async syncFolder(folder: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.neverSyncs) return;
    for (const path of [...this.#syncedNames.keys()]) {
      if (dirname(path) === folder && !this.#names.has(path)) this.#syncedNames.delete(path);
    }
    for (const [path, file] of this.#names) {
      if (dirname(path) === folder) this.#syncedNames.set(path, file);
    }
  }

  read(fd: number, buffer: Uint8Array, position: number): Promise<number> {
    return nodeFileSystem.read(fd, buffer, position);
  }

  size(fd: number): Promise<number> {
    return nodeFileSystem.size(fd);
  }

  /** Writes what a machine could find after losing power now into another folder. */
  powerOff(target: string, random: () => number): void {
    for (const path of new Set([...this.#names.keys(), ...this.#syncedNames.keys()])) {
      const names = random() < 0.5 ? this.#names : this.#syncedNames;
      const file = names.get(path);
      if (file === undefined) continue;
      const copy = join(target, relative(this.root, path));
      mkdirSync(dirname(copy), { recursive: true });
      writeFileSync(
        copy,
        file.changes.flatMap((change) => survive(change, random)).reduce(apply, file.synced),
      );
    }
  }

  #fileOf(fd: number): File {
    const file = this.#descriptors.get(fd);
    if (file === undefined) throw new Error(`Descriptor ${fd} is not open.`);
    return file;
  }
}

function apply(content: Buffer, change: Change): Buffer {
  if ('length' in change) return content.subarray(0, change.length);
  const end = change.position + change.bytes.length;
  const next = Buffer.alloc(Math.max(content.length, end));
  content.copy(next);
  change.bytes.copy(next, change.position);
  return next;
}

function survive(change: Change, random: () => number): Change[] {
  const fate = random();
  if (fate < 0.4) return [];
  if (fate < 0.6 || 'length' in change) return [change];
  return [
    { ...change, bytes: change.bytes.subarray(0, Math.floor(random() * change.bytes.length)) },
  ];
}
