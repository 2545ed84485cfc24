// @ts-check

/**
 * @typedef {'completed' | 'failed' | 'cancelled' | 'skipped'} Outcome
 * @typedef {{ phase_id: string, depends_on: readonly string[] }} Node
 */

/**
 * Runs a graph of phases: each starts as soon as everything it depends on is completed, so independent phases run
 * side by side. A phase that cannot start any more, because the run was stopped, is given to `skip`.
 * @template {Node} P
 * @param {readonly P[]} phases
 * @param {{ run: (phase: P) => Promise<Outcome>, skip: (phase: P, because: string | undefined) => Outcome, signal: AbortSignal }} how
 * `run` never rejects; `because` is the phase that failed and on which this one depends, if there is one.
 */
export async function runGraph(phases, { run, skip, signal }) {
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  const isReady = (/** @type {P} */ phase) =>
    !outcomes.has(phase.phase_id) &&
    !running.has(phase.phase_id) &&
    phase.depends_on.every((id) => outcomes.get(id) === 'completed');

  const start = (/** @type {P} */ phase) =>
    run(phase).then((outcome) => {
      outcomes.set(phase.phase_id, outcome);
      running.delete(phase.phase_id);
    });

  for (;;) {
    if (!signal.aborted) {
      for (const phase of phases.filter(isReady)) running.set(phase.phase_id, start(phase));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  for (const phase of phases) {
    if (outcomes.has(phase.phase_id)) continue;
    outcomes.set(phase.phase_id, skip(phase, failedAbove(phase, phases, outcomes)));
  }
  return outcomes;
}

/**
 * @param {Node} phase
 * @param {readonly Node[]} phases
 * @param {ReadonlyMap<string, Outcome>} outcomes
 * @returns {string | undefined}
 */
function failedAbove(phase, phases, outcomes) {
  for (const id of phase.depends_on) {
    if (outcomes.get(id) === 'failed') return id;
    const above = phases.find(({ phase_id }) => phase_id === id);
    const failed = above && failedAbove(above, phases, outcomes);
    if (failed) return failed;
  }
  return undefined;
}
