import { join } from 'node:path';
import { ProductError, messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { codeOf, ignoreMissing, writeFully } from './fileSystem.ts';

/** 'full': the disk is. 'read_only': three commits in a row failed. Both end by themselves. */
export type StorageState = 'open' | 'read_only' | 'full';

export interface HealthOptions {
  folder: string;
  io: FileSystem;
  /** Milliseconds between two tries to write while storage is not open. */
  probeMs: number;
  onProblem: (sentence: string) => void;
}

const FAILURES_TO_READ_ONLY = 3;
const PROBE_BYTES = 64 * 1024;
const PROBE_NAME = 'probe.tmp';

/** Whether commits may be tried, and the timer that finds out when they may be tried again. */
export class StorageHealth {
  #state: StorageState = 'open';
  #failuresInARow = 0;
  #timer: NodeJS.Timeout | undefined;
  #probe: Promise<void> | undefined;
  readonly #options: HealthOptions;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  get state(): StorageState {
    return this.#state;
  }

  /** The error to answer with while storage is not open. */
  refusal(): ProductError | undefined {
    if (this.#state === 'full') return new ProductError('DISK_FULL', { retryAfter: 5 });
    if (this.#state === 'read_only')
      return new ProductError('STORAGE_READ_ONLY', { retryAfter: 5 });
    return undefined;
  }

  succeeded(): void {
    this.#failuresInARow = 0;
  }

  /** Takes note of a failed commit and turns its error into the one its senders get. */
  failed(error: unknown): ProductError {
    if (error instanceof ProductError) return error;
    this.#failuresInARow++;
    this.#options.onProblem(`Events could not be written to disk (${messageOf(error)}).`);
    if (isFull(error)) {
      this.#leave('full');
      return new ProductError('DISK_FULL', { retryAfter: 5, cause: error });
    }
    if (this.#failuresInARow >= FAILURES_TO_READ_ONLY) this.#leave('read_only');
    return new ProductError('JOURNAL_WRITE_FAILED', { retryAfter: 1, cause: error });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#probe;
  }

  #leave(state: Exclude<StorageState, 'open'>): void {
    this.#state = state;
    this.#timer ??= setInterval(() => this.#startProbe(), this.#options.probeMs).unref();
  }

  #startProbe(): void {
    this.#probe ??= this.#tryToWrite().finally(() => {
      this.#probe = undefined;
    });
  }

  async #tryToWrite(): Promise<void> {
    try {
      await writeProbe(this.#options);
    } catch (error) {
      // Still failing: the state already says so, and a line each second would bury the first one.
      this.#state = isFull(error) ? 'full' : 'read_only';
      return;
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#failuresInARow = 0;
    this.#state = 'open';
    this.#options.onProblem('Events can be written to disk again.');
  }
}

async function writeProbe({ folder, io }: HealthOptions): Promise<void> {
  const path = join(folder, PROBE_NAME);
  await ignoreMissing(io.unlink(path));
  const fd = await io.open(path, 'wx', 0o600);
  try {
    await writeFully(io, fd, [Buffer.alloc(PROBE_BYTES)], 0);
    await io.fdatasync(fd);
  } finally {
    try {
      await io.close(fd);
    } finally {
      await io.unlink(path);
    }
  }
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}
