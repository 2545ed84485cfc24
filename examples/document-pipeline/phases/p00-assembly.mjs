// @ts-check
/** P00 Document Assembly: walks the folders and lists every document once. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { toCsv } from '../lib/csv.mjs';

const FOLDERS_AT_ONCE = 50;
const TEXT = /\.(md|markdown|mdx|txt|rst)$/i;
const NAMED =
  /^(licen[cs]e|copying|notice|readme|changelog|changes|history|authors|contributors|contributing|security)([-._][\w.-]*)?$/i;
const CODE = /\.(js|mjs|cjs|ts|mts|cts|json|map|html?|css|py|ya?ml|png|svg)$/i;

/**
 * @typedef {{ path: string, size: number }} Found
 * @typedef {{ path: string, reason: string }} Unread
 * @typedef {{ folders: string[], documents: Found[], unread: Unread[], files: number }} Walked
 * @typedef {import('../lib/context.mjs').Context} Context
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P00',
  name: 'Document Assembly',
  depends_on: [],
  weight: 1,
  async run(context) {
    const { documents, folders } = await context.step('walk folders', (m) => walk(context, m));
    await context.step('share out', (m) => shareOut(context, documents, m));
    await context.step('write list', (m) => writeList(context, documents, m));
    const bytes = documents.reduce((sum, { size }) => sum + size, 0);
    return {
      items: documents.length,
      metrics: { documents: documents.length, folders, bytes },
      summary: `${documents.length} documents in ${folders} folders, ${megabytes(bytes)} MB`,
    };
  },
};

/**
 * Level by level, each level's folders shared by the workers. Folders and files that several paths lead to count once.
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function walk(context, metrics) {
  /** @type {Map<string, Found>} */
  const documents = new Map();
  const seen = new Set(context.options.roots.map((root) => realpathSync(root)));
  let level = [...seen];
  let files = 0;
  let repeated = 0;
  while (level.length > 0) {
    /** @type {string[]} */
    const next = [];
    for (const walked of await walkLevel(context, level)) {
      files += walked.files;
      for (const found of walked.documents) {
        if (documents.has(found.path)) repeated++;
        documents.set(found.path, found);
      }
      for (const { path: file, reason } of walked.unread) {
        context.warn(`${file} cannot be read: ${reason}`, { path: file, reason: 'unreadable' }, 0);
      }
      for (const folder of walked.folders) {
        if (!seen.has(folder)) next.push(folder);
        seen.add(folder);
      }
    }
    // How deep the folders go is unknown: progress approaches 1 as fewer new ones are found.
    const fraction = 1 - next.length / (seen.size + 1);
    context.progress({ fraction, items_done: documents.size, message: `${seen.size} folders` });
    level = next;
  }
  Object.assign(metrics, { folders: seen.size, files, documents: documents.size, repeated });
  if (documents.size === 0) {
    throw new Error(
      `There are no documents in ${context.options.roots.join(', ')}. Name another folder with --root.`,
    );
  }
  const sorted = [...documents.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { documents: sorted, folders: seen.size };
}

/**
 * @param {Context} context
 * @param {string[]} folders
 * @returns {Promise<Walked[]>}
 */
function walkLevel(context, folders) {
  const pieces = [];
  for (let from = 0; from < folders.length; from += FOLDERS_AT_ONCE) {
    pieces.push(folders.slice(from, from + FOLDERS_AT_ONCE));
  }
  return Promise.all(
    pieces.map((piece, i) => context.call((context.lead + i) % context.workers, 'walk', piece)),
  );
}

/**
 * Gives the largest documents first, each to the worker with the least to do.
 * @param {Context} context
 * @param {Found[]} documents
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function shareOut(context, documents, metrics) {
  const shares = Array.from({ length: context.workers }, (_, worker) => ({
    worker,
    bytes: 0,
    documents: /** @type {(Found & { id: number })[]} */ ([]),
  }));
  const order = documents.map((found, id) => ({ ...found, id })).sort((a, b) => b.size - a.size);
  for (const document of order) {
    const least = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.documents.push(document);
    // A small document costs time too: opening it takes about as long as reading 2 kB.
    least.bytes += document.size + 2_000;
  }
  await context.all('take', (worker) => shares[worker]?.documents);
  for (const share of shares)
    metrics[`worker_${share.worker + 1}_documents`] = share.documents.length;
  context.leave('documents', documents);
  context.leave(
    'assigned',
    shares.map((share) => share.documents.length),
  );
}

/**
 * @param {Context} context
 * @param {Found[]} documents
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function writeList(context, documents, metrics) {
  const rows = documents.map(({ path: file, size }) => [file, size]);
  await context.artifact('documents.csv', 'csv', toCsv(['path', 'size_bytes'], rows));
  metrics.rows = rows.length;
}

/** Folders that `--fail P00` adds: they do not exist. @type {string[]} */
const missing = [];

export const tasks = {
  damage() {
    missing.push(path.resolve('/no-such-folder/made-by-fail'));
  },

  /**
   * @param {import('../lib/shard.mjs').Shard} _
   * @param {string[]} folders
   * @returns {Walked}
   */
  walk(_, folders) {
    /** @type {Walked} */
    const walked = { folders: [], documents: [], unread: [], files: 0 };
    for (const folder of [...missing, ...folders]) {
      for (const entry of list(folder, walked)) visit(path.join(folder, entry.name), entry, walked);
    }
    return walked;
  },

  /**
   * @param {import('../lib/shard.mjs').Shard} shard
   * @param {(Found & { id: number })[]} share
   */
  take(shard, share) {
    shard.documents = share.map((found) => ({ ...found, text: undefined }));
  },
};

/**
 * A folder that may not be entered is a warning; one that is not there at all is an error, for it was just listed.
 * @param {string} folder
 * @param {Walked} walked
 */
function list(folder, walked) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    walked.unread.push({ path: folder, reason: code });
    return [];
  }
}

/**
 * @param {string} file
 * @param {import('node:fs').Dirent} entry
 * @param {Walked} walked
 */
function visit(file, entry, walked) {
  if (entry.name === '.git') return;
  if (entry.isDirectory()) {
    walked.folders.push(file);
    return;
  }
  walked.files++;
  if (!isDocument(entry.name) || !(entry.isFile() || entry.isSymbolicLink())) return;
  try {
    const real = entry.isSymbolicLink() ? realpathSync(file) : file;
    const found = statSync(real);
    if (found.isFile()) walked.documents.push({ path: real, size: found.size });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    walked.unread.push({ path: file, reason: code ?? 'unknown' });
  }
}

/** @param {string} name */
const isDocument = (name) => TEXT.test(name) || (NAMED.test(name) && !CODE.test(name));

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1_048_576).toFixed(1);
