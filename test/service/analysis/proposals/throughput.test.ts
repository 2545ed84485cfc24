import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RateMeter, Throughput } from '../../../../service/analysis/proposals/throughput.ts';

const T0 = 1_800_000_000_000;
const rates = (meter: RateMeter) => meter.since(0).map(({ rate }) => rate);

/** Counts 10 a second; `clock` is the sender's, by the second. */
function counted(seconds: number, clock: (second: number) => number, meter = new RateMeter()) {
  for (let second = 0; second <= seconds; second++)
    meter.add(T0 + second * 1000, clock(second), second * 10);
  return meter;
}

describe('the meter of a rate', () => {
  it('makes samples of a second or more, at the times of arrival', () => {
    const meter = new RateMeter();
    for (const [ms, count] of [
      [0, 0],
      [400, 4],
      [1000, 10],
      [1500, 15],
      [3000, 40],
    ] as const)
      meter.add(T0 + ms, T0 + ms, count);
    assert.deepEqual(meter.since(T0), [
      { from: T0, to: T0 + 1000, rate: 10 },
      { from: T0 + 1000, to: T0 + 3000, rate: 15 },
    ]);
    assert.equal(meter.since(T0 + 1).length, 1);
  });

  it('says nothing of one word, of repeated and late ones, and of what is no number', () => {
    const meter = new RateMeter();
    meter.add(T0, T0, 5);
    assert.deepEqual(rates(meter), []);
    meter.add(T0 + 2000, T0, 5);
    meter.add(T0 + 2100, T0 - 1000, 3);
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      meter.add(bad, T0 + 5000, 9);
      meter.add(T0 + 2200, bad, 9);
      meter.add(T0 + 2200, T0 + 5000, bad);
    }
    assert.deepEqual(rates(meter), []);
    meter.add(T0 + 3000, T0 + 1000, 15);
    assert.deepEqual(rates(meter), [10]);
  });

  it('begins anew where the count falls: a phase that is run again did not do less than nothing', () => {
    const meter = counted(3, (second) => T0 + second * 1000);
    meter.add(T0 + 4000, T0 + 4000, 0);
    meter.add(T0 + 5000, T0 + 5000, 7);
    assert.deepEqual(rates(meter), [10, 10, 10, 7]);
  });

  it('goes on at once where the sender of an hour ahead is an hour ahead all the time', () => {
    assert.deepEqual(
      rates(counted(4, (second) => T0 + 3_600_000 + second * 1000)),
      [10, 10, 10, 10],
    );
  });

  it('is not blind for an hour after one word from an hour ahead, nor where a clock is set back', () => {
    const early = counted(20, (second) => T0 + second * 1000 + (second === 5 ? 3_600_000 : 0));
    assert.ok(
      rates(early)
        .slice(-8)
        .every((rate) => rate === 10),
      rates(early).join(),
    );
    assert.ok(rates(early).length >= 13, rates(early).join());
    const back = counted(20, (second) => T0 + second * 1000 - (second > 5 ? 3_600_000 : 0));
    assert.ok(rates(back).length >= 13, rates(back).join());
    assert.ok(rates(back).every((rate) => rate === 10));
  });

  it('keeps no more than 180 samples, and only finite ones that are not below 0', () => {
    assert.equal(rates(counted(500, (second) => T0 + second * 1000)).length, 180);
    const largest = new RateMeter();
    largest.add(T0, T0, -1e308);
    largest.add(T0 + 1000, T0 + 1000, 1e308);
    assert.deepEqual(rates(largest), []);
    const word = fc.tuple(fc.double(), fc.double(), fc.double());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 300 }), (words) => {
        const meter = new RateMeter();
        for (const [at, time, count] of words) meter.add(at, time, count);
        assert.ok(
          rates(meter).every((rate) => rate >= 0 && rate < Infinity),
          rates(meter).join(),
        );
      }),
    );
  });
});

describe('the throughput of a job', () => {
  it('is that of the items, else of the tasks, else of the progress; what stands still measures nothing', () => {
    const all = new Throughput();
    const tell = (items: (second: number) => number | null) => {
      for (let second = 0; second <= 3; second++) {
        const at = T0 + second * 1000;
        all.phase('P1', { at, time: at, items: items(second), progress: second / 10 });
      }
    };
    tell(() => 7);
    assert.deepEqual(all.best(0)?.measure, { source: 'progress', phase_id: 'P1' });
    for (let second = 0; second <= 3; second++) all.tasks(T0 + second * 1000, 2);
    assert.deepEqual(all.best(0)?.measure, { source: 'tasks' });
    assert.deepEqual(
      all.best(0)?.samples.map(({ rate }) => rate),
      [2, 2, 2],
    );
    const busy = new Throughput();
    busy.phase('P1', { at: T0, time: T0, items: 0, progress: null });
    busy.phase('P1', { at: T0 + 1000, time: T0 + 1000, items: 5, progress: null });
    assert.deepEqual(busy.best(0)?.measure, { source: 'items', phase_id: 'P1' });
    assert.equal(busy.best(0, 'P2'), null);
    busy.phaseEnded('P1');
    assert.equal(busy.best(0), null);
  });

  it('is measured of 64 phases at a time', () => {
    const many = new Throughput();
    for (let n = 0; n < 100; n++)
      for (const at of [T0, T0 + 1000])
        many.phase(`P${n}`, { at, time: at, items: at === T0 ? 0 : 5, progress: null });
    const known = Array.from({ length: 100 }, (_, n) =>
      many.samples({ source: 'items', phase_id: `P${n}` }, 0),
    );
    assert.equal(known.filter(({ length }) => length > 0).length, 64);
  });
});
