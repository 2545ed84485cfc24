// @ts-check
/**
 * What a phase sees of the run. A phase file has two sides: `phase.run` in the main process, which plans and puts
 * results together, and `tasks`, which do the heavy work in the workers on their share of the documents.
 *
 * @typedef {Record<string, string | number>} Metrics
 *
 * @typedef {object} Phase
 * @property {string} phase_id
 * @property {string} name
 * @property {readonly string[]} depends_on
 * @property {number} weight its usual share of the run, for the progress of the whole
 * @property {(context: import('./context.mjs').Context) => Promise<PhaseResult>} run
 *
 * @typedef {object} PhaseResult
 * @property {number} items
 * @property {Metrics} metrics
 * @property {string} summary one short line for people
 *
 * What earlier phases leave for later ones, in the main process:
 * @typedef {object} Results
 * @property {{ path: string, size: number }[]} documents all documents; a document's id is its place here
 * @property {number[]} assigned documents of each worker
 * @property {number[]} sections sections of each worker
 * @property {DuplicateGroup[]} duplicates
 * @property {Cluster[]} clusters
 * @property {number} accepted documents that could be read
 * @property {number} rejected documents that could not
 * @property {Summary} summary
 *
 * @typedef {{ worker: number, index: number }} SectionRef
 * @typedef {{ similarity: number, sections: SectionRef[] }} DuplicateGroup
 * @typedef {{ size: number, terms: string[] }} Cluster
 *
 * @typedef {object} DocumentRow
 * @property {number} document
 * @property {number} sections
 * @property {number} repeated sections that are near-duplicates of an earlier one
 * @property {number} cluster the cluster of most of its sections
 * @property {number} readability
 * @property {number} link_density
 * @property {number} rarity
 *
 * @typedef {object} GroupRow
 * @property {string} group
 * @property {number} documents
 * @property {number} readability mean
 * @property {number} low lower end of its 95 % interval
 * @property {number} high upper end of its 95 % interval
 * @property {number} repeated share of repeated sections, 0-1
 *
 * @typedef {object} Summary
 * @property {DocumentRow[]} rows
 * @property {GroupRow[]} groups
 * @property {number} resamples
 */

export {};
