import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeenIds, hashId } from '../../../service/storage/seenIds.ts';

/** The same thing, slow and plain. */
class Model {
  readonly #window: number;
  #ordinals = new Map<number, number>();
  next = 0;

  constructor(window: number) {
    this.#window = window;
  }

  add(hash: number): number {
    const known = this.#ordinals.get(hash);
    if (known !== undefined) return known;
    this.#ordinals.set(hash, this.next++);
    for (const [other, ordinal] of this.#ordinals) {
      if (ordinal < this.next - this.#window) this.#ordinals.delete(other);
    }
    return -1;
  }

  forget(from: number, to: number): void {
    for (const [hash, ordinal] of this.#ordinals) {
      if (ordinal >= from && ordinal < to) this.#ordinals.delete(hash);
    }
  }
}

describe('seen ids', () => {
  it('remember exactly the newest ids, whatever is added and forgotten', () => {
    const action = fc.oneof(
      { weight: 9, arbitrary: fc.record({ add: fc.nat(250) }) },
      { weight: 1, arbitrary: fc.record({ forgetLast: fc.integer({ min: 1, max: 8 }) }) },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 160 }),
        fc.array(action, { minLength: 100, maxLength: 800, size: 'max' }),
        (window, actions) => {
          const seen = new SeenIds(window);
          const model = new Model(window);
          for (const step of actions) {
            if ('add' in step) {
              // Few low bits, so that the table has long chains, which run into each other.
              const hash = step.add * 2 ** 20 + (step.add & 3);
              assert.equal(seen.add(hash), model.add(hash));
            } else {
              seen.forget(Math.max(0, seen.next - step.forgetLast), seen.next);
              model.forget(Math.max(0, model.next - step.forgetLast), model.next);
            }
            assert.equal(seen.next, model.next);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('grow to their window and then let go of the oldest', () => {
    const seen = new SeenIds(200_000);
    for (let id = 0; id < 300_000; id++) assert.equal(seen.add(hashId(`id-${id}`)), -1);
    assert.equal(seen.add(hashId('id-299999')), 299_999);
    assert.equal(seen.add(hashId('id-100000')), 100_000);
    assert.equal(seen.add(hashId('id-99999')), -1);
  });

  it('add a list as one call after the other does, also past the window and where ids come twice', () => {
    const hashes = Float64Array.from({ length: 5000 }, (_, n) => hashId(`id-${n % 3500}`));
    const [all, single] = [new SeenIds(2048), new SeenIds(2048)];
    for (let at = 0; at < hashes.length; at += 1000) all.addAll(hashes, at, at + 1000);
    for (const hash of hashes) single.add(hash);
    assert.equal(all.next, single.next);
    for (const hash of hashes) assert.equal(all.add(hash), single.add(hash));
  });

  it('keep long chains apart: all ids of one place of the table', () => {
    const seen = new SeenIds(300);
    const hashOf = (n: number) => n * 2 ** 25 + 5;
    for (let n = 0; n < 1000; n++) {
      assert.equal(seen.add(hashOf(n)), -1);
      assert.equal(seen.add(hashOf(Math.max(0, n - 299))), Math.max(0, n - 299));
    }
    assert.equal(seen.add(hashOf(699)), -1);
  });

  it('refuse a window whose places would not fit', () => {
    assert.throws(() => new SeenIds(2 ** 26), RangeError);
  });

  it('hash a million similar ids without a collision', () => {
    const hashes = new Set<number>();
    for (let id = 0; id < 1_000_000; id++) hashes.add(hashId(`job-7/phase-03/${id}`));
    assert.equal(hashes.size, 1_000_000);
  }).timeout(10_000);
});
