// @ts-check
/**
 * P05 Near-duplicate detection: sections as sets of five-word shingles, MinHash bands to find candidates (Broder,
 * 1997), the exact Jaccard similarity to judge them. More bands find more of the less similar pairs.
 */
import { seconds } from '../lib/budget.mjs';
import { Candidates } from '../lib/candidates.mjs';
import { toCsv } from '../lib/csv.mjs';
import { Groups } from '../lib/groups.mjs';
import { randomFrom } from '../lib/random.mjs';
import { brokenSection } from '../lib/shard.mjs';
import { fingerprint, jaccard, minimum, shinglesOf } from '../lib/shingles.mjs';

const SECTIONS_AT_ONCE = 200;
const SHARE = 0.45;
const ROWS_A_BAND = 6;
const BANDS_A_ROUND = 4;
const MOST_ROUNDS = 256;
const MOST_CANDIDATES = 200_000;
const PAIRS_AT_ONCE = 1_000;
const SIMILAR = 0.7;

/**
 * @typedef {{ worker: number, index: number }} Ref
 * @typedef {{ from: number, prints: Float64Array }} Prints
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P05',
  name: 'Near-duplicate detection',
  depends_on: ['P02'],
  weight: 7,
  async run(context) {
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    const same = await context.step('shingles', (m) => shingle(context, m));
    const candidates = await context.step('MinHash bands', (m) => band(context, same, m));
    const groups = new Groups(same.length);
    await context.step('compare candidates', (m) =>
      compare(context, same, { candidates, groups }, m),
    );
    const duplicates = await context.step('write groups', (m) => write(context, same, groups, m));
    const found = duplicates.reduce((sum, group) => sum + group.sections.length - 1, 0);
    context.count('duplicates_found', found);
    return {
      items: sections,
      metrics: { duplicates: found, groups: duplicates.length, candidates: candidates.length / 2 },
      summary: `${found} near-duplicate sections in ${duplicates.length} groups`,
    };
  },
};

/**
 * Sections with the very same shingles are put together at once; only the first of each goes on.
 * @param {Context} context
 * @param {Metrics} metrics
 * @returns {Promise<Ref[][]>}
 */
async function shingle(context, metrics) {
  const sizes = context.sizes('sections');
  const items_total = sizes.reduce((a, b) => a + b, 0);
  /** @type {Map<number, Ref[]>} */
  const byPrint = new Map();
  let items_done = 0;
  await context.pieces(
    'shingle',
    sizes,
    SECTIONS_AT_ONCE,
    (/** @type {Prints} */ piece, worker, count) => {
      items_done += count;
      context.progress({ fraction: (items_done / items_total) * 0.2, items_done, items_total });
      piece.prints.forEach((print, i) => {
        const ref = { worker, index: piece.from + i };
        const others = byPrint.get(print);
        // NaN stands for a section too short to have a shingle.
        if (others) others.push(ref);
        else if (!Number.isNaN(print)) byPrint.set(print, [ref]);
      });
    },
  );
  const same = [...byPrint.values()].sort((a, b) => first(a).worker - first(b).worker);
  await context.all('keep', (worker) =>
    same.map(first).flatMap((ref) => (ref.worker === worker ? [ref.index] : [])),
  );
  Object.assign(metrics, { sections: items_done, different: same.length });
  return same;
}

/**
 * @param {Context} context
 * @param {Ref[][]} same
 * @param {Metrics} metrics
 * @returns {Promise<Uint32Array>} pairs of places in `same`, one after the other
 */
async function band(context, same, metrics) {
  const items_total = context.result('sections').reduce((a, b) => a + b, 0);
  const start = seconds();
  let planned = 4;
  let rounds = 0;
  let candidates = 0;
  while (rounds < planned) {
    const seed = rounds;
    /** @type {Uint32Array[]} */
    const bands = await context.all('bands', () => seed);
    candidates = await context.call(context.lead, 'bucket', bands);
    rounds++;
    const spent = seconds() - start;
    planned = context.budget.rounds({
      share: SHARE,
      done: rounds,
      spent,
      min: 4,
      max: MOST_ROUNDS,
    });
    context.progress({
      fraction: 0.2 + (rounds / planned) * 0.65,
      items_done: items_total,
      items_total,
      message: `${rounds * BANDS_A_ROUND * ROWS_A_BAND} hash functions, ${candidates} candidates`,
    });
  }
  const bands = rounds * BANDS_A_ROUND;
  Object.assign(metrics, {
    sections: same.length,
    hash_functions: bands * ROWS_A_BAND,
    bands,
    candidates,
  });
  return context.call(context.lead, 'candidates');
}

/**
 * @param {Context} context
 * @param {Ref[][]} same
 * @param {{ candidates: Uint32Array, groups: Groups }} work
 * @param {Metrics} metrics
 */
async function compare(context, same, { candidates, groups }, metrics) {
  const items_total = context.result('sections').reduce((a, b) => a + b, 0);
  for (let from = 0; from < candidates.length; from += PAIRS_AT_ONCE * 2) {
    const pairs = candidates.slice(from, from + PAIRS_AT_ONCE * 2);
    const sets = await fetchSets(context, same, new Set(pairs));
    /** @type {Float64Array} */
    const similarities = await context.call(context.lead, 'compare', { pairs, sets });
    similarities.forEach((similarity, i) => {
      if (similarity >= SIMILAR) groups.join(pairs[i * 2] ?? 0, pairs[i * 2 + 1] ?? 0, similarity);
    });
    const fraction = 0.85 + (from / candidates.length) * 0.15;
    context.progress({ fraction, items_done: items_total, items_total });
  }
  Object.assign(metrics, { compared: candidates.length / 2, similar: groups.joined });
}

