/** Sends events beside the work: bounded, never in its way, silent failures said once on stderr. */
import { randomUUID } from 'node:crypto';
import { messageOf } from '../protocol/errors.ts';
import { type Target, findService, request } from './client.ts';

const MAX_QUEUE = 1000;
const RETRY_MS = 2000;
const LAST_WORDS_MS = 3000;

export class Reporter {
  readonly #target: Promise<Target | null>;
  #queue: object[] = [];
  #sending: Promise<void> | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #complained = false;

  constructor(env: NodeJS.ProcessEnv) {
    this.#target = findService(env, 'ingest').catch((error: unknown) => {
      this.#complain(error);
      return null;
    });
  }

  /** Queues an event with its id and time; the oldest goes when the queue is full. */
  say(event: object): void {
    this.#queue.push({ id: randomUUID(), time: new Date().toISOString(), ...event });
    if (this.#queue.length > MAX_QUEUE) this.#queue.shift();
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
  }

  /** Gives the last events a moment. */
  async close(): Promise<void> {
    const end = performance.now() + LAST_WORDS_MS;
    while (this.#queue.length > 0 && performance.now() < end && (await this.#target) !== null) {
      await (this.#sending ?? this.#send());
      if (this.#queue.length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    clearTimeout(this.#retryTimer);
  }

  async #send(): Promise<void> {
    const target = await this.#target;
    if (target === null || this.#queue.length === 0) return;
    const batch = this.#queue.slice(0, 500);
    try {
      const headers = { 'content-type': 'application/json' };
      const signal = AbortSignal.timeout(2000);
      const response = await request(target, '/api/v1/events', {
        method: 'POST',
        headers,
        body: JSON.stringify(batch),
        signal,
      });
      const { rejected } = (await response.json()) as { rejected: { message: string }[] };
      if (rejected[0]) this.#complain(new Error(rejected[0].message));
      const sent = new Set(batch);
      this.#queue = this.#queue.filter((event) => !sent.has(event));
    } catch (error) {
      this.#complain(error);
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => void this.#send(), RETRY_MS).unref();
    }
  }

  #complain(error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    console.error(`pipescope: ${messageOf(error)} The command runs on without being watched.`);
  }
}
