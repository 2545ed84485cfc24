// @ts-check
/** P01 Validation: reads every document and refuses what is not UTF-8 text of a sensible size. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const DOCUMENTS_AT_ONCE = 25;
const LARGEST_BYTES = 1_048_576;
/** Texts stay in the worker's memory until the end of the run; past this no more are taken. */
const MOST_TEXT_BYTES = 64 * 1_048_576;

/**
 * @typedef {'unreadable' | 'empty' | 'too_large' | 'not_utf8' | 'binary' | 'memory_limit'} Reason
 * @typedef {{ reason: Reason, message: string, offset?: number }} Refusal
 * @typedef {Refusal & { path: string, size: number }} Refused
 * @typedef {{ refused: Refused[], bytes: number }} Read
 * @typedef {import('../lib/context.mjs').Context} Context
 */

/** @type {import('../lib/types.mjs').Phase} */
export const phase = {
  phase_id: 'P01',
  name: 'Validation',
  depends_on: ['P00'],
  weight: 2,
  async run(context) {
    const { refused, bytes } = await context.step('read and decode', (m) => read(context, m));
    const copies = await context.step('find exact copies', (m) => findCopies(context, m));
    await context.step('write findings', async (metrics) => {
      await context.artifact(
        'validation.json',
        'json',
        `${JSON.stringify({ refused }, null, 2)}\n`,
      );
      metrics.refused = refused.length;
    });
    const total = context.result('documents').length;
    const accepted = total - refused.length;
    context.leave('accepted', accepted);
    context.leave('rejected', refused.length);
    context.count('documents_refused', refused.length);
    context.count('exact_copies', copies);
    return {
      items: total,
      metrics: { accepted, refused: refused.length, bytes, exact_copies: copies },
      summary: `${accepted} accepted, ${refused.length} refused, ${copies} exact copies`,
    };
  },
};

/**
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function read(context, metrics) {
  const total = context.result('documents').length;
  /** @type {Refused[]} */
  const refused = [];
  let bytes = 0;
  let done = 0;
  const onRead = (
    /** @type {Read} */ piece,
    /** @type {number} */ worker,
    /** @type {number} */ count,
  ) => {
    bytes += piece.bytes;
    done += count;
    refused.push(...piece.refused);
    for (const { message, ...details } of piece.refused) {
      context.warn(`${details.path}: ${message}`, details, worker);
    }
    context.progress({ fraction: (done / total) * 0.8, items_done: done, items_total: total });
  };
  await context.pieces('read', context.sizes('assigned'), DOCUMENTS_AT_ONCE, onRead);
  Object.assign(metrics, { documents: done, bytes, refused: refused.length });
  return { refused, bytes };
}

/**
 * @param {Context} context
 * @param {import('../lib/types.mjs').Metrics} metrics
 */
async function findCopies(context, metrics) {
  /** @type {Set<string>} */
  const seen = new Set();
  let documents = 0;
  await context.pieces(
    'checksums',
    context.sizes('assigned'),
    100,
    (/** @type {string[]} */ sums) => {
      documents += sums.length;
      for (const sum of sums) seen.add(sum);
    },
  );
  const copies = documents - seen.size;
  Object.assign(metrics, { documents, different: seen.size, copies });
  return copies;
}

/**
 * @typedef {import('../lib/shard.mjs').Shard} Shard
 * @typedef {{ from: number, to: number }} Piece
 */

let textBytes = 0;

export const tasks = {
  /** A document without a path: Node refuses to open it. @param {Shard} shard */
  damage(shard) {
    const path = /** @type {string} */ (/** @type {unknown} */ (null));
    shard.documents.push({ id: -1, path, size: 1, text: undefined });
  },

  /**
   * @param {Shard} shard
   * @param {Piece} piece
   * @returns {Read}
   */
  read(shard, { from, to }) {
    /** @type {Read} */
    const result = { refused: [], bytes: 0 };
    for (const document of shard.documents.slice(from, to)) {
      const text = readText(document);
      if (typeof text === 'string') {
        document.text = text;
        textBytes += document.size;
        result.bytes += document.size;
      } else {
        result.refused.push({ ...text, path: document.path, size: document.size });
      }
    }
    return result;
  },

  /**
   * @param {Shard} shard
   * @param {Piece} piece
   */
  checksums(shard, { from, to }) {
    return shard.documents
      .slice(from, to)
      .flatMap(({ text }) =>
        text === undefined ? [] : [createHash('sha256').update(text).digest('base64')],
      );
  },
};

/**
 * @param {import('../lib/shard.mjs').Document} document
 * @returns {string | Refusal}
 */
function readText({ path, size }) {
  if (size === 0) return { reason: 'empty', message: 'the file is empty.' };
  if (size > LARGEST_BYTES) {
    return {
      reason: 'too_large',
      message: `${size} bytes are more than the limit of ${LARGEST_BYTES} bytes.`,
    };
  }
  if (textBytes + size > MOST_TEXT_BYTES) {
    return { reason: 'memory_limit', message: 'the worker already holds as much text as it may.' };
  }
  try {
    return decode(readFileSync(path));
  } catch (error) {
    const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
    // Only what the file system says about the file is a finding; anything else is a bug and shall fail the phase.
    if (syscall === undefined) throw error;
    return { reason: 'unreadable', message: `it cannot be read (${code}).` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * @param {Buffer} bytes
 * @returns {string | Refusal}
 */
function decode(bytes) {
  let text;
  try {
    text = utf8.decode(bytes);
  } catch {
    const offset = firstBadByte(bytes);
    return {
      reason: 'not_utf8',
      message: `it is not UTF-8 text (${encodingGuess(bytes, offset)}).`,
      offset,
    };
  }
  const offset = bytes.indexOf(0);
  if (offset < 0) return text;
  return { reason: 'binary', message: `it is not text (a zero at byte ${offset}).`, offset };
}

/**
 * The longest start that decodes ends where the bad byte is.
 * @param {Buffer} bytes
 */
function firstBadByte(bytes) {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    // In stream mode a character that is cut off at the end is no error yet.
    if (decodes(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** @param {Uint8Array} bytes */
function decodes(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {Buffer} bytes
 * @param {number} offset
 */
function encodingGuess(bytes, offset) {
  const start = bytes.length > 1 ? bytes.readUInt16BE(0) : 0;
  if (start === 0xfffe || start === 0xfeff) return 'it looks like UTF-16';
  if (offset === bytes.length) return `a character is cut off at its end, byte ${offset}`;
  return `byte ${offset} is 0x${(bytes[offset] ?? 0).toString(16)}`;
}
