// @ts-check

/**
 * What one worker holds: its share of the documents, from reading to scoring. Only counts and tables travel
 * between processes, never the texts.
 *
 * @typedef {object} Document
 * @property {number} id place in the list of all documents
 * @property {string} path absolute
 * @property {number} size bytes
 * @property {string | undefined} text undefined until validated, and for a document that was refused
 *
 * @typedef {object} Section
 * @property {Document} document
 * @property {number} line where it starts, from 1
 * @property {string} title
 * @property {string} text
 * @property {Uint32Array} terms ids of its words, in order; empty until tokenised
 *
 * @typedef {object} Score
 * @property {number} readability Flesch reading ease, kept within 0-100
 * @property {number} link_density share of characters that are links, 0-1
 * @property {number} code_share share of characters that are code, 0-1
 * @property {number} rarity sub-words a word, 1 or more
 *
 * @typedef {object} Shard
 * @property {Document[]} documents
 * @property {Section[]} sections
 * @property {string[]} words by id
 * @property {number[]} counts occurrences, by id
 * @property {number[]} pieces sub-words, by id
 * @property {Float32Array} idf weight, by id
 * @property {Score[]} scores by section
 * @property {Int16Array} labels cluster, by section
 */

/** @returns {Shard} */
export function createShard() {
  return {
    documents: [],
    sections: [],
    words: [],
    counts: [],
    pieces: [],
    idf: new Float32Array(0),
    scores: [],
    labels: new Int16Array(0),
  };
}

/**
 * A section by its place; asking for one that is not there is a bug of the caller.
 * @param {Shard} shard
 * @param {number} index
 */
export function sectionAt(shard, index) {
  const section = shard.sections[index];
  if (!section) throw new RangeError(`There is no section ${index} of ${shard.sections.length}.`);
  return section;
}

/**
 * A section that belongs to no file: what `--fail` feeds into a phase.
 * @param {Partial<Section>} fields
 * @returns {Section}
 */
export function brokenSection(fields) {
  const document = { id: 0, path: 'made by --fail', size: 0, text: '' };
  return {
    document,
    line: 1,
    title: 'Broken section',
    text: '',
    terms: new Uint32Array(0),
    ...fields,
  };
}
