// @ts-check
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Cancelled } from './errors.mjs';

const PROGRESS_EVERY_MS = 200;
const MOST_WARNINGS = 200;

/**
 * @typedef {import('./types.mjs').Phase} Phase
 * @typedef {import('./types.mjs').Metrics} Metrics
 *
 * @typedef {object} Run what all phases of a run share
 * @property {import('./options.mjs').Options} options
 * @property {import('./pool.mjs').WorkerPool} pool
 * @property {import('./tuning.mjs').Tuning} tuning
 * @property {import('./budget.mjs').Budget} budget
 * @property {import('./jobEvents.mjs').JobEvents} events
 * @property {Partial<import('./types.mjs').Results>} results
 * @property {(phase_id: string, fraction: number) => void} onProgress
 */

/** One phase at work: hands tasks to the workers and reports what happens. */
export class Context {
  #lastProgress = 0;
  #fraction = 0;
  #warnings = 0;
  /** @type {string[]} */
  artifacts = [];

  /**
   * @param {Phase} phase
   * @param {Run} run
   */
  constructor(phase, run) {
    this.phase_id = phase.phase_id;
    /** The worker that does what cannot be divided; phases side by side have different ones. */
    this.lead = Number(phase.phase_id.slice(1)) % run.pool.workers.length;
    this.run = run;
    this.budget = run.budget;
    this.options = run.options;
    /** True when `--fail` names this phase: its `damage` task then puts a broken input into its lead worker. */
    this.damaged = run.options.fail === phase.phase_id;
  }

  get workers() {
    return this.run.pool.workers.length;
  }

  /**
   * What an earlier phase left.
   * @template {keyof import('./types.mjs').Results} K
   * @param {K} key
   * @returns {import('./types.mjs').Results[K]}
   */
  result(key) {
    const value = this.run.results[key];
    if (value === undefined)
      throw new Error(`${this.phase_id} needs "${key}", which no phase left.`);
    return value;
  }

  /**
   * @template {keyof import('./types.mjs').Results} K
   * @param {K} key
   * @param {import('./types.mjs').Results[K]} value
   */
  leave(key, value) {
    this.run.results[key] = value;
  }

  /**
   * How many documents or sections each worker has.
   * @param {'assigned' | 'sections'} key
   */
  sizes(key) {
    const extra = (/** @type {number} */ worker) => (this.damaged && worker === this.lead ? 1 : 0);
    return this.result(key).map((size, worker) => size + extra(worker));
  }

  /**
   * Does one task in one worker.
   * @template T
   * @param {number} worker
   * @param {string} task
   * @param {unknown} [payload]
   * @returns {Promise<T>}
   */
  async call(worker, task, payload) {
    const result = await this.run.pool
      .worker(worker)
      .run({ phase_id: this.phase_id, task, payload });
    return /** @type {T} */ (result);
  }

  /**
   * Does one task in every worker at once; results in the order of the workers.
   * @template T
   * @param {string} task
   * @param {(worker: number) => unknown} [payload]
   * @returns {Promise<T[]>}
   */
  all(task, payload = () => undefined) {
    return settle(
      Array.from({ length: this.workers }, (_, worker) => this.call(worker, task, payload(worker))),
    );
  }

  /**
   * Goes through every worker's documents or sections in pieces, small enough that phases side by side take turns.
   * @template T
   * @param {string} task gets `{ from, to }` of each piece
   * @param {readonly number[]} sizes how many each worker has
   * @param {number} piece
   * @param {(result: T, worker: number, count: number) => void} onResult
   */
  async pieces(task, sizes, piece, onResult) {
    await settle(
      sizes.map(async (size, worker) => {
        for (let from = 0, to = 0; from < size; from = to) {
          to = Math.min(from + this.run.tuning.size(piece), size);
          onResult(await this.call(worker, task, { from, to }), worker, to - from);
        }
      }),
    );
  }

  /**
   * Does a part of the phase and records it as a sub-phase; `metrics` is filled by the work.
   * @template T
   * @param {string} name
   * @param {(metrics: Metrics) => Promise<T>} work
   */
  async step(name, work) {
    const started_at = new Date().toISOString();
    const start = performance.now();
    /** @type {Metrics} */
    const metrics = {};
    const record = (/** @type {string} */ status) =>
      this.run.events.subphase(this.phase_id, {
        name,
        status,
        started_at,
        duration_ms: Math.round(performance.now() - start),
        metrics,
      });
    try {
      const value = await work(metrics);
      record('COMPLETED');
      return value;
    } catch (error) {
      record(error instanceof Cancelled ? 'CANCELLED' : 'FAILED');
      throw error;
    }
  }

  /**
   * Reports how far the phase is, at most five times a second. It never goes back, even when the plan grows.
   * @param {{ fraction: number, items_done: number, items_total?: number, message?: string }} now
   */
  progress({ fraction, ...rest }) {
    this.#fraction = Math.min(1, Math.max(this.#fraction, fraction));
    const progress = this.#fraction;
    this.run.onProgress(this.phase_id, progress);
    if (performance.now() - this.#lastProgress < PROGRESS_EVERY_MS) return;
    this.#lastProgress = performance.now();
    this.run.events.phaseProgress(this.phase_id, { progress, ...rest });
  }

  /**
   * A warning about one file. The first ones are reported one by one; all are in the phase's artifact.
   * @param {string} message
   * @param {Record<string, unknown>} details
   * @param {number} worker
   */
  warn(message, details, worker) {
    if (++this.#warnings > MOST_WARNINGS) return;
    const { worker_id } = this.run.pool.worker(worker);
    this.run.events.warning(this.phase_id, { message, details, worker_id });
  }

  /**
   * Adds to a named counter of the job.
   * @param {string} signal
   * @param {number} count
   */
  count(signal, count) {
    if (count > 0) this.run.events.signal(this.phase_id, signal, count);
  }

  /**
   * Writes a file into the output folder and reports it.
   * @param {string} name
   * @param {string} kind
   * @param {string} text
   */
  async artifact(name, kind, text) {
    const file = path.join(this.options.out, name);
    await writeFile(file, text);
    this.artifacts.push(file);
    this.run.events.artifact(this.phase_id, {
      path: file,
      kind,
      size_bytes: Buffer.byteLength(text),
      checksum: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    });
  }
}

/**
 * Waits for all, then throws the first failure: no task is left running behind the back of a phase that ended.
 * @template T
 * @param {Promise<T>[]} work
 */
async function settle(work) {
  const results = await Promise.allSettled(work);
  const failed = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason);
  if (failed.length > 0) throw failed.find((reason) => !(reason instanceof Cancelled)) ?? failed[0];
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
