// @ts-check
/** P02 Splitting: cuts documents into sections, by headings and, where those are far apart, by paragraphs. */
import path from 'node:path';
import { toCsv } from '../lib/csv.mjs';

const DOCUMENTS_AT_ONCE = 40;
const LONGEST_SECTION = 1_500;
const HEADING = /^ {0,3}#{1,6}\s+(.+?)(?:\s+#+)?\s*$/;
const UNDERLINE = /^={3,}\s*$/;
const FENCE = /^\s{0,3}(?:```|~~~)/;

/**
 * @typedef {{ sections: number, headings: number, code_blocks: number, characters: number }} Cut
 * @typedef {import('../lib/context.mjs').Context} Context
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {import('../lib/shard.mjs').Document} Document
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P02',
  name: 'Splitting',
  depends_on: ['P01'],
  weight: 1,
  async run(context) {
    const total = context.result('documents').length;
    const cut = await context.step('split by headings', (m) => split(context, m));
    const long = await context.step('split long sections', (m) => splitLong(context, m));
    await context.step('list sections', (m) => listSections(context, m));
    const sections = context.result('sections').reduce((a, b) => a + b, 0);
    if (sections === 0)
      throw new Error('No document has any text. Name another folder with --root.');
    return {
      items: total,
      metrics: { ...cut, sections, long_sections: long },
      summary: `${sections} sections, ${cut.headings} headings, ${cut.code_blocks} code blocks`,
    };
  },
};

/**
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function split(context, metrics) {
  const total = context.result('documents').length;
  /** @type {Cut} */
  const sum = { sections: 0, headings: 0, code_blocks: 0, characters: 0 };
  let done = 0;
  const onCut = (/** @type {Cut} */ cut, /** @type {number} */ _, /** @type {number} */ count) => {
    done += count;
    sum.sections += cut.sections;
    sum.headings += cut.headings;
    sum.code_blocks += cut.code_blocks;
    sum.characters += cut.characters;
    context.progress({ fraction: (done / total) * 0.7, items_done: done, items_total: total });
  };
  await context.pieces('split', context.sizes('assigned'), DOCUMENTS_AT_ONCE, onCut);
  return Object.assign(metrics, sum);
}

/**
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function splitLong(context, metrics) {
  /** @type {{ sections: number, long: number }[]} */
  const results = await context.all('splitLong');
  context.leave(
    'sections',
    results.map(({ sections }) => sections),
  );
  const long = results.reduce((sum, result) => sum + result.long, 0);
  Object.assign(metrics, { long_sections: long, longest_allowed_characters: LONGEST_SECTION });
  return long;
}

/**
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function listSections(context, metrics) {
  /** @type {(string | number)[][]} */
  const rows = [];
  await context.pieces(
    'list',
    context.result('sections'),
    2_000,
    (/** @type {typeof rows} */ piece) => {
      rows.push(...piece);
    },
  );
  await context.artifact(
    'sections.csv',
    'csv',
    toCsv(['path', 'line', 'title', 'characters'], rows),
  );
  metrics.rows = rows.length;
}

export const tasks = {
  /** A document whose text was lost on the way. @param {Shard} shard */
  damage(shard) {
    const text = /** @type {string} */ (/** @type {unknown} */ (null));
    shard.documents.push({ id: -1, path: 'made by --fail', size: 0, text });
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   * @returns {Cut}
   */
  split(shard, { from, to }) {
    const cut = { sections: 0, headings: 0, code_blocks: 0, characters: 0 };
    for (const document of shard.documents.slice(from, to)) {
      if (document.text === undefined) continue;
      cut.characters += document.text.length;
      for (const { title, line, lines } of byHeadings(document, document.text, cut)) {
        const text = lines.join('\n').trim();
        if (text === '') continue;
        shard.sections.push({ document, title, line, text, terms: new Uint32Array(0) });
        cut.sections++;
      }
    }
    return cut;
  },

  /** @param {Shard} shard */
  splitLong(shard) {
    const before = shard.sections;
    const long = before.filter(({ text }) => text.length > LONGEST_SECTION).length;
    shard.sections = before.flatMap((section) =>
      byParagraphs(section.text).map((text) => ({ ...section, text })),
    );
    // From here on the sections are what counts; the whole texts need not stay.
    for (const document of shard.documents) document.text = undefined;
    return { sections: shard.sections.length, long };
  },

  /**
   * @param {Shard} shard
   * @param {{ from: number, to: number }} piece
   */
  list(shard, { from, to }) {
    return shard.sections
      .slice(from, to)
      .map(({ document, line, title, text }) => [document.path, line, title, text.length]);
  },
};

/**
 * @param {Document} document
 * @param {string} text
 * @param {Cut} cut
 */
function byHeadings(document, text, cut) {
  let current = {
    title: path.basename(document.path),
    line: 1,
    lines: /** @type {string[]} */ ([]),
  };
  const sections = [current];
  let inCode = false;
  const start = (/** @type {string} */ title, /** @type {number} */ line) => {
    cut.headings++;
    current = { title: title.slice(0, 120), line, lines: [] };
    sections.push(current);
  };
  text.split(/\r\n|\r|\n/).forEach((content, index) => {
    if (FENCE.test(content)) {
      inCode = !inCode;
      if (inCode) cut.code_blocks++;
    }
    const heading = inCode ? undefined : HEADING.exec(content)?.[1];
    const above = current.lines.at(-1)?.trim();
    if (heading) start(heading, index + 1);
    else if (!inCode && above && UNDERLINE.test(content)) {
      current.lines.pop();
      start(above, index);
    } else current.lines.push(content);
  });
  return sections;
}

/**
 * Paragraphs put together up to the longest length; a single longer paragraph stays whole.
 * @param {string} text
 */
function byParagraphs(text) {
  if (text.length <= LONGEST_SECTION) return [text];
  /** @type {string[]} */
  const parts = [];
  let part = '';
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    if (part && part.length + paragraph.length > LONGEST_SECTION) {
      parts.push(part);
      part = '';
    }
    part = part ? `${part}\n\n${paragraph}` : paragraph;
  }
  return part.trim() === '' ? parts : [...parts, part];
}
