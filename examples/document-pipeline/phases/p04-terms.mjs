// @ts-check
/** P04 Term statistics: in how many sections each word stands, the weight that gives it, and words that go together. */
import { toCsv } from '../lib/csv.mjs';
import { brokenSection } from '../lib/shard.mjs';

const SECTIONS_AT_ONCE = 400;
const TERMS_WRITTEN = 2_000;
const MOST_PAIRS = 300_000;
const PAIR_BASE = 2 ** 26;

/**
 * @typedef {{ words: string[], counts: Uint32Array, frequencies: Uint32Array }} Frequencies
 * @typedef {{ count: number, frequency: number }} Term
 * @typedef {[first: string, second: string, count: number]} Pair
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P04',
  name: 'Term statistics',
  depends_on: ['P03'],
  weight: 1,
  async run(context) {
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    const terms = await context.step('document frequencies', (m) => frequencies(context, m));
    await context.step('weights', (m) => weights(context, terms, m));
    const pairs = await context.step('words that go together', (m) => pairsOf(context, m));
    await context.step('write terms', (m) => write(context, terms, pairs, m));
    return {
      items: sections,
      metrics: { terms: terms.size, word_pairs: pairs.length },
      summary: `${terms.size} terms, ${pairs.length} frequent word pairs`,
    };
  },
};

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function frequencies(context, metrics) {
  await count(context, 'frequencies', 0, 0.5);
  /** @type {Frequencies[]} */
  const shares = await context.all('collect');
  /** @type {Map<string, Term>} */
  const terms = new Map();
  for (const { words, counts, frequencies: found } of shares) {
    words.forEach((word, id) => {
      const term = terms.get(word) ?? { count: 0, frequency: 0 };
      term.count += counts[id] ?? 0;
      term.frequency += found[id] ?? 0;
      terms.set(word, term);
    });
  }
  metrics.terms = terms.size;
  return terms;
}

/**
 * Lets the workers go through all sections and reports the progress from one fraction to another.
 * @param {Context} context
 * @param {string} task
 * @param {number} start
 * @param {number} end
 */
async function count(context, task, start, end) {
  const sizes = context.sizes('sections');
  const items_total = sizes.reduce((a, b) => a + b, 0);
  let items_done = 0;
  await context.pieces(task, sizes, SECTIONS_AT_ONCE, (_, __, pieces) => {
    items_done += pieces;
    const fraction = start + (end - start) * (items_done / items_total);
    context.progress({ fraction, items_done, items_total, message: task });
  });
}

/**
 * A word that stands in every section tells nothing: its weight, ln(sections / sections with it), is 0.
 * @param {Context} context
 * @param {ReadonlyMap<string, Term>} terms
 * @param {Metrics} metrics
 */
async function weights(context, terms, metrics) {
  const sections = context.sizes('sections').reduce((a, b) => a + b, 0);
  let heaviest = 0;
  /** @type {Map<string, number>} */
  const idf = new Map();
  for (const [word, { frequency }] of terms) {
    const weight = Math.log(sections / Math.max(frequency, 1));
    heaviest = Math.max(heaviest, weight);
    idf.set(word, weight);
  }
  await context.all('weigh', () => idf);
  metrics.heaviest = Number(heaviest.toFixed(2));
}

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function pairsOf(context, metrics) {
  await count(context, 'pairs', 0.5, 0.95);
  /** @type {Map<string, Pair>} */
  const sums = new Map();
  /** @type {Pair[][]} */
  const shares = await context.all('collectPairs');
  for (const [first, second, times] of shares.flat()) {
    const key = `${first} ${second}`;
    sums.set(key, [first, second, times + (sums.get(key)?.[2] ?? 0)]);
  }
  const pairs = [...sums.values()].sort((a, b) => b[2] - a[2]).slice(0, TERMS_WRITTEN);
  metrics.pairs = pairs.length;
  return pairs;
}

/**
 * @param {Context} context
 * @param {ReadonlyMap<string, Term>} terms
 * @param {Pair[]} pairs
 * @param {Metrics} metrics
 */
async function write(context, terms, pairs, metrics) {
  const rows = [...terms]
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, TERMS_WRITTEN)
    .map(([word, term]) => [word, term.count, term.frequency]);
  await context.artifact('terms.csv', 'csv', toCsv(['term', 'count', 'sections'], rows));
  await context.artifact('word-pairs.csv', 'csv', toCsv(['first', 'second', 'count'], pairs));
  Object.assign(metrics, { terms: rows.length, pairs: pairs.length });
}

/** In how many of this worker's sections each word stands, by id. */
let found = new Uint32Array(0);
/** @type {Map<number, number>} */
let neighbours = new Map();

export const tasks = {
  /** A section with a word id that no word has. @param {Shard} shard */
  damage(shard) {
    shard.sections.push(brokenSection({ terms: Uint32Array.of(4_000_000_000) }));
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   */
  frequencies(shard, { from, to }) {
    if (found.length === 0) found = new Uint32Array(shard.words.length);
    for (const { terms, document } of shard.sections.slice(from, to)) {
      for (const id of new Set(terms)) {
        const before = found[id];
        if (before === undefined) {
          throw new RangeError(
            `${document.path} has word ${id}, but there are ${found.length} words.`,
          );
        }
        found[id] = before + 1;
      }
    }
  },

  /**
   * @param {Shard} shard
   * @returns {Frequencies}
   */
  collect(shard) {
    return { words: shard.words, counts: Uint32Array.from(shard.counts), frequencies: found };
  },

  /**
   * @param {Shard} shard
   * @param {ReadonlyMap<string, number>} idf
   */
  weigh(shard, idf) {
    shard.idf = Float32Array.from(shard.words, (word) => idf.get(word) ?? 0);
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   */
  pairs(shard, { from, to }) {
    for (const { terms } of shard.sections.slice(from, to)) {
      let left;
      for (const right of terms) {
        if (left !== undefined && (found[right] ?? 0) > 2) {
          const pair = left * PAIR_BASE + right;
          const before = neighbours.get(pair) ?? 0;
          if (before > 0 || neighbours.size < MOST_PAIRS) neighbours.set(pair, before + 1);
        }
        left = (found[right] ?? 0) > 2 ? right : undefined;
      }
    }
  },

  /**
   * @param {Shard} shard
   * @returns {Pair[]}
   */
  collectPairs({ words }) {
    const best = [...neighbours].filter(([, times]) => times > 4).sort((a, b) => b[1] - a[1]);
    neighbours = new Map();
    return best
      .slice(0, TERMS_WRITTEN)
      .map(([pair, times]) => [
        words[Math.floor(pair / PAIR_BASE)] ?? '',
        words[pair % PAIR_BASE] ?? '',
        times,
      ]);
  },
};
