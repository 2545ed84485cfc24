// @ts-check

/**
 * The events of one job, in the words of the service's contract. This file and reporter.mjs are all that a pipeline
 * needs to be seen.
 */
export class JobEvents {
  /**
   * @param {import('./reporter.mjs').Reporter} reporter
   * @param {string} job_id
   */
  constructor(reporter, job_id) {
    this.reporter = reporter;
    this.job_id = job_id;
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   */
  #send(type, fields = {}) {
    this.reporter.send({ type, job_id: this.job_id, source: 'document-pipeline', ...fields });
  }

  /**
   * The phases are declared at the start, so that those still to come are seen too. With `pid` the service measures
   * CPU and memory of this process and its children by itself.
   * @param {readonly import('./types.mjs').Phase[]} phases
   * @param {{ name: string, source_file: string, submitted_at: string }} job
   */
  jobStarted(phases, job) {
    this.#send('job.started', {
      ...job,
      pipeline: 'document-pipeline',
      kind: 'batch',
      pid: process.pid,
      items_total: phases.length,
      phases: phases.map(({ phase_id, name, depends_on }) => ({ phase_id, name, depends_on })),
    });
  }

  /** @param {{ progress: number, message: string }} fields */
  jobProgress(fields) {
    this.#send('job.progress', fields);
  }

  /** @param {Record<string, unknown>} fields */
  parameterOffered(fields) {
    this.#send('parameter.offered', fields);
  }

  /** @param {{ optimization_id: string, outcome: 'applied' | 'refused', detail?: string }} fields */
  optimizationAnswered(fields) {
    this.#send('optimization.answered', fields);
  }

  jobCompleted() {
    this.#send('job.completed');
  }

  jobCancelled() {
    this.#send('job.cancelled');
  }

  /** @param {object} error */
  jobFailed(error) {
    this.#send('job.failed', { error });
  }

  /**
   * @param {import('./types.mjs').Phase} phase
   * @param {string} worker_id
   */
  phaseStarted({ phase_id, name, depends_on }, worker_id) {
    this.#send('phase.started', { phase_id, name, depends_on, worker_id });
  }

  /**
   * @param {string} phase_id
   * @param {Record<string, unknown>} fields
   */
  phaseProgress(phase_id, fields) {
    this.#send('phase.progress', { phase_id, ...fields });
  }

  /**
   * @param {string} phase_id
   * @param {{ artifacts: string[], items_done: number, metrics: object }} fields
   */
  phaseCompleted(phase_id, fields) {
    this.#send('phase.completed', { phase_id, ...fields });
  }

  /**
   * @param {string} phase_id
   * @param {object} error
   */
  phaseFailed(phase_id, error) {
    this.#send('phase.failed', { phase_id, error });
  }

  /**
   * @param {string} phase_id
   * @param {string} reason
   */
  phaseSkipped(phase_id, reason) {
    this.#send('phase.skipped', { phase_id, reason });
  }

  /**
   * @param {string} phase_id
   * @param {string} reason
   */
  phaseCancelled(phase_id, reason) {
    this.#send('phase.cancelled', { phase_id, reason });
  }

  /**
   * @param {string} phase_id
   * @param {Record<string, unknown>} fields
   */
  subphase(phase_id, fields) {
    this.#send('subphase.recorded', { phase_id, ...fields });
  }

  /**
   * @param {string} phase_id
   * @param {{ path: string, kind: string, size_bytes: number, checksum: string }} fields
   */
  artifact(phase_id, fields) {
    this.#send('artifact.produced', { phase_id, ...fields });
  }

  /**
   * @param {string} phase_id
   * @param {{ message: string, details: object, worker_id: string }} fields
   */
  warning(phase_id, fields) {
    this.#send('log.recorded', { level: 'warning', phase_id, ...fields });
  }

  /**
   * @param {string} phase_id
   * @param {string} signal
   * @param {number} count
   */
  signal(phase_id, signal, count) {
    this.#send('signal.counted', { phase_id, signal, count });
  }
}
