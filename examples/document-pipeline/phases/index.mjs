// @ts-check
import * as p00 from './p00-assembly.mjs';
import * as p01 from './p01-validation.mjs';
import * as p02 from './p02-splitting.mjs';
import * as p03 from './p03-tokenising.mjs';
import * as p04 from './p04-terms.mjs';
import * as p05 from './p05-duplicates.mjs';
import * as p06 from './p06-clustering.mjs';
import * as p07 from './p07-scoring.mjs';
import * as p08 from './p08-aggregation.mjs';
import * as p09 from './p09-report.mjs';

const modules = [p00, p01, p02, p03, p04, p05, p06, p07, p08, p09];

/** @type {readonly import('../lib/types.mjs').Phase[]} */
export const phases = modules.map(({ phase }) => phase);

/** @typedef {(shard: import('../lib/shard.mjs').Shard, payload: unknown) => unknown} Task */

/**
 * A task that runs in a worker, by the names in the request.
 * @param {string} phase_id
 * @param {string} name
 */
export function tasksOf(phase_id, name) {
  const found = modules.find(({ phase }) => phase.phase_id === phase_id);
  const tasks = /** @type {Record<string, Task> | undefined} */ (found?.tasks);
  const task = tasks?.[name];
  if (!task) throw new Error(`${phase_id} has no task "${name}".`);
  return task;
}
