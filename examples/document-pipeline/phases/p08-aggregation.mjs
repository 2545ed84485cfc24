// @ts-check
/** P08 Aggregation: puts duplicates, clusters and scores together by document and by package, with error bars. */
import path from 'node:path';
import { seconds } from '../lib/budget.mjs';
import { randomFrom } from '../lib/random.mjs';
import { brokenSection } from '../lib/shard.mjs';

const SHARE = 0.97;
const RESAMPLES_A_ROUND = 100;
const MOST_ROUNDS = 100;
const DOCUMENTS_AT_ONCE = 200;

/**
 * @typedef {import('../lib/types.mjs').DocumentRow} DocumentRow
 * @typedef {import('../lib/types.mjs').GroupRow} GroupRow
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/types.mjs').Metrics} Metrics
 * @typedef {{ group: string, rows: DocumentRow[] }} Group
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P08',
  name: 'Aggregation',
  depends_on: ['P05', 'P06', 'P07'],
  weight: 1,
  async run(context) {
    const rows = await context.step('by document', (m) => byDocument(context, m));
    const groups = await context.step('by package', (m) => byGroup(context, rows, m));
    const resamples = await context.step('error bars', (m) => resample(context, groups, m));
    const table = await context.step('intervals', (m) => intervals(context, groups, m));
    context.leave('summary', { rows, groups: table, resamples });
    await context.artifact('packages.json', 'json', `${JSON.stringify(table, null, 2)}\n`);
    return {
      items: rows.length,
      metrics: { documents: rows.length, packages: table.length, resamples },
      summary: `${rows.length} documents in ${table.length} packages, ${resamples} resamples`,
    };
  },
};

/**
 * @param {Context} context
 * @param {Metrics} metrics
 */
async function byDocument(context, metrics) {
  const later = context.result('duplicates').flatMap(({ sections }) => sections.slice(1));
  await context.all('repeated', (worker) =>
    later.flatMap((ref) => (ref.worker === worker ? [ref.index] : [])),
  );
  /** @type {DocumentRow[]} */
  const rows = [];
  const items_total = context.result('accepted');
  await context.pieces(
    'rows',
    context.sizes('assigned'),
    DOCUMENTS_AT_ONCE,
    (/** @type {DocumentRow[]} */ piece) => {
      rows.push(...piece);
      context.progress({
        fraction: (rows.length / items_total) * 0.3,
        items_done: rows.length,
        items_total,
      });
    },
  );
  metrics.documents = rows.length;
  return rows;
}

/**
 * @param {Context} context
 * @param {DocumentRow[]} rows
 * @param {Metrics} metrics
 */
