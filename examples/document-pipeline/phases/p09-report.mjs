// @ts-check
/** P09 Report: the findings for people (Markdown) and for programs (JSON, CSV). */
import { toCsv } from '../lib/csv.mjs';

const ROWS_SHOWN = 15;

/**
 * @typedef {import('../lib/types.mjs').DocumentRow} DocumentRow
 * @typedef {import('../lib/types.mjs').GroupRow} GroupRow
 * @typedef {import('../lib/types.mjs').Cluster} Cluster
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {DocumentRow & { path: string }} Row
 *
 * @typedef {object} Findings
 * @property {string} job
 * @property {string[]} roots
 * @property {number} accepted
 * @property {number} rejected
 * @property {number} duplicates
 * @property {Row[]} rows
 * @property {GroupRow[]} groups
 * @property {Cluster[]} clusters
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P09',
  name: 'Report',
  depends_on: ['P08'],
  weight: 1,
  async run(context) {
    const findings = await context.step('gather', async (metrics) => {
      const gathered = gather(context);
      metrics.documents = gathered.rows.length;
      return gathered;
    });
    for (const [task, name] of /** @type {const} */ ([
      ['markdown', 'report.md'],
      ['json', 'report.json'],
      ['csv', 'report.csv'],
    ])) {
      await context.step(`write ${name}`, async (metrics) => {
        /** @type {string} */
        const text = await context.call(context.lead, task, findings);
        await context.artifact(name, task, text);
        metrics.characters = text.length;
      });
      context.progress({
        fraction: context.artifacts.length / 3,
        items_done: context.artifacts.length,
        items_total: 3,
      });
    }
    return { items: 3, metrics: { files: 3 }, summary: context.artifacts[0] ?? '' };
  },
};

/**
 * @param {import('../lib/context.mjs').Context} context
 * @returns {Findings}
 */
function gather(context) {
  const documents = context.result('documents');
  const { rows, groups } = context.result('summary');
  return {
    job: context.options.job,
    roots: context.options.roots,
    accepted: context.result('accepted'),
    rejected: context.result('rejected'),
    duplicates: context
      .result('duplicates')
      .reduce((sum, { sections }) => sum + sections.length - 1, 0),
    rows: rows.map((row) => ({ ...row, path: documents[row.document]?.path ?? '' })),
    groups,
    clusters: context.result('clusters'),
  };
}

/** What `--fail P09` adds to the report: a number that JSON cannot write. @type {object} */
let extra = {};

export const tasks = {
  damage() {
    extra = { sections: 1n };
  },

  /**
   * @param {Shard} _
   * @param {Findings} findings
   */
  markdown(_, { job, roots, accepted, rejected, duplicates, rows, groups, clusters }) {
    const hard = [...rows].sort((a, b) => a.readability - b.readability).slice(0, ROWS_SHOWN);
    const topics = [...clusters].sort((a, b) => b.size - a.size);
    return [
      `# Documents of ${roots.join(', ')}\n`,
      `Job ${job}: ${accepted} documents read, ${rejected} refused, ${duplicates} sections repeat an earlier one.\n`,
      '## Topics\n',
      table(
        ['sections', 'words'],
        topics.map(({ size, terms }) => [size, terms.join(', ')]),
      ),
      '## Packages\n',
      table(
        ['package', 'documents', 'readability (95 % interval)', 'repeated'],
        groups
          .slice(0, ROWS_SHOWN)
          .map((g) => [
            g.group,
            g.documents,
            `${g.readability} (${g.low} to ${g.high})`,
            `${Math.round(g.repeated * 100)} %`,
          ]),
      ),
      '## Hardest to read\n',
      table(
        ['document', 'readability'],
        hard.map(({ path, readability }) => [path, readability.toFixed(1)]),
      ),
    ].join('\n');
  },

  /**
   * @param {Shard} _
   * @param {Findings} findings
   */
  json(_, findings) {
    return `${JSON.stringify({ ...findings, ...extra }, null, 2)}\n`;
  },

  /**
   * @param {Shard} _
   * @param {Findings} findings
   */
  csv(_, { rows }) {
    const header = [
      'path',
      'sections',
      'repeated',
      'cluster',
      'readability',
      'link_density',
      'rarity',
    ];
    return toCsv(
      header,
      rows.map((row) => [
        row.path,
        row.sections,
        row.repeated,
        row.cluster,
        ...[row.readability, row.link_density, row.rarity].map((value) => Number(value.toFixed(3))),
      ]),
    );
  },
};

/**
 * @param {string[]} header
 * @param {(string | number)[][]} rows
 */
function table(header, rows) {
  const line = (/** @type {(string | number)[]} */ cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line), ''].join('\n');
}