/**
 * @param {Context} context
 * @param {Ref[][]} same
 * @param {Set<number>} places
 */
async function fetchSets(context, same, places) {
  const refs = [...places].map((place) => ({ place, ...first(same[place] ?? []) }));
  /** @type {[number, Uint32Array][][]} */
  const shares = await context.all('sets', (worker) => refs.filter((ref) => ref.worker === worker));
  return new Map(shares.flat());
}

/**
 * @param {Context} context
 * @param {Ref[][]} same
 * @param {Groups} groups
 * @param {Metrics} metrics
 */
async function write(context, same, groups, metrics) {
  const duplicates = groups
    .all()
    .map(({ similarity, members }) => ({
      similarity,
      sections: members.flatMap((place) => same[place] ?? []),
    }))
    .filter(({ sections }) => sections.length > 1)
    .sort((a, b) => b.sections.length - a.sections.length);
  /** @type {[string, number][][]} */
  const places = await context.all('places');
  const rows = duplicates.flatMap(({ similarity, sections }, group) =>
    sections.map(({ worker, index }) => {
      const [path, line] = places[worker]?.[index] ?? ['', 0];
      return [group + 1, Number(similarity.toFixed(3)), path, line];
    }),
  );
  await context.artifact(
    'duplicates.csv',
    'csv',
    toCsv(['group', 'similarity', 'path', 'line'], rows),
  );
  context.leave('duplicates', duplicates);
  Object.assign(metrics, { groups: duplicates.length, sections: rows.length });
  return duplicates;
}

/**
 * @param {Ref[]} refs
 * @returns {Ref}
 */
function first(refs) {
  const [ref] = refs;
  if (!ref) throw new RangeError('A group of sections is empty.');
  return ref;
}

/** The shingles of each section, by index: ascending hashes. @type {Uint32Array[]} */
let shingles = [];
/** The sections that go on to banding. @type {Uint32Array[]} */
let kept = [];
/** What the lead worker has found. */
const pairs = new Candidates(MOST_CANDIDATES);

export const tasks = {
  /** A section whose text was lost on the way. @param {Shard} shard */
  damage(shard) {
    const text = /** @type {string} */ (/** @type {unknown} */ (null));
    shard.sections.push(brokenSection({ text }));
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {Prints}
   */
  shingle(shard, { from, to }) {
    const sets = shard.sections.slice(from, to).map(({ text }) => shinglesOf(text));
    shingles.push(...sets);
    return { from, prints: Float64Array.from(sets, fingerprint) };
  },

  /**
   * @param {Shard} _
   * @param {number[]} indexes
   */
  keep(_, indexes) {
    kept = indexes.map((index) => shingles[index] ?? new Uint32Array(0));
  },

  /**
   * A few bands of every kept section: each is one hash over the minima of some hash functions.
   * @param {Shard} _
   * @param {number} round
   */
  bands(_, round) {
    const functions = hashFunctions(round);
    const bands = new Uint32Array(kept.length * BANDS_A_ROUND);
    kept.forEach((set, place) => {
      for (let band = 0; band < BANDS_A_ROUND; band++) {
        let hash = band + 1;
        for (let row = 0; row < ROWS_A_BAND; row++) {
          const at = (band * ROWS_A_BAND + row) * 2;
          hash = Math.imul(
            hash ^ minimum(set, functions[at] ?? 1, functions[at + 1] ?? 0),
            0x9e3779b1,
          );
          hash ^= hash >>> 15;
        }
        bands[place * BANDS_A_ROUND + band] = hash;
      }
    });
    return bands;
  },

  /**
   * @param {Shard} _
   * @param {Uint32Array[]} shares
   * @returns {number} candidates so far
   */
  bucket(_, shares) {
    pairs.add(shares, BANDS_A_ROUND);
    return pairs.size;
  },

  candidates() {
    return pairs.take();
  },

  /**
   * @param {Shard} _
   * @param {{ place: number, index: number }[]} refs
   */
  sets(_, refs) {
    return refs.map(({ place, index }) => [place, shingles[index]]);
  },

  /**
   * @param {Shard} _
   * @param {{ pairs: Uint32Array, sets: Map<number, Uint32Array> }} work
   */
  compare(_, { pairs, sets }) {
    const none = new Uint32Array(0);
    return Float64Array.from({ length: pairs.length / 2 }, (__, i) =>
      jaccard(sets.get(pairs[i * 2] ?? -1) ?? none, sets.get(pairs[i * 2 + 1] ?? -1) ?? none),
    );
  },

  /**
   * @param {Shard} shard
   * @returns {[string, number][]}
   */
  places(shard) {
    shingles = [];
    kept = [];
    return shard.sections.map(({ document, line }) => [document.path, line]);
  },
};

/** @param {number} round */
function hashFunctions(round) {
  const random = randomFrom(1 + round);
  return Uint32Array.from(
    { length: BANDS_A_ROUND * ROWS_A_BAND * 2 },
    () => (random() * 2 ** 32) | 1,
  );
}
