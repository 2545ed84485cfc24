// @ts-check
/** The main process's side of k-means: it plans runs and moves centres; the workers find the nearest ones. */
import { seconds } from './budget.mjs';
import { Centres } from './centres.mjs';
import { randomFrom } from './random.mjs';

export const DIMENSIONS = 512;
export const SECTIONS_AT_ONCE = 500;
const SHARE = 0.9;
const BATCHES_A_RUN = 30;
const BATCH = 400;
const MOST_CLUSTERS = 32;

/**
 * @typedef {{ sums: Float32Array, counts: Uint32Array, similarity: number }} Assigned
 * @typedef {{ from: number, labels: Int16Array, similarity: number }} Labelled
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {import('./types.mjs').Metrics} Metrics
 */

/**
 * As many runs as the phase's share of the time allows, at the speed of those before.
 * @param {Context} context
 * @param {Metrics} metrics
 */
export async function bestOfRuns(context, metrics) {
  const items_total = context.result('sections').reduce((a, b) => a + b, 0);
  const k = Math.max(2, Math.min(MOST_CLUSTERS, Math.round(Math.sqrt(items_total / 2))));
  const start = seconds();
  let best = { similarity: -1, centres: new Centres(k, DIMENSIONS) };
  let runs = 0;
  let planned = 2;
  // The vectors were built before.
  let looks = items_total;
  while (runs < planned) {
    const centres = await oneRun(context, k, runs, (part, looked) => {
      looks += looked;
      const message = `run ${runs + 1} of about ${planned}`;
      const fraction = 0.1 + ((runs + part) / planned) * 0.8;
      const total = Math.round(looks / Math.max(fraction, 0.01));
      context.progress({ fraction, items_done: looks, items_total: total, message });
    });
    const similarity = await pass(context, centres, ({ labels }) => {
      looks += labels.length;
    });
    if (similarity > best.similarity) best = { similarity, centres };
    runs++;
    const spent = seconds() - start;
    planned = context.budget.rounds({ share: SHARE, done: runs, spent, min: 2 });
  }
  Object.assign(metrics, {
    runs,
    clusters: k,
    batches: runs * BATCHES_A_RUN,
    best: Number((best.similarity / items_total).toFixed(4)),
  });
  return { centres: best.centres, runs };
}

/**
 * @param {Context} context
 * @param {number} k
 * @param {number} run
 * @param {(part: number, looked: number) => void} onProgress `looked` at so many sections since the last call
 */
async function oneRun(context, k, run, onProgress) {
  const random = randomFrom(1_000 + run);
  const centres = new Centres(k, DIMENSIONS);
  /** @type {Float32Array[]} */
  const seeds = await context.all('seeds', () => ({ k, seed: Math.floor(random() * 2 ** 32) }));
  centres.start(seeds, random);
  for (let batch = 0; batch < BATCHES_A_RUN; batch++) {
    const seed = Math.floor(random() * 2 ** 32);
    const { values } = centres;
    const size = context.run.tuning.size(BATCH);
    /** @type {Assigned[]} */
    const shares = await context.all('batch', () => ({ values, k, seed, size }));
    for (const { sums, counts } of shares) centres.move(sums, counts);
    const looked = shares.reduce((sum, { counts }) => counts.reduce((a, b) => a + b, sum), 0);
    onProgress(batch / BATCHES_A_RUN, looked);
  }
  return centres;
}

/**
 * Goes once through all sections and adds up how similar each is to its nearest centre.
 * @param {Context} context
 * @param {Centres} centres
 * @param {(labelled: Labelled, worker: number) => void} onLabelled
 */
export async function pass(context, { values, k }, onLabelled) {
  await context.all('centres', () => ({ values, k }));
  let similarity = 0;
  await context.pieces(
    'label',
    context.sizes('sections'),
    SECTIONS_AT_ONCE * 4,
    (/** @type {Labelled} */ piece, worker) => {
      similarity += piece.similarity;
      onLabelled(piece, worker);
    },
  );
  return similarity;
}
