import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_RAW_POINTS, RAW_MS, RawRing } from '../../../service/series/ring.ts';

function pointsOf(ring: RawRing, from = -Infinity, to = Infinity): [number, number][] {
  const found: [number, number][] = [];
  ring.forEach(from, to, (time, value) => found.push([time, value]));
  return found;
}

describe('the ring of measured points', () => {
  it('holds the newest 10,000, and says from when on it has all', () => {
    const ring = new RawRing({ points: 1e6 });
    for (let i = 0; i < 25_000; i++) ring.push(i, i * 2);
    assert.equal(ring.size, MAX_RAW_POINTS);
    assert.deepEqual(pointsOf(ring)[0], [15_000, 30_000]);
    assert.deepEqual(pointsOf(ring, 20_000, 20_001), [
      [20_000, 40_000],
      [20_001, 40_002],
    ]);
    assert.equal(ring.covers(15_000), true);
    assert.equal(ring.covers(14_999), false);
    assert.ok(ring.memoryBytes <= MAX_RAW_POINTS * 16);
  });

  it('grows with what it holds, and drops points of an hour ago', () => {
    const ring = new RawRing({ points: 1e6 });
    ring.push(0, 1);
    assert.ok(ring.memoryBytes <= 256);
    for (let i = 1; i <= 2000; i++) ring.push(i * 10_000, i);
    assert.ok(ring.memoryBytes <= 512 * 16, `${ring.memoryBytes} bytes`);
    assert.equal(ring.covers(2000 * 10_000 - RAW_MS + 1), true);
  });

  it('answers in the order of time whatever the order of arrival, and covers only what it has', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 3 * RAW_MS }), { maxLength: 60 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 8, max: 64 }), (times, budget) => {
        const ring = new RawRing({ points: budget });
        times.forEach((time, i) => ring.push(time, i));
        const found = pointsOf(ring);
        assert.deepEqual(
          found.map(([time]) => time),
          found.map(([time]) => time).sort((a, b) => a - b),
        );
        for (const from of times) {
          if (!ring.covers(from)) continue;
          const expected = times.filter((time) => time >= from).sort((a, b) => a - b);
          assert.deepEqual(
            pointsOf(ring, from).map(([time]) => time),
            expected,
          );
        }
      }),
    );
  });

  it('takes no more room than all rings together may, and gives it back', () => {
    const budget = { points: 40 };
    const [a, b] = [new RawRing(budget), new RawRing(budget)];
    for (let i = 0; i < 100; i++) for (const ring of [a, b]) ring.push(i, i);
    assert.equal(budget.points, 8);
    assert.equal(a.size, 16);
    assert.equal(b.covers(83), false);
    a.release(99 + RAW_MS);
    assert.equal(budget.points, 24);
    assert.equal(a.size, 0);
    assert.equal(a.covers(99), false);
    for (let i = 100; i < 200; i++) b.push(i, i);
    assert.equal(b.size, 32);
  });
});
