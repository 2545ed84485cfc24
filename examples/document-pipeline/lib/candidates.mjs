// @ts-check

const PAIR_BASE = 2 ** 26;

/** Pairs of sections that share a band, each pair once. */
export class Candidates {
  /** Pairs as `smaller * 2 ** 26 + larger`. @type {Set<number>} */
  #pairs = new Set();

  /** @param {number} most how many pairs are kept; later ones are left out */
  constructor(most) {
    this.most = most;
  }

  get size() {
    return this.#pairs.size;
  }

  /**
   * Sections with the same band become candidates. A bucket's members are paired with its first and with the one
   * before them, not all with all: a licence text in a thousand packages must not make a million pairs.
   * @param {Uint32Array[]} shares the bands of all sections, by worker; each section has `bands` of them in a row
   * @param {number} bands
   */
  add(shares, bands) {
    for (let band = 0; band < bands; band++) {
      /** @type {Map<number, { first: number, last: number }>} */
      const buckets = new Map();
      let place = 0;
      for (const share of shares) {
        for (let i = band; i < share.length; i += bands, place++)
          this.#put(buckets, share[i] ?? 0, place);
      }
    }
  }

  /** All pairs, one after the other, and starts anew. */
  take() {
    const pairs = new Uint32Array(this.#pairs.size * 2);
    let at = 0;
    for (const pair of this.#pairs) {
      pairs[at++] = Math.floor(pair / PAIR_BASE);
      pairs[at++] = pair % PAIR_BASE;
    }
    this.#pairs.clear();
    return pairs;
  }

  /**
   * @param {Map<number, { first: number, last: number }>} buckets
   * @param {number} key
   * @param {number} place
   */
  #put(buckets, key, place) {
    const bucket = buckets.get(key);
    if (!bucket) {
      buckets.set(key, { first: place, last: place });
      return;
    }
    this.#addPair(bucket.first, place);
    this.#addPair(bucket.last, place);
    bucket.last = place;
  }

  /**
   * @param {number} smaller
   * @param {number} larger
   */
  #addPair(smaller, larger) {
    if (this.#pairs.size < this.most) this.#pairs.add(smaller * PAIR_BASE + larger);
  }
}
