/** `service.json`, by which others find the service. On a full disk it is tried until there is room. */
import { messageOf } from './protocol/errors.ts';
import type { ServiceFile } from './protocol/dataDir.ts';
import { removeServiceFile, writeServiceFile } from './storage/dataDir.ts';

const RETRY_MS = 2000;

export class Announcement {
  readonly #dataDir: string;
  readonly #file: ServiceFile;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string, file: ServiceFile) {
    this.#dataDir = dataDir;
    this.#file = file;
  }

  /** Resolves also when it could not be made: what is stored can be read all the same. */
  async make(warn: (sentence: string) => void): Promise<void> {
    try {
      await writeServiceFile(this.#dataDir, this.#file);
    } catch (error) {
      warn(
        `service.json cannot be written (${messageOf(error)}). Until it is, others do not find this service.`,
      );
      this.#timer = setInterval(() => this.#again(), RETRY_MS);
    }
  }

  async withdraw(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await removeServiceFile(this.#dataDir);
  }

  #again(): void {
    this.#writing = writeServiceFile(this.#dataDir, this.#file).then(
      () => clearInterval(this.#timer),
      // It was said once.
      () => undefined,
    );
  }
}
