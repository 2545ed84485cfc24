// @ts-check
import { Budget } from './budget.mjs';
import { Context } from './context.mjs';
import { describeError } from './errors.mjs';
import { runGraph } from './graph.mjs';

const JOB_PROGRESS_EVERY_MS = 500;

/**
 * @typedef {import('./types.mjs').Phase} Phase
 * @typedef {import('./graph.mjs').Outcome} Outcome
 * @typedef {{ phase_id: string, error: unknown }} Failure
 *
 * @typedef {object} Parts what a run is made of
 * @property {readonly Phase[]} phases
 * @property {import('./options.mjs').Options} options
 * @property {import('./pool.mjs').WorkerPool} pool
 * @property {import('./jobEvents.mjs').JobEvents} events
 * @property {import('./tuning.mjs').Tuning} tuning
 * @property {(line: string) => void} print
 */

/** One run of the pipeline: phases in the order of their graph, failures and stops told to everyone concerned. */
export class PipelineRun {
  #abort = new AbortController();
  /** @type {Map<string, number>} */
  #fractions = new Map();
  #lastProgress = 0;
  #stopped = '';
  /** @type {Failure | undefined} */
  failure;

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    /** @type {import('./context.mjs').Run} */
    this.run = {
      ...parts,
      budget: new Budget(parts.options.seconds),
      results: {},
      onProgress: (phase_id, fraction) => this.#onProgress(phase_id, fraction),
    };
  }

  /**
   * Ends the run early: what runs is cancelled, what waits does not start.
   * @param {string} reason
   */
  stop(reason) {
    this.#stopped ||= reason;
    this.#cancelWork();
  }

  /** @returns {Promise<'completed' | 'failed' | 'cancelled'>} */
  async execute() {
    const { phases, events } = this.parts;
    const outcomes = await runGraph(phases, {
      run: (phase) => this.#phase(phase),
      skip: (phase, because) => this.#skip(phase, because),
      signal: this.#abort.signal,
    });
    if (this.failure) {
      const { phase_id, error } = this.failure;
      events.jobFailed({ ...describeError(error), details: { phase_id } });
      return 'failed';
    }
    if (![...outcomes.values()].every((outcome) => outcome === 'completed')) {
      events.jobCancelled();
      return 'cancelled';
    }
    events.jobProgress({ progress: 1, message: 'Done' });
    events.jobCompleted();
    return 'completed';
  }

  /**
   * @param {Phase} phase
   * @returns {Promise<Outcome>}
   */
  async #phase(phase) {
    const { events, pool, print } = this.parts;
    const context = new Context(phase, this.run);
    const start = performance.now();
    events.phaseStarted(phase, pool.worker(context.lead).worker_id);
    try {
      if (context.damaged) await context.call(context.lead, 'damage');
      const { items, metrics, summary } = await phase.run(context);
      const { artifacts } = context;
      events.phaseCompleted(phase.phase_id, { artifacts, items_done: items, metrics });
      this.#onProgress(phase.phase_id, 1);
      print(`${label(phase)} ${secondsSince(start)}  ${summary}`);
      return 'completed';
    } catch (error) {
      return this.#ended(phase, error);
    }
  }

  /**
   * @param {Phase} phase
   * @param {unknown} error
   * @returns {Outcome}
   */
  #ended(phase, error) {
    const { events, print } = this.parts;
    if (this.failure || this.#stopped) {
      events.phaseCancelled(phase.phase_id, this.#reason());
      print(`${label(phase)} cancelled`);
      return 'cancelled';
    }
    this.failure = { phase_id: phase.phase_id, error };
    events.phaseFailed(phase.phase_id, describeError(error));
    print(`${label(phase)} failed: ${error instanceof Error ? error.message : String(error)}`);
    this.#cancelWork();
    return 'failed';
  }

  /**
   * @param {Phase} phase
   * @param {string | undefined} because
   * @returns {Outcome}
   */
  #skip({ phase_id }, because) {
    if (because) {
      this.parts.events.phaseSkipped(phase_id, `It needs ${because}, which failed.`);
      return 'skipped';
    }
    this.parts.events.phaseCancelled(phase_id, this.#reason());
    return 'cancelled';
  }

  #cancelWork() {
    this.#abort.abort();
    this.parts.pool.cancel();
  }

  #reason() {
    return this.failure ? `The job ended because ${this.failure.phase_id} failed.` : this.#stopped;
  }

  /**
   * @param {string} phase_id
   * @param {number} fraction
   */
  #onProgress(phase_id, fraction) {
    this.#fractions.set(phase_id, fraction);
    if (performance.now() - this.#lastProgress < JOB_PROGRESS_EVERY_MS) return;
    this.#lastProgress = performance.now();
    const { phases, events } = this.parts;
    const total = phases.reduce((sum, { weight }) => sum + weight, 0);
    const done = phases.reduce(
      (sum, p) => sum + p.weight * (this.#fractions.get(p.phase_id) ?? 0),
      0,
    );
    events.jobProgress({
      progress: Math.round((done / total) * 1_000) / 1_000,
      message: this.#message(),
    });
  }

  #message() {
    const running = this.parts.phases.filter(({ phase_id }) => {
      const fraction = this.#fractions.get(phase_id);
      return fraction !== undefined && fraction < 1;
    });
    return running.map(({ name }) => name).join(', ');
  }
}

/** @param {Phase} phase */
const label = ({ phase_id, name }) => `${phase_id} ${name.padEnd(24)}`;

/** @param {number} start */
const secondsSince = (start) => `${((performance.now() - start) / 1_000).toFixed(1).padStart(5)} s`;
