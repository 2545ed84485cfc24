import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requestStatistics, responseTimes } from '../../../service/analysis/requests.ts';
import { Bucket } from '../../../service/series/bucket.ts';
import { binOf } from '../../../service/series/sketch.ts';
import { makeStore } from '../series/support.ts';

function bucketOf(values: readonly number[]): Bucket {
  const bucket = new Bucket(0);
  values.forEach((value, i) => bucket.add(i, value, binOf(value)));
  return bucket;
}

describe('how response times spread', () => {
  it('begins and ends with bars that hold something, and says every answer once', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, (values) => {
        const bars = responseTimes(bucketOf(values));
        assert.equal(
          bars.reduce((sum, { requests }) => sum + requests, 0),
          values.length,
        );
        assert.ok((bars[0]?.requests ?? 0) > 0 && (bars.at(-1)?.requests ?? 0) > 0);
        for (const [i, { from_ms, to_ms }] of bars.entries()) {
          assert.ok(from_ms < to_ms);
          if (i > 0) assert.equal(from_ms, bars[i - 1]?.to_ms);
        }
        assert.ok((bars[0]?.from_ms ?? 1) <= Math.min(...values) * 1.0076);
        assert.ok((bars.at(-1)?.to_ms ?? 0) >= Math.max(...values) * 0.9924);
      }),
    );
  });

  it('has round edges', () => {
    const bars = responseTimes(bucketOf([0.04, 0.3, 12]));
    assert.deepEqual(
      bars.map(({ from_ms }) => from_ms).slice(0, 8),
      [0, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1],
    );
    assert.deepEqual(bars.at(-1), { from_ms: 10, to_ms: 15, requests: 1 });
  });

  it('is empty where there was no request, of a metric that is not known too', async () => {
    assert.deepEqual(responseTimes(new Bucket(0)), []);
    const { figures, endpoints } = await requestStatistics(makeStore(), { from: 0, to: 60_000 });
    assert.equal(figures.requests, 0);
    assert.equal(figures.avg_response_time_ms, null);
    assert.deepEqual(endpoints, []);
  });
});
