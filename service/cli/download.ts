/** A long answer on its way into a file or to stdout. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { type Target, request } from './client.ts';
import { invalidOption } from './options.ts';

/** A service that sends nothing for so long has gone. */
const SILENCE_MS = 60_000;

/** Asks and writes what comes to `out`, whole or not at all; to stdout without one. Resolves to the bytes. */
export async function download(
  target: Target,
  path: string,
  out: string | undefined,
): Promise<number> {
  const watchdog = new Watchdog();
  try {
    const response = await request(target, path, { signal: watchdog.signal });
    const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
    if (out === undefined) return await write(process.stdout, body, watchdog);
    return await writeFile(out, (file) => write(file, body, watchdog));
  } finally {
    watchdog.end();
  }
}

class Watchdog {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.alive();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  alive(): void {
    clearTimeout(this.#timer);
    const stop = () => this.#controller.abort(new Error('nothing came for a minute'));
    this.#timer = setTimeout(stop, SILENCE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function write(
  to: Writable,
  chunks: AsyncIterable<Uint8Array>,
  watchdog: Watchdog,
): Promise<number> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      watchdog.alive();
      bytes += chunk.length;
      const full = !to.write(chunk);
      if (to.errored) throw to.errored;
      if (full) await once(to, 'drain');
    }
  } catch (error) {
    if (to.errored) throw error;
    throw new ProductError('SERVICE_UNREACHABLE', {
      detail: `The service ended the answer after ${bytes} bytes: ${messageOf(error)}. Its log says why.`,
    });
  }
  return bytes;
}

/** Writes beside the file first. A file that cannot be written is a wrong option. */
export async function writeFile<T>(path: string, fill: (file: Writable) => Promise<T>): Promise<T> {
  const temp = `${path}.${randomBytes(4).toString('hex')}.part`;
  const file = createWriteStream(temp, { flags: 'wx', mode: 0o600 });
  try {
    // Opened first: an error while nobody listens would end the process.
    await once(file, 'open');
    const written = finished(file);
    const [result] = await Promise.all([fill(file).finally(() => file.end()), written]);
    await rename(temp, path);
    return result;
  } catch (error) {
    file.destroy();
    await rm(temp, { force: true });
    if (error instanceof ProductError) throw error;
    throw invalidOption(`The file ${path} cannot be written: ${messageOf(error)}`);
  }
}
