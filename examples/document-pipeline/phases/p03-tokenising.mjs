// @ts-check
/**
 * P03 Tokenising: turns sections into word ids and learns sub-words by byte-pair encoding (Sennrich et al., 2016): the
 * most frequent neighbouring symbols become one symbol, again and again. More rounds learn longer sub-words.
 */
import { seconds } from '../lib/budget.mjs';
import { brokenSection } from '../lib/shard.mjs';

const SECTIONS_AT_ONCE = 200;
const SHARE = 0.3;
const MERGES_A_ROUND = 16;
const MOST_ROUNDS = 1_000;
const LONGEST_WORD = 40;
const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;
/** Single characters are their own code points; learned symbols come after the last of those. */
const FIRST_LEARNED = 0x11_0000;
const PAIR_BASE = 2 ** 24;

/**
 * @typedef {{ left: number, right: number, to: number }} Merge
 * @typedef {[pair: number, count: number]} Counted
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P03',
  name: 'Tokenising',
  depends_on: ['P02'],
  weight: 7,
  async run(context) {
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    const words = await context.step('find words', (m) => findWords(context, m));
    const learned = await context.step('learn sub-words', (m) => learn(context, m));
    const rate = await context.step('apply sub-words', (m) => apply(context, m));
    await context.step('write vocabulary', async (metrics) => {
      metrics.subwords = learned.length;
      await context.artifact('subwords.json', 'json', `${JSON.stringify(learned)}\n`);
    });
    return {
      items: sections,
      metrics: { words, subwords: learned.length, subwords_per_word: rate },
      summary: `${words} words, ${learned.length} sub-words learned, ${rate} sub-words a word`,
    };
  },
};

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function findWords(context, metrics) {
  const sizes = context.sizes('sections');
  const items_total = sizes.reduce((a, b) => a + b, 0);
  let items_done = 0;
  let words = 0;
  await context.pieces(
    'words',
    sizes,
    SECTIONS_AT_ONCE,
    (/** @type {number} */ found, _, count) => {
      words += found;
      items_done += count;
      context.progress({ fraction: (items_done / items_total) * 0.3, items_done, items_total });
    },
  );
  /** @type {number[]} */
  const different = await context.all('letters');
  Object.assign(metrics, { words, different_words: Math.max(...different) });
  return words;
}

/**
 * Learns until the phase's share of the time is over; how many rounds that is follows from the speed of the first.
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function learn(context, metrics) {
  const items_total = context.result('sections').reduce((a, b) => a + b, 0);
  /** @type {Map<number, string>} */
  const texts = new Map();
  /** @type {Merge[]} */
  let merges = [];
  const start = seconds();
  let planned = 4;
  let rounds = 0;
  while (rounds < planned) {
    /** @type {Counted[][]} */
    const counted = await context.all('round', () => merges);
    merges = choose(counted, FIRST_LEARNED + texts.size);
    if (merges.length === 0) break;
    for (const { left, right, to } of merges)
      texts.set(to, spell(left, texts) + spell(right, texts));
    rounds++;
    const spent = seconds() - start;
    planned = context.budget.rounds({
      share: SHARE,
      done: rounds,
      spent,
      min: 4,
      max: MOST_ROUNDS,
    });
    const message = `${texts.size} sub-words`;
    const fraction = 0.3 + (rounds / planned) * 0.65;
    context.progress({ fraction, items_done: items_total, items_total, message });
  }
  await context.all('round', () => merges);
  Object.assign(metrics, { rounds, subwords: texts.size });
  return [...texts.values()];
}

/**
 * The most frequent pairs of all workers. Pairs of one round share no symbol, so their order does not matter.
 * @param {Counted[][]} counted
 * @param {number} first the number of the first new symbol
 */
