import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Sample, downsample } from '../../../service/series/downsample.ts';

const line = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 1,
    maxLength: 400,
  })
  .map((steps) => {
    let time = 0;
    return steps.map(([wait, value]): Sample => [(time += wait), value]);
  });

describe('down-sampling', () => {
  it('leaves a short line as it is', () => {
    const samples: Sample[] = [
      [1, 5],
      [2, 6],
    ];
    assert.deepEqual(downsample(samples, 4), samples);
    assert.deepEqual(downsample([], 4), []);
  });

  it('keeps the lowest and the highest of all, the ends, and the order, within its limit', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 20 }), (samples, columns) => {
        const kept = downsample(samples, 4 * columns);
        assert.ok(kept.length <= 4 * columns);
        const values = (some: readonly Sample[]) => some.map(([, value]) => value);
        assert.equal(Math.max(...values(kept)), Math.max(...values(samples)));
        assert.equal(Math.min(...values(kept)), Math.min(...values(samples)));
        assert.deepEqual([kept[0], kept.at(-1)], [samples[0], samples.at(-1)]);
        assert.deepEqual(
          kept,
          samples.filter((sample) => kept.includes(sample)),
        );
      }),
    );
  });

  it('keeps every single peak of a flat line', () => {
    const samples = Array.from({ length: 20_000 }, (_, i): Sample => [i, 10]);
    for (const at of [123, 7777, 15_001]) samples[at] = [at, 99];
    const kept = downsample(samples, 2000);
    assert.deepEqual(
      kept.filter(([, value]) => value === 99).map(([time]) => time),
      [123, 7777, 15_001],
    );
    assert.ok(kept.length <= 2000);
  });
});
