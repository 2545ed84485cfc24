// @ts-check
/**
 * P06 Clustering: sections as hashed tf-idf vectors of length 1, grouped by mini-batch spherical k-means (Sculley,
 * 2010). Each run starts from other centres; the best of all runs is taken.
 */
import { bestOfRuns, DIMENSIONS, pass, SECTIONS_AT_ONCE } from '../lib/kmeans.mjs';
import { hashText, randomFrom } from '../lib/random.mjs';
import { brokenSection, sectionAt } from '../lib/shard.mjs';

const TERMS_A_CLUSTER = 6;

/**
 * @typedef {import('../lib/kmeans.mjs').Assigned} Assigned
 * @typedef {import('../lib/kmeans.mjs').Labelled} Labelled
 * @typedef {{ places: Uint16Array, weights: Float32Array, scale: number }} Vector
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P06',
  name: 'Clustering',
  depends_on: ['P04'],
  weight: 14,
  async run(context) {
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    const empty = await context.step('build vectors', (m) => buildVectors(context, m));
    const { centres, runs } = await context.step('k-means runs', (m) => bestOfRuns(context, m));
    const similarity = await context.step('label sections', (m) => label(context, centres, m));
    const clusters = await context.step('name clusters', (m) =>
      nameClusters(context, centres.k, m),
    );
    await context.artifact('clusters.json', 'json', `${JSON.stringify(clusters, null, 2)}\n`);
    context.leave('clusters', clusters);
    context.count('sections_without_terms', empty);
    return {
      items: sections,
      metrics: { clusters: clusters.length, runs, mean_similarity: round(similarity / sections) },
      summary: `${clusters.length} clusters, the best of ${runs} runs`,
    };
  },
};

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function buildVectors(context, metrics) {
  const sizes = context.sizes('sections');
  const items_total = sizes.reduce((a, b) => a + b, 0);
  let items_done = 0;
  let empty = 0;
  await context.pieces(
    'vectors',
    sizes,
    SECTIONS_AT_ONCE,
    (/** @type {number} */ without, _, count) => {
      empty += without;
      items_done += count;
      context.progress({ fraction: (items_done / items_total) * 0.1, items_done, items_total });
    },
  );
  Object.assign(metrics, { vectors: items_done, dimensions: DIMENSIONS, without_terms: empty });
  return empty;
}

/**
 * @param {Context} context
 * @param {import('../lib/centres.mjs').Centres} centres
 * @param {Metrics} metrics
 */
async function label(context, centres, metrics) {
  let sections = 0;
  const similarity = await pass(context, centres, ({ labels }) => {
    sections += labels.length;
  });
  metrics.sections = sections;
  return similarity;
}

/**
 * @param {Context} context
 * @param {number} k
 * @param {Metrics} metrics
 */
async function nameClusters(context, k, metrics) {
  /** @type {{ sizes: number[], terms: [string, number][][] }[]} */
  const shares = await context.all('name', () => k);
  const clusters = Array.from({ length: k }, (_, cluster) => {
    /** @type {Map<string, number>} */
    const weights = new Map();
    for (const { terms } of shares) {
      for (const [word, weight] of terms[cluster] ?? [])
        weights.set(word, (weights.get(word) ?? 0) + weight);
    }
    const best = [...weights].sort((a, b) => b[1] - a[1]).slice(0, TERMS_A_CLUSTER);
    return {
      size: shares.reduce((sum, { sizes }) => sum + (sizes[cluster] ?? 0), 0),
      terms: best.map(([word]) => word),
    };
  });
  Object.assign(metrics, { clusters: k, largest: Math.max(...clusters.map(({ size }) => size)) });
  return clusters;
}

/** @param {number} value */
const round = (value) => Number(value.toFixed(4));

/** @type {Vector[]} */
const vectors = [];
/** @type {{ values: Float32Array, k: number }} */
let current = { values: new Float32Array(0), k: 0 };
/** `--fail P06` leaves out the guard in `scaleOf`, as a careless change would. */
let guarded = true;