function choose(counted, first) {
  /** @type {Map<number, number>} */
  const sums = new Map();
  for (const [pair, count] of counted.flat()) sums.set(pair, (sums.get(pair) ?? 0) + count);
  const best = [...sums]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const used = new Set();
  /** @type {Merge[]} */
  const merges = [];
  for (const [pair] of best) {
    const left = Math.floor(pair / PAIR_BASE);
    const right = pair % PAIR_BASE;
    if (used.has(left) || used.has(right)) continue;
    used.add(left).add(right);
    merges.push({ left, right, to: first + merges.length });
    if (merges.length === MERGES_A_ROUND) break;
  }
  return merges;
}

/**
 * @param {number} symbol
 * @param {ReadonlyMap<number, string>} texts
 */
const spell = (symbol, texts) => texts.get(symbol) ?? String.fromCodePoint(symbol);

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function apply(context, metrics) {
  /** @type {{ words: number, pieces: number }[]} */
  const results = await context.all('apply');
  const words = results.reduce((sum, result) => sum + result.words, 0);
  const pieces = results.reduce((sum, result) => sum + result.pieces, 0);
  const rate = Number((pieces / Math.max(words, 1)).toFixed(2));
  Object.assign(metrics, { words, pieces, subwords_per_word: rate });
  return rate;
}

/** Ids of the words seen so far in this worker. @type {Map<string, number>} */
const ids = new Map();
/** The symbols of each word, by id. @type {number[][]} */
let symbols = [];

export const tasks = {
  /** A section whose text was lost on the way. @param {Shard} shard */
  damage(shard) {
    const text = /** @type {string} */ (/** @type {unknown} */ (null));
    shard.sections.push(brokenSection({ text }));
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {number} words found
   */
  words(shard, { from, to }) {
    let found = 0;
    for (const section of shard.sections.slice(from, to)) {
      const words = section.text.toLowerCase().match(WORD) ?? [];
      section.terms = Uint32Array.from(words, (word) => idOf(shard, word));
      found += words.length;
    }
    return found;
  },

  /** @param {Shard} shard */
  letters(shard) {
    symbols = shard.words.map((word) =>
      Array.from(word.slice(0, LONGEST_WORD), (letter) => letter.codePointAt(0) ?? 0),
    );
    return shard.words.length;
  },

  /**
   * Applies what the last round chose and counts the pairs that neighbour each other now.
   * @param {Shard} shard
   * @param {Merge[]} merges
   * @returns {Counted[]} the most frequent pairs
   */
  round(shard, merges) {
    const merged = new Map(merges.map(({ left, right, to }) => [left * PAIR_BASE + right, to]));
    /** @type {Map<number, number>} */
    const pairs = new Map();
    symbols.forEach((word, id) => {
      if (merged.size > 0) mergeIn(word, merged);
      const count = shard.counts[id] ?? 0;
      let left = word[0] ?? 0;
      for (let i = 1; i < word.length; i++) {
        const right = word[i] ?? 0;
        const pair = left * PAIR_BASE + right;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
        left = right;
      }
    });
    return [...pairs].sort((a, b) => b[1] - a[1]).slice(0, MERGES_A_ROUND * 8);
  },

  /** @param {Shard} shard */
  apply(shard) {
    shard.pieces = symbols.map((word) => word.length);
    symbols = [];
    let words = 0;
    let pieces = 0;
    shard.counts.forEach((count, id) => {
      words += count;
      pieces += count * (shard.pieces[id] ?? 0);
    });
    return { words, pieces };
  },
};

/**
 * @param {Shard} shard
 * @param {string} word
 */
function idOf(shard, word) {
  let id = ids.get(word);
  if (id === undefined) {
    id = shard.words.push(word) - 1;
    ids.set(word, id);
  }
  shard.counts[id] = (shard.counts[id] ?? 0) + 1;
  return id;
}

/**
 * Replaces pairs by their new symbols, from left to right, in place.
 * @param {number[]} word
 * @param {ReadonlyMap<number, number>} merged
 */
function mergeIn(word, merged) {
  let end = 0;
  for (let i = 0; i < word.length; i++) {
    const left = word[i] ?? 0;
    const to = i + 1 < word.length ? merged.get(left * PAIR_BASE + (word[i + 1] ?? 0)) : undefined;
    if (to !== undefined) i++;
    word[end++] = to ?? left;
  }
  word.length = end;
}
