// @ts-check

/** Puts things together that are joined, directly or through others (union-find), with their lowest similarity. */
export class Groups {
  joined = 0;
  /** @type {number[]} */
  #parents;
  /** @type {Map<number, number>} */
  #similarity = new Map();

  /** @param {number} size things are numbered from 0 to size - 1 */
  constructor(size) {
    this.#parents = Array.from({ length: size }, (_, place) => place);
  }

  /**
   * @param {number} a
   * @param {number} b
   * @param {number} similarity 0-1
   */
  join(a, b, similarity) {
    const [left, right] = [this.#root(a), this.#root(b)];
    this.joined++;
    const lowest = Math.min(similarity, this.#of(left), this.#of(right));
    this.#parents[Math.max(left, right)] = Math.min(left, right);
    this.#similarity.set(Math.min(left, right), lowest);
  }

  /** All groups, those of one thing included. */
  all() {
    /** @type {Map<number, number[]>} */
    const members = new Map();
    this.#parents.forEach((_, place) => {
      const root = this.#root(place);
      const group = members.get(root);
      if (group) group.push(place);
      else members.set(root, [place]);
    });
    return [...members].map(([root, group]) => ({ similarity: this.#of(root), members: group }));
  }

  /** @param {number} root */
  #of(root) {
    return this.#similarity.get(root) ?? 1;
  }

  /** @param {number} place */
  #root(place) {
    let root = place;
    while (this.#parents[root] !== root) {
      const parent = this.#parents[root] ?? root;
      // Halving the path keeps later look-ups short.
      this.#parents[root] = this.#parents[parent] ?? parent;
      root = this.#parents[root] ?? root;
    }
    return root;
  }
}
