import assert from 'node:assert/strict';
import type { CacheRecord } from '../../../../service/protocol/domain.ts';
import { gaugeOf, listCaches, verdictOf } from '../../../../webview/elements/cache/list.ts';

const cache = (name: string, hit_rate_percent: number | null): CacheRecord => ({
  ...{ cache: name, hits: 0, misses: 0, hit_rate_percent, size_mb: null, sampled_at: null, seq: 1 },
});

describe('the caches', () => {
  it('stand with those first that help least, and those that nobody asked at the end', () => {
    const all = [cache('new', null), cache('good', 90), cache('bad', 12)];
    assert.deepEqual(
      listCaches(all).map((one) => one.cache),
      ['bad', 'good', 'new'],
    );
  });

  it('are judged by the limit that is set, in words and in the gauge', () => {
    assert.deepEqual(verdictOf(cache('a', 49.9), 50), {
      ...{ text: 'helps too little: should be at least 50 %', bad: true },
    });
    assert.equal(verdictOf(cache('a', 50), 50).bad, false);
    assert.equal(verdictOf(cache('a', null), 50).text, 'nothing was looked up so far');
    const gauge = gaugeOf(cache('a', 49), 60);
    assert.deepEqual(gauge.bound, { value: 60, side: 'below' });
    assert.equal(gauge.value, 49);
  });
});
