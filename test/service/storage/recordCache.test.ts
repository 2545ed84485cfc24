import assert from 'node:assert/strict';
import { RecordCache } from '../../../service/storage/recordCache.ts';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe('the cache of records', () => {
  it('gives what was read of as much of the file, and nothing of a file that has grown', () => {
    const cache = new RecordCache(10_000);
    const records = [bytes(10, 1), bytes(20, 2)];
    cache.set('a:1', 500, records);
    assert.equal(cache.get('a:1', 500), records);
    assert.equal(cache.get('a:1', 600), undefined);
    assert.equal(cache.get('a:2', 500), undefined);
  });

  it('lets go what was not used for longest when it is full', () => {
    const cache = new RecordCache(3000);
    for (const key of ['a', 'b']) cache.set(key, 1, [bytes(1000, 0)]);
    assert.ok(cache.get('a', 1));
    cache.set('c', 1, [bytes(1000, 0)]);
    assert.equal(cache.get('b', 1), undefined);
    assert.ok(cache.get('a', 1));
    assert.ok(cache.get('c', 1));
  });

  it('keeps nothing that is larger than itself, and counts what is replaced once', () => {
    const cache = new RecordCache(3000);
    cache.set('large', 1, [bytes(5000, 0)]);
    assert.equal(cache.get('large', 1), undefined);
    for (let length = 1; length < 10; length++) cache.set('a', length, [bytes(2000, 0)]);
    assert.ok(cache.get('a', 9));
  });
});
