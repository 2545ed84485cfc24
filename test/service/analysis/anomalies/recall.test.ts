import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Detector } from '../../../../service/analysis/anomalies/detector.ts';
import { type Recall, recall } from '../../../../service/analysis/anomalies/recall.ts';
import { Bucket } from '../../../../service/series/bucket.ts';
import { binOf } from '../../../../service/series/sketch.ts';
import { randomOf } from '../../../support/random.ts';

const START = Date.UTC(2026, 0, 15);
const WIDTH = 10_000;

/** Points of a second each, as they are stored. */
function stored(values: readonly number[]): Bucket[] {
  const buckets = new Map<number, Bucket>();
  values.forEach((value, second) => {
    const time = START + second * 1000;
    const index = Math.floor(time / WIDTH);
    const bucket = buckets.get(index) ?? new Bucket(index);
    buckets.set(index, bucket);
    bucket.add(time, value, binOf(value));
  });
  return [...buckets.values()];
}

const remembered = (values: readonly number[], as: Recall = 'values') =>
  recall(stored(values), { as, width: WIDTH, most: 1200 });

function roughness(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0)));
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

/** What is found in values that follow on others, which were remembered or heard. */
function foundAfter(past: readonly number[], rest: readonly number[]): number[] {
  const detector = new Detector();
  for (const { time, value } of remembered(past)) detector.recall(time, value);
  return rest.flatMap((value, i) =>
    detector.add(START + (past.length + i) * 1000, value)?.isAnomaly ? [i] : [],
  );
}

describe('what is remembered of a series', () => {
  it('is as rough from second to second as it was: noise, waves and steps', () => {
    const random = randomOf(1);
    const courses: Record<string, (second: number) => number> = {
      noise: () => 50 + 10 * random(),
      waves: (second) => 50 + 10 * Math.sin(second / 15),
      saw: (second) => second % 40,
    };
    for (const [name, course] of Object.entries(courses)) {
      const values = Array.from({ length: 1200 }, (_, second) => course(second));
      const again = remembered(values).map(({ value }) => value);
      const ratio = roughness(again) / roughness(values);
      assert.ok(ratio > 0.5 && ratio < 2, `${name}: ${ratio}`);
    }
  });

  it('keeps the times in order, and no more values than are wanted', () => {
    const all = remembered(Array.from({ length: 2000 }, (_, second) => second % 7));
    assert.equal(all.length, 1200);
    assert.ok(all.every(({ time }, i) => i === 0 || time >= (all[i - 1]?.time ?? 0)));
    assert.ok((all.at(-1)?.time ?? 0) <= START + 1_999_000);
  });

  it('is how fast a counter grew, and how many events there were, silence among it', () => {
    const counted = remembered(
      Array.from({ length: 100 }, (_, second) => 5 * second),
      'growth',
    );
    assert.ok(counted.length === 90 && counted.every(({ value }) => Math.abs(value - 5) < 1e-9));
    const buckets = stored(Array<number>(60).fill(1)).filter((_, i) => i !== 2 && i !== 3);
    const events = recall(buckets, { as: 'events', width: WIDTH, most: 100 });
    assert.deepEqual(
      events.map(({ value }) => value === 0),
      Array.from({ length: 10 }, (_, i) => i === 4 || i === 5),
    );
    const sum = events.reduce((all, { value }) => all + value, 0);
    assert.ok(Math.abs(sum - 8) < 1e-9);
  });

  it('has a counter grow as unevenly as it did', () => {
    const random = randomOf(2);
    let total = 0;
    const values = Array.from({ length: 1200 }, () => (total += 100 + 10 * random()));
    const rates = values.slice(1).map((value, i) => value - (values[i] ?? 0));
    const again = remembered(values, 'growth').map(({ value }) => value);
    const ratio = roughness(again) / roughness(rates);
    assert.ok(ratio > 0.6 && ratio < 1.7, String(ratio));
  });

  it('lets what is odd be found at once, and nothing in what goes on as it was', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomOf(seed);
      const wave = (second: number) => 10 * Math.sin(second / 15);
      const course = (second: number) =>
        seed % 2 === 0 ? 50 + 10 * random() : 50 + wave(second) + random();
      const past = Array.from({ length: 1200 }, (_, second) => course(second));
      const rest = Array.from({ length: 300 }, (_, i) => course(1200 + i));
      assert.deepEqual(foundAfter(past, rest), [], `seed ${seed}`);
      rest[10] = 150;
      assert.equal(foundAfter(past, rest)[0], 10, `seed ${seed}`);
    }
  });

  it('is not told again where it was odd already and goes on', () => {
    const random = randomOf(3);
    const values = Array.from({ length: 1400 }, (_, second) => random() + (second > 1150 ? 30 : 0));
    assert.deepEqual(foundAfter(values.slice(0, 1200), values.slice(1200)), []);
  });

  it('is a list of numbers, whatever was stored', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(5));
    const points = fc.array(fc.tuple(fc.nat(3600), value), { maxLength: 200 });
    fc.assert(
      fc.property(points, fc.constantFrom<Recall>('values', 'growth', 'events'), (all, as) => {
        const buckets = new Map<number, Bucket>();
        for (const [second, one] of all) {
          const index = Math.floor((START + second * 1000) / WIDTH);
          const bucket = buckets.get(index) ?? new Bucket(index);
          buckets.set(index, bucket);
          bucket.add(START + second * 1000, one, binOf(one));
        }
        const sorted = [...buckets.values()].sort((a, b) => a.index - b.index);
        const found = recall(sorted, { as, width: WIDTH, most: 100 });
        assert.ok(found.length <= 100);
        for (const { time, value: one } of found)
          assert.ok(Number.isFinite(one) && time >= START && time <= START + 3_610_000);
      }),
    );
  });
});
