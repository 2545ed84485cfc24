// @ts-check
/** Texts as sets of word sequences, and how alike two sets are. */
import { hashText } from './random.mjs';

const SHINGLE_WORDS = 5;

/**
 * Hashes of all sequences of five words, ascending.
 * @param {string} text
 */
export function shinglesOf(text) {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(hashText);
  const set = new Set();
  for (let i = 0; i + SHINGLE_WORDS <= words.length; i++) {
    let hash = 17;
    for (let j = i; j < i + SHINGLE_WORDS; j++)
      hash = Math.imul(hash ^ (words[j] ?? 0), 0x85ebca6b) ^ (hash >>> 13);
    set.add(hash >>> 0);
  }
  return Uint32Array.from(set).sort();
}

/**
 * 53 bits over all shingles: sections with the same are the same.
 * @param {Uint32Array} set
 */
export function fingerprint(set) {
  if (set.length === 0) return NaN;
  let high = 7;
  let low = 13;
  for (const hash of set) {
    high = Math.imul(high ^ hash, 0x01000193);
    low = Math.imul(low + hash, 0x9e3779b1) ^ (low >>> 11);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/**
 * The least value that one hash function gives to any shingle.
 * @param {Uint32Array} set
 * @param {number} factor
 * @param {number} offset
 */
export function minimum(set, factor, offset) {
  let least = 0xffffffff;
  for (let i = 0; i < set.length; i++) {
    const hash = (Math.imul(set[i] ?? 0, factor) + offset) >>> 0;
    if (hash < least) least = hash;
  }
  return least;
}

/**
 * Shared shingles over all shingles of two sections; both ascending.
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 */
export function jaccard(a, b) {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return shared / (a.length + b.length - shared);
}
