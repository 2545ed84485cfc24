// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Cancelled, fromPlain } from './errors.mjs';

const MEMORY_LIMIT_MB = 320;
const END_WITHIN_MS = 1_000;

/**
 * @typedef {{ ref: number, phase_id: string, task: string, payload: unknown }} Request
 * @typedef {{ ref: number, result?: unknown, error?: import('./errors.mjs').PlainError }} Answer
 * @typedef {{ phase_id: string, task: string, payload: unknown }} Work
 * @typedef {Work & { resolve: (result: unknown) => void, reject: (error: Error) => void }} Job
 */

/** How many of the workers may work at once. The limit may change while they do: those at work end what they have. */
export class Slots {
  #limit;
  #taken = 0;
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {number} limit */
  constructor(limit) {
    this.#limit = limit;
  }

  get limit() {
    return this.#limit;
  }

  set limit(limit) {
    this.#limit = limit;
    this.#wake();
  }

  /**
   * True when there is room; else `again` is called when there may be.
   * @param {() => void} again
   */
  take(again) {
    if (this.#taken < this.#limit) {
      this.#taken++;
      return true;
    }
    this.#waiting.add(again);
    return false;
  }

  free() {
    this.#taken--;
    this.#wake();
  }

  #wake() {
    for (const again of [...this.#waiting]) {
      if (this.#taken >= this.#limit) return;
      this.#waiting.delete(again);
      again();
    }
  }
}

/** One worker process and the tasks that wait for it. It gets one at a time, so that phases side by side take turns. */
class Worker {
  /** @type {Job[]} */
  #waiting = [];
  /** @type {Job | undefined} */
  #current;
  #ref = 0;
  #again = () => this.#next();
  #cancelled = false;
  #gone = '';

  /**
   * @param {string} worker_id
   * @param {URL} script
   * @param {Slots} slots
   */
  constructor(worker_id, script, slots) {
    this.worker_id = worker_id;
    this.slots = slots;
    const { PIPESCOPE_TOKEN: _, ...env } = process.env;
    this.process = fork(script, [], {
      env,
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${MEMORY_LIMIT_MB}`],
    });
    this.process.on('message', (answer) => this.#take(/** @type {Answer} */ (answer)));
    this.process.on('error', (error) => this.#fail(error.message));
    this.process.on('exit', (code, signal) =>
      this.#fail(`it ended with ${signal ?? `code ${code}`}`),
    );
  }

  /**
   * @param {Work} work
   * @returns {Promise<unknown>}
   */
  run(work) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...work, resolve, reject });
      this.#next();
    });
  }

  /** Ends all waiting for this worker; what it still does in this moment is of no use any more. */
  cancel() {
    this.#cancelled = true;
    this.#current?.reject(new Cancelled());
    for (const job of this.#waiting.splice(0)) job.reject(new Cancelled());
  }

  async end() {
    const child = this.process;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    await exited;
    clearTimeout(hard);
  }

  #next() {
    while (!this.#current) {
      const [first] = this.#waiting;
      if (!first) return;
      const isIdle = this.#cancelled || this.#gone !== '';
      if (!isIdle && !this.slots.take(this.#again)) return;
      const job = this.#waiting.shift();
      if (!job) return;
      if (this.#cancelled) job.reject(new Cancelled());
      else if (this.#gone) job.reject(this.#lost(job));
      else this.#give(job);
    }
  }

  /** @param {Job} job */
  #give(job) {
    this.#current = job;
    const { phase_id, task, payload } = job;
    this.process.send({ ref: ++this.#ref, phase_id, task, payload }, (error) => {
      // A worker that cannot be reached is of no use, or has ended already: its exit says how.
      if (error) this.process.kill('SIGKILL');
    });
  }

  /** @param {Answer} answer */
  #take({ result, error }) {
    const job = this.#current;
    this.#current = undefined;
    if (job) this.slots.free();
    if (error) job?.reject(fromPlain(error));
    else job?.resolve(result);
    this.#next();
  }

  /** @param {string} how */
  #fail(how) {
    this.#gone ||= how;
    const job = this.#current;
    this.#current = undefined;
    if (job) this.slots.free();
    job?.reject(this.#lost(job));
    this.#next();
  }

  /** @param {Job} job */
  #lost(job) {
    return new Error(`${this.worker_id} was lost in ${job.phase_id} (${job.task}): ${this.#gone}.`);
  }
}

/** The worker processes of one run. Who makes a pool ends it. */
export class WorkerPool {
  /**
   * @param {number} count
   * @param {number} [atOnce] how many of them work at once, at first
   */
  constructor(count, atOnce = count) {
    this.slots = new Slots(atOnce);
    const script = new URL('../worker.mjs', import.meta.url);
    this.workers = Array.from(
      { length: count },
      (_, i) => new Worker(`document-worker-${i + 1}`, script, this.slots),
    );
  }

  /** @param {number} index */
  worker(index) {
    const worker = this.workers[index % this.workers.length];
    if (!worker) throw new RangeError(`There is no worker ${index}.`);
    return worker;
  }

  /** Every task that waits, and every later one, is rejected with Cancelled. */
  cancel() {
    for (const worker of this.workers) worker.cancel();
  }

  async end() {
    await Promise.all(this.workers.map((worker) => worker.end()));
  }
}
