// @ts-check
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventQueue } from './eventQueue.mjs';

const BATCH = { maxEvents: 500, maxBytes: 900_000 };
const QUEUE = { maxEvents: 5_000, maxBytes: 8 * 1024 * 1024 };
const BATCH_EVERY_MS = 200;
const REQUEST_TIMEOUT_MS = 2_000;
const LAST_FLUSH_MS = 2_000;
const LONGEST_BACK_OFF_MS = 5_000;

/** Answers after which the same batch can be sent again; any other refusal would only repeat itself. */
const isPassing = (/** @type {number} */ status) => status === 429 || status >= 500;

/**
 * Sends events to the service from the side: `send` only queues, so a service that is away, slow or hanging never
 * slows the pipeline. Every event has an id, so a batch sent twice counts once.
 */
export class Reporter {
  #queue = new EventQueue(QUEUE);
  #run = randomUUID();
  #count = 0;
  #failures = 0;
  #closed = false;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<void> | undefined} */
  #sending;
  /** @type {Set<string>} */
  #said = new Set();
  #last = new AbortController();

  /**
   * @param {{ url: string | undefined, token: string | undefined, say: (line: string) => void }} options
   * `say` gets one line for each kind of trouble, once.
   */
  constructor({ url, token, say }) {
    this.endpoint = endpointOf(url);
    this.token = token;
    this.say = say;
    if (url && !this.endpoint)
      this.#sayOnce(`PIPESCOPE_URL is not a URL; the run is not reported.`);
    else if (!url) this.#sayOnce('PIPESCOPE_URL is not set; the run is not reported.');
  }

  /**
   * Queues one event; never waits, never throws.
   * @param {{ type: string } & Record<string, unknown>} event
   */
  send(event) {
    if (!this.endpoint || this.#closed) return;
    const id = `${this.#run}-${++this.#count}`;
    const text = JSON.stringify({ id, time: new Date().toISOString(), ...event });
    this.#queue.push({ text, droppable: event.type.endsWith('.progress') });
    this.#schedule(BATCH_EVERY_MS);
  }

  /** Sends what is left, for 2 s at most, and says what could not be delivered. */
  async close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    const deadline = setTimeout(() => this.#last.abort(), LAST_FLUSH_MS);
    await this.#flush();
    clearTimeout(deadline);
    const lost = this.#queue.dropped + this.#queue.size;
    if (lost > 0) this.#sayOnce(`${lost} events could not be delivered to the service.`);
  }

  async #flush() {
    await this.#sending;
    for (let tries = 0; this.#queue.size > 0 && tries < 2 && !this.#last.signal.aborted;) {
      await this.#sendBatch();
      if (this.#failures === 0) tries = 0;
      else if (++tries < 2) await sleep(BATCH_EVERY_MS);
    }
  }

  /** @param {number} delay_ms */
  #schedule(delay_ms) {
    if (this.#timer || this.#sending || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#sendBatch().finally(() => {
        this.#sending = undefined;
        if (this.#queue.size > 0) this.#schedule(this.#backOff());
      });
    }, delay_ms);
    // The pipeline's own work keeps the process alive, never the reporting of it.
    this.#timer.unref();
  }

  #backOff() {
    if (this.#failures === 0) return BATCH_EVERY_MS;
    return Math.min(LONGEST_BACK_OFF_MS, BATCH_EVERY_MS * 2 ** this.#failures);
  }

  async #sendBatch() {
    if (!this.endpoint) return;
    const batch = this.#queue.take(BATCH);
    try {
      const response = await fetch(this.endpoint, {
        method: 'POST',
        headers: this.#headers(),
        body: `[${batch.map(({ text }) => text).join(',')}]`,
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(REQUEST_TIMEOUT_MS), this.#last.signal]),
      });
      await this.#judge(response, batch);
    } catch {
      this.#sayOnce(`No service answers at ${this.endpoint.origin}; the run goes on without it.`);
      this.#retryLater(batch);
    }
  }

  /**
   * @param {Response} response
   * @param {import('./eventQueue.mjs').QueuedEvent[]} batch
   */
  async #judge(response, batch) {
    const answer = await response.text();
    if (response.ok) {
      this.#failures = 0;
      const first = firstRejection(answer);
      if (first) this.#sayOnce(`The service refused an event: ${first}`);
    } else if (isPassing(response.status)) {
      this.#sayOnce(`The service answered ${response.status}; its events are sent again later.`);
      this.#retryLater(batch);
    } else {
      this.#queue.dropped += batch.length;
      const hint = response.status === 401 ? ' Set PIPESCOPE_TOKEN to its ingest token.' : '';
      this.#sayOnce(`The service refused the events (HTTP ${response.status}).${hint}`);
    }
  }

  /** @param {import('./eventQueue.mjs').QueuedEvent[]} batch */
  #retryLater(batch) {
    this.#failures++;
    this.#queue.putBack(batch);
  }

  #headers() {
    const headers = { 'content-type': 'application/json' };
    return this.token ? { ...headers, authorization: `Bearer ${this.token}` } : headers;
  }

  /** @param {string} line */
  #sayOnce(line) {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.say(line);
  }
}

/** @param {string | undefined} url */
function endpointOf(url) {
  if (!url || !URL.canParse(url)) return undefined;
  return new URL('/api/v1/events', url);
}

/** @param {string} answer */
function firstRejection(answer) {
  try {
    const { rejected } = JSON.parse(answer);
    const first = Array.isArray(rejected) ? rejected[0] : undefined;
    return first ? `${first.path} ${first.message}` : undefined;
  } catch {
    // A 2xx without JSON comes from something between us and the service; the events are its care now.
    return undefined;
  }
}