async function byGroup(context, rows, metrics) {
  const documents = context.result('documents');
  /** @type {Map<string, DocumentRow[]>} */
  const groups = new Map();
  for (const row of rows) {
    const name = groupOf(documents[row.document]?.path ?? '', context.options.roots);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  const list = [...groups].map(([group, members]) => ({ group, rows: members }));
  await context.all('groups', (worker) =>
    shareOf(list, worker, context.workers).map((group) =>
      group.rows.map(({ readability }) => readability),
    ),
  );
  metrics.packages = list.length;
  return list;
}

/**
 * The package a file lies in, or else its first folder under the root.
 * @param {string} file
 * @param {readonly string[]} roots
 */
function groupOf(file, roots) {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('node_modules');
  if (at >= 0) return parts.slice(at + 1, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/');
  const root = roots.find((folder) => file.startsWith(folder));
  const [first, ...deeper] = path.relative(root ?? path.dirname(file), file).split(path.sep);
  return deeper.length > 0 && first ? first : '(top folder)';
}

/**
 * Each worker has every n-th group.
 * @template T
 * @param {T[]} list
 * @param {number} worker
 * @param {number} workers
 */
const shareOf = (list, worker, workers) => list.filter((_, i) => i % workers === worker);

/**
 * Draws documents with replacement and takes the mean, again and again: the more often, the steadier the error bars.
 * @param {Context} context
 * @param {Group[]} groups
 * @param {Metrics} metrics
 */
async function resample(context, groups, metrics) {
  const items_total = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const start = seconds();
  let planned = 5;
  let rounds = 0;
  while (rounds < planned) {
    const seed = rounds;
    await context.all('resample', () => seed);
    rounds++;
    const spent = seconds() - start;
    planned = context.budget.rounds({
      share: SHARE,
      done: rounds,
      spent,
      min: 5,
      max: MOST_ROUNDS,
    });
    const fraction = 0.3 + (rounds / planned) * 0.6;
    context.progress({
      fraction,
      items_done: items_total,
      items_total,
      message: `${rounds * RESAMPLES_A_ROUND} resamples`,
    });
  }
  metrics.resamples = rounds * RESAMPLES_A_ROUND;
  return rounds * RESAMPLES_A_ROUND;
}

/**
 * @param {Context} context
 * @param {Group[]} groups
 * @param {Metrics} metrics
 */
async function intervals(context, groups, metrics) {
  /** @type {[number, number][][]} */
  const shares = await context.all('intervals');
  const table = groups.map(({ group, rows }, i) => {
    const [low, high] = shares[i % context.workers]?.[Math.floor(i / context.workers)] ?? [0, 0];
    const sections = rows.reduce((sum, row) => sum + row.sections, 0);
    const repeated = rows.reduce((sum, row) => sum + row.repeated, 0);
    return {
      group,
      documents: rows.length,
      readability: round(rows.reduce((sum, row) => sum + row.readability, 0) / rows.length),
      low: round(low),
      high: round(high),
      repeated: round(repeated / Math.max(sections, 1)),
    };
  });
  metrics.packages = table.length;
  return table.sort((a, b) => b.documents - a.documents || (a.group < b.group ? -1 : 1));
}

/** @param {number} value */
const round = (value) => Number(value.toFixed(2));

/** @type {Set<number>} */
let repeated = new Set();
/** @type {number[][]} */
let values = [];
/** The means drawn so far, by group. @type {number[][]} */
let means = [];

export const tasks = {
  /** A document with a section that was never scored. @param {Shard} shard */
  damage(shard) {
    const section = brokenSection({ title: 'A section without a score' });
    shard.documents.push(section.document);
    shard.sections.push(section);
  },

  /**
   * @param {Shard} _
   * @param {number[]} indexes
   */
  repeated(_, indexes) {
    repeated = new Set(indexes);
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {DocumentRow[]}
   */
  rows(shard, { from, to }) {
    const wanted = new Map(
      shard.documents.slice(from, to).map((document) => [document, /** @type {number[]} */ ([])]),
    );
    shard.sections.forEach((section, index) => wanted.get(section.document)?.push(index));
    return [...wanted].flatMap(([{ id }, sections]) =>
      sections.length === 0 ? [] : [rowOf(id, sections, shard)],
    );
  },

  /**
   * @param {Shard} _
   * @param {number[][]} groups
   */
  groups(_, groups) {
    values = groups;
    means = groups.map(() => []);
  },

  /**
   * @param {Shard} _
   * @param {number} seed
   */
  resample(_, seed) {
    const random = randomFrom(seed);
    values.forEach((group, i) => {
      for (let draw = 0; draw < RESAMPLES_A_ROUND; draw++) {
        let sum = 0;
        for (let j = 0; j < group.length; j++)
          sum += group[Math.floor(random() * group.length)] ?? 0;
        means[i]?.push(sum / group.length);
      }
    });
  },

  /** @returns {[number, number][]} */
  intervals() {
    return means.map((group) => {
      const sorted = Float64Array.from(group).sort();
      return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
    });
  },
};

/**
 * @param {number} document
 * @param {number[]} sections
 * @param {Shard} shard
 * @returns {DocumentRow}
 */
function rowOf(document, sections, shard) {
  const scores = sections.map((index) => {
    const score = shard.scores[index];
    if (score) return score;
    throw new RangeError(
      `Section ${index} has no score; ${shard.scores.length} sections were scored.`,
    );
  });
  const mean = (/** @type {'readability' | 'link_density' | 'rarity'} */ key) =>
    scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  return {
    document,
    sections: sections.length,
    repeated: sections.filter((index) => repeated.has(index)).length,
    cluster: mostFrequent(sections.map((index) => shard.labels[index] ?? 0)),
    readability: mean('readability'),
    link_density: mean('link_density'),
    rarity: mean('rarity'),
  };
}

/** @param {number[]} labels */
function mostFrequent(labels) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

/**
 * @param {Float64Array} sorted
 * @param {number} q
 */
const quantile = (sorted, q) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
