// @ts-check
/**
 * What of the run can be changed while it runs: how many workers work at once, and how much each is given at a time. The
 * service is asked by long poll, beside the work; a service that is away changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 20_000;
const TIMEOUT_MS = WAIT_MS + 5_000;
const PAUSE_MS = 2_000;
const USUAL_BATCH = 100;

/**
 * @typedef {{ optimization_id: string, parameter: string | null, value: unknown }} Request
 * @typedef {{ requests: Request[], seq: number }} Answer
 */

export class Tuning {
  /** Pieces of work are this many percent of their usual size. */
  #batch = USUAL_BATCH;
  #end = new AbortController();

  /**
   * @param {{ slots: import('./pool.mjs').Slots, workers: number, events: import('./jobEvents.mjs').JobEvents }} parts
   */
  constructor({ slots, workers, events }) {
    this.slots = slots;
    this.workers = workers;
    this.events = events;
  }

  /**
   * The size of the next piece of work, at least 1.
   * @param {number} usual
   */
  size(usual) {
    return Math.max(1, Math.round((usual * this.#batch) / USUAL_BATCH));
  }

  offer() {
    this.events.parameterOffered({
      ...{ parameter: 'concurrency', kind: 'concurrency', title: 'Workers at once' },
      ...{ value: this.slots.limit, minimum: 1, maximum: this.workers },
    });
    this.events.parameterOffered({
      ...{ parameter: 'batch_size', kind: 'batch_size', title: 'Size of a piece of work' },
      ...{ unit: 'percent of the usual', value: this.#batch, minimum: 25, maximum: 800, step: 25 },
    });
  }

  /**
   * Asks until `close`; never throws.
   * @param {{ url: string | undefined, token: string | undefined }} service
   */
  async listen({ url, token }) {
    if (!url || !URL.canParse(url)) return;
    this.offer();
    let after = 0;
    while (!this.#end.signal.aborted) {
      const answer = await this.#ask(url, token, after);
      if (answer === null)
        await sleep(PAUSE_MS, undefined, { signal: this.#end.signal }).catch(() => undefined);
      else {
        for (const request of answer.requests) this.#take(request);
        after = answer.seq;
      }
    }
  }

  close() {
    this.#end.abort();
  }

  /**
   * Null where nobody answers.
   * @param {string} url
   * @param {string | undefined} token
   * @param {number} after
   * @returns {Promise<Answer | null>}
   */
  async #ask(url, token, after) {
    const { job_id } = this.events;
    const query = new URLSearchParams({ job_id, after: String(after), wait_ms: String(WAIT_MS) });
    try {
      const response = await fetch(new URL(`/api/v1/control?${query}`, url), {
        headers: token ? { authorization: `Bearer ${token}` } : {},
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#end.signal]),
      });
      if (!response.ok) return null;
      const answer = /** @type {Partial<Answer>} */ (await response.json());
      const { requests, seq } = answer;
      return Array.isArray(requests) && typeof seq === 'number' ? { requests, seq } : null;
    } catch {
      // Away, slow, or no service of this kind: the run goes on as it is, and asks again later.
      return null;
    }
  }

  /** @param {Request} request */
  #take({ optimization_id, parameter, value }) {
    const number = typeof value === 'number' && Number.isInteger(value) ? value : 0;
    if (parameter === 'concurrency' && number >= 1 && number <= this.workers) {
      this.slots.limit = number;
    } else if (parameter === 'batch_size' && number >= 25 && number <= 800) {
      this.#batch = number;
    } else {
      const detail = `${String(parameter)} cannot be ${String(value)} here.`;
      this.events.optimizationAnswered({ optimization_id, outcome: 'refused', detail });
      return;
    }
    this.events.optimizationAnswered({ optimization_id, outcome: 'applied' });
    this.offer();
  }
}
