// @ts-check
/** One worker process: keeps its share of the documents and does what the main process asks, one task at a time. */
import { createShard } from './lib/shard.mjs';
import { toPlain } from './lib/errors.mjs';
import { tasksOf } from './phases/index.mjs';

const shard = createShard();

process.on('message', (message) => {
  const { ref, phase_id, task, payload } = /** @type {import('./lib/pool.mjs').Request} */ (
    message
  );
  process.send?.({ ref, ...perform(phase_id, task, payload) });
});

/**
 * @param {string} phase_id
 * @param {string} task
 * @param {unknown} payload
 */
function perform(phase_id, task, payload) {
  try {
    return { result: tasksOf(phase_id, task)(shard, payload) };
  } catch (error) {
    return { error: toPlain(error) };
  }
}

// Ctrl-C reaches the whole process group; the main process decides and ends its workers itself.
process.on('SIGINT', () => undefined);
// A worker never outlives the main process, however that ended.
process.on('disconnect', () => process.exit(0));