export const tasks = {
  /** A section without any term: its vector is all zeros. @param {Shard} shard */
  damage(shard) {
    guarded = false;
    shard.sections.push(brokenSection({ title: 'A section without terms' }));
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {number} sections whose terms all weigh nothing
   */
  vectors(shard, { from, to }) {
    const made = shard.sections.slice(from, to).map((section) => vectorOf(section.terms, shard));
    vectors.push(...made);
    return made.filter(({ weights }) => weights.every((weight) => weight === 0)).length;
  },

  /**
   * Some sections as dense vectors, to start centres from.
   * @param {Shard} _
   * @param {{ k: number, seed: number }} choice
   */
  seeds(_, { k, seed }) {
    const random = randomFrom(seed);
    const dense = new Float32Array(vectors.length === 0 ? 0 : k * DIMENSIONS);
    for (let i = 0; i < dense.length; i += DIMENSIONS) {
      const vector = vectors[Math.floor(random() * vectors.length)];
      if (vector) addTo(dense.subarray(i, i + DIMENSIONS), vector);
    }
    return dense;
  },

  /**
   * @param {Shard} shard
   * @param {{ values: Float32Array, k: number, seed: number, size: number }} batch
   * @returns {Assigned}
   */
  batch(shard, { values, k, seed, size }) {
    const random = randomFrom(seed);
    const sums = new Float32Array(k * DIMENSIONS);
    const counts = new Uint32Array(k);
    const find = nearestTo(values, k, shard);
    let similarity = 0;
    for (let i = 0; i < Math.min(size, vectors.length); i++) {
      const index = Math.floor(random() * vectors.length);
      const nearest = find(index);
      similarity += nearest.similarity;
      counts[nearest.cluster] = (counts[nearest.cluster] ?? 0) + 1;
      const vector = vectors[index];
      const at = nearest.cluster * DIMENSIONS;
      if (vector) addTo(sums.subarray(at, at + DIMENSIONS), vector);
    }
    return { sums, counts, similarity };
  },

  /**
   * @param {Shard} shard
   * @param {{ values: Float32Array, k: number }} centres
   */
  centres(shard, centres) {
    current = centres;
    if (shard.labels.length !== vectors.length) shard.labels = new Int16Array(vectors.length);
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {Labelled}
   */
  label(shard, { from, to }) {
    const find = nearestTo(current.values, current.k, shard);
    let similarity = 0;
    for (let index = from; index < to; index++) {
      const nearest = find(index);
      shard.labels[index] = nearest.cluster;
      similarity += nearest.similarity;
    }
    return { from, labels: shard.labels.slice(from, to), similarity };
  },

  /**
   * @param {Shard} shard
   * @param {number} k
   */
  name(shard, k) {
    const sizes = Array.from({ length: k }, () => 0);
    const sums = Array.from({ length: k }, () => /** @type {Map<number, number>} */ (new Map()));
    shard.sections.forEach(({ terms }, index) => {
      const cluster = shard.labels[index] ?? 0;
      sizes[cluster] = (sizes[cluster] ?? 0) + 1;
      const sum = sums[cluster];
      for (const id of terms) sum?.set(id, (sum.get(id) ?? 0) + (shard.idf[id] ?? 0));
    });
    const terms = sums.map((sum) =>
      [...sum]
        .sort((a, b) => b[1] - a[1])
        .slice(0, TERMS_A_CLUSTER * 5)
        .map(([id, weight]) => [shard.words[id] ?? '', weight]),
    );
    return { sizes, terms };
  },
};

/**
 * @param {Uint32Array} terms
 * @param {Shard} shard
 * @returns {Vector}
 */
function vectorOf(terms, { words, idf }) {
  /** @type {Map<number, number>} */
  const sums = new Map();
  for (const id of terms) {
    const place = hashText(words[id] ?? '') % DIMENSIONS;
    sums.set(place, (sums.get(place) ?? 0) + (idf[id] ?? 0));
  }
  // The square root damps words that one section repeats a hundred times.
  const weights = Float32Array.from(sums.values(), Math.sqrt);
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  return { places: Uint16Array.from(sums.keys()), weights, scale: scaleOf(norm) };
}

/**
 * What makes a vector's length 1. A section without weighty terms has no direction: it stays at zero.
 * @param {number} norm
 */
function scaleOf(norm) {
  return norm === 0 && guarded ? 0 : 1 / norm;
}

/**
 * @param {Float32Array} dense
 * @param {Vector} vector
 */
function addTo(dense, { places, weights, scale }) {
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    dense[place] = (dense[place] ?? 0) + (weights[i] ?? 0) * scale;
  }
}

/**
 * @param {Float32Array} values the centres, one after the other
 * @param {number} k
 * @param {Shard} shard
 * @returns {(index: number) => { cluster: number, similarity: number }}
 */
function nearestTo(values, k, shard) {
  return function nearest(index) {
    const vector = vectors[index];
    if (!vector) throw new RangeError(`There is no vector ${index} of ${vectors.length}.`);
    const { places, weights, scale } = vector;
    let cluster = 0;
    let best = -Infinity;
    for (let candidate = 0; candidate < k; candidate++) {
      const start = candidate * DIMENSIONS;
      let dot = 0;
      for (let i = 0; i < places.length; i++)
        dot += (weights[i] ?? 0) * (values[start + (places[i] ?? 0)] ?? 0);
      const similarity = dot * scale;
      if (Number.isNaN(similarity)) throw new Error(whyNotANumber(index, shard));
      if (similarity > best) [best, cluster] = [similarity, candidate];
    }
    return { cluster, similarity: best };
  };
}

/**
 * @param {number} index
 * @param {Shard} shard
 */
function whyNotANumber(index, shard) {
  const { title, document } = sectionAt(shard, index);
  return (
    `The similarity of section "${title}" (${document.path}) to a cluster is NaN: ` +
    'its vector has norm 0 and was divided by it. Guard the division in scaleOf.'
  );
}
