// @ts-check
/** P07 Scoring: how readable each section is, how much of it is links and code, and how rare its words are. */
import { toCsv } from '../lib/csv.mjs';
import { brokenSection } from '../lib/shard.mjs';

const SECTIONS_AT_ONCE = 250;
const LINK = /\[[^\]\n]{0,300}\]\([^)\s]{0,500}\)|https?:\/\/\S+/g;
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]+`|^(?: {4}|\t).*$/gm;
const SENTENCE_END = /[.!?](?=\s|$)/g;
const VOWELS = /[aeiouyäöüáéíóúàèìòù]+/g;

/**
 * @typedef {import('../lib/shard.mjs').Score} Score
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/shard.mjs').Section} Section
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P07',
  name: 'Scoring',
  depends_on: ['P03'],
  weight: 1,
  async run(context) {
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    await context.step('count syllables', async (metrics) => {
      /** @type {number[]} */
      const words = await context.all('syllables');
      metrics.words = words.reduce((a, b) => a + b, 0);
    });
    const mean = await context.step('score sections', (m) => score(context, m));
    await context.step('write scores', (m) => write(context, m));
    return {
      items: sections,
      metrics: { readability: mean.readability, link_density: mean.link_density },
      summary: `mean readability ${mean.readability}, link density ${mean.link_density}`,
    };
  },
};

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function score(context, metrics) {
  const sizes = context.sizes('sections');
  const items_total = sizes.reduce((a, b) => a + b, 0);
  let items_done = 0;
  let readability = 0;
  let link_density = 0;
  await context.pieces('score', sizes, SECTIONS_AT_ONCE, (/** @type {Score[]} */ scores) => {
    items_done += scores.length;
    for (const found of scores) {
      readability += found.readability;
      link_density += found.link_density;
    }
    context.progress({ fraction: (items_done / items_total) * 0.9, items_done, items_total });
  });
  const mean = {
    readability: Number((readability / items_total).toFixed(1)),
    link_density: Number((link_density / items_total).toFixed(3)),
  };
  Object.assign(metrics, { sections: items_done, ...mean });
  return mean;
}

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function write(context, metrics) {
  /** @type {(string | number)[][]} */
  const rows = [];
  await context.pieces(
    'rows',
    context.result('sections'),
    2_000,
    (/** @type {typeof rows} */ piece) => {
      rows.push(...piece);
    },
  );
  const header = ['path', 'line', 'readability', 'link_density', 'code_share', 'rarity'];
  await context.artifact('scores.csv', 'csv', toCsv(header, rows));
  metrics.rows = rows.length;
}

/** Syllables of each word, by id. */
let syllables = new Uint8Array(0);

export const tasks = {
  /** A section whose text was lost on the way. @param {Shard} shard */
  damage(shard) {
    const text = /** @type {string} */ (/** @type {unknown} */ (null));
    shard.sections.push(brokenSection({ text }));
  },

  /** @param {Shard} shard */
  syllables(shard) {
    syllables = Uint8Array.from(shard.words, (word) =>
      Math.max(1, word.match(VOWELS)?.length ?? 1),
    );
    return syllables.length;
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   */
  score(shard, { from, to }) {
    const scores = shard.sections.slice(from, to).map((section) => scoreOf(section, shard.pieces));
    shard.scores.push(...scores);
    return scores;
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   */
  rows(shard, { from, to }) {
    return shard.scores.slice(from, to).map((found, i) => {
      const section = shard.sections[from + i];
      const values = [found.readability, found.link_density, found.code_share, found.rarity];
      return [
        section?.document.path ?? '',
        section?.line ?? 0,
        ...values.map((v) => Number(v.toFixed(3))),
      ];
    });
  },
};

/**
 * @param {Section} section
 * @param {number[]} pieces
 * @returns {Score}
 */
function scoreOf({ text, terms }, pieces) {
  const sentences = Math.max(1, text.match(SENTENCE_END)?.length ?? 1);
  let syllableCount = 0;
  let pieceCount = 0;
  for (const id of terms) {
    syllableCount += syllables[id] ?? 1;
    pieceCount += pieces[id] ?? 1;
  }
  const words = Math.max(1, terms.length);
  const ease = 206.835 - 1.015 * (words / sentences) - 84.6 * (syllableCount / words);
  return {
    readability: Math.min(100, Math.max(0, ease)),
    link_density: shareOf(text, LINK),
    code_share: shareOf(text, CODE),
    rarity: Math.max(1, pieceCount / words),
  };
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function shareOf(text, pattern) {
  const length = text.match(pattern)?.reduce((sum, match) => sum + match.length, 0) ?? 0;
  return text.length === 0 ? 0 : length / text.length;
}
