import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ANOMALY_SCORE,
  type AnomalyReason,
  Detector,
} from '../../../../service/analysis/anomalies/detector.ts';
import { randomOf } from '../../../support/random.ts';

const START = Date.UTC(2026, 0, 15);

interface Found {
  second: number;
  reason: AnomalyReason;
  score: number;
}

/** What is found in a series of one point a second. */
function found(seconds: number, value: (second: number) => number): Found[] {
  const detector = new Detector();
  const all: Found[] = [];
  for (let second = 0; second < seconds; second++) {
    const judged = detector.add(START + second * 1000, value(second));
    if (judged?.isAnomaly) all.push({ second, reason: judged.reason, score: judged.score });
  }
  return all;
}

/** Normal noise, from the same numbers in every run. */
function noiseOf(seed: number): () => number {
  const random = randomOf(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('the anomaly detector', () => {
  it('finds a spike at once', () => {
    const noise = noiseOf(1);
    const all = found(1200, (second) => 50 + noise() + (second === 900 ? 40 : 0));
    assert.deepEqual(
      all.map(({ second }) => second),
      [900],
    );
    assert.equal(all[0]?.reason, 'spike');
    assert.ok((all[0]?.score ?? 0) > 0.95);
  });

  it('finds another level', () => {
    const noise = noiseOf(2);
    const all = found(1200, (second) => 50 + noise() + (second >= 900 ? 4 : 0));
    const [first] = all.filter(({ second }) => second >= 900);
    assert.ok(first !== undefined && first.second < 930, JSON.stringify(all));
    assert.equal(first.reason, 'level');
    assert.equal(all.filter(({ second }) => second < 900).length, 0);
  });

  it('finds that a series became rough', () => {
    const noise = noiseOf(3);
    const all = found(1500, (second) => 50 + noise() * (second >= 1000 ? 4 : 1));
    const after = all.filter(({ second }) => second >= 1000);
    assert.ok(after.length > 0 && (after[0]?.second ?? 0) < 1060, JSON.stringify(all));
  });

  it('finds that a series stands still', () => {
    const noise = noiseOf(4);
    const all = found(1500, (second) => (second < 1000 ? 50 + noise() : 50));
    const [first] = all.filter(({ second }) => second >= 1000);
    assert.ok(first !== undefined && first.second < 1100, JSON.stringify(all));
    assert.equal(first.reason, 'silence');
  });

  it('finds another rhythm', () => {
    const noise = noiseOf(5);
    const all = found(1700, (second) => {
      const beat = second >= 1510 && second < 1590 ? 13 : 40;
      return 10 * Math.sin((second * 2 * Math.PI) / beat) + noise() * 0.1;
    });
    const [first] = all.filter(({ second }) => second >= 1500);
    assert.ok(first !== undefined && first.second < 1560, JSON.stringify(all));
    assert.equal(all.filter(({ second }) => second < 1500).length, 0);
  });

  it('finds a day on which work does not begin as on all days before', () => {
    const noise = noiseOf(9);
    const detector = new Detector();
    const all: { hour: number; reason: AnomalyReason }[] = [];
    for (let point = 0; point < 14 * 288; point++) {
      const hour = point / 12;
      const works = hour % 24 >= 9 && hour % 24 < 18 && Math.floor(hour / 24) !== 12;
      const judged = detector.add(START + point * 300_000, (works ? 80 : 20) + noise());
      if (judged?.isAnomaly) all.push({ hour, reason: judged.reason });
    }
    const on = all.filter(({ hour }) => hour >= 12 * 24 + 9 && hour < 12 * 24 + 18);
    assert.equal(on[0]?.reason, 'pattern', JSON.stringify(all));
    assert.ok((on[0]?.hour ?? 0) < 12 * 24 + 10);
    assert.ok(
      all.filter(({ hour }) => hour > 48 && hour < 12 * 24).length <= 1,
      JSON.stringify(all),
    );
  });

  it('says little of noise without anything in it', () => {
    let all = 0;
    for (let seed = 10; seed < 30; seed++) {
      const noise = noiseOf(seed);
      all += found(3600, () => 50 + noise()).length;
    }
    assert.ok(all <= 10, `${all} in 20 hours of points`);
  });

  it('says nothing of a series that never moves, and notices when it does', () => {
    assert.deepEqual(
      found(1000, () => 7),
      [],
    );
    const all = found(1000, (second) => (second === 700 ? 8 : 7));
    assert.deepEqual(
      all.map(({ second }) => second),
      [700],
    );
  });

  it('does not go on about a series that stood still for long and moves from then on', () => {
    const noise = noiseOf(6);
    const all = found(6000, (second) => (second < 3000 ? 0 : 50 + noise()));
    assert.ok(all.length >= 1 && all.length <= 6, JSON.stringify(all));
  });

  it('silences a series that is always odd', () => {
    const random = randomOf(7);
    const detector = new Detector();
    const counts = [0, 0];
    for (let second = 0; second < 20_000; second++) {
      const value = random() < 0.005 ? 1000 * random() ** -0.5 : random();
      if (detector.add(START + second * 1000, value)?.isAnomaly)
        counts[second < 10_000 ? 0 : 1] = (counts[second < 10_000 ? 0 : 1] ?? 0) + 1;
    }
    const [first = 0, second = 0] = counts;
    // Of some 50 odd values in each half.
    assert.ok(first <= 18 && second <= 15, counts.join());
    assert.equal(detector.isSilenced, true);
  });

  it('passes over what is no point', () => {
    const detector = new Detector();
    assert.equal(detector.add(START, Number.NaN), null);
    assert.equal(detector.add(Number.NaN, 1), null);
    assert.equal(detector.add(Infinity, 1), null);
    assert.ok(detector.add(START, 1));
    assert.equal(detector.add(START - 1000, 1), null);
    assert.equal(detector.points, 1);
  });

  it('goes on after the clock was set back', () => {
    const detector = new Detector();
    for (let i = 0; i < 200; i++) detector.add(START + i * 1000, i % 5);
    for (let i = 0; i < 200; i++) detector.add(START - 3_600_000 + i * 1000, i % 5);
    assert.ok(detector.points > 380);
  });

  it('finds nothing in a gap of any length, nor in points of the same time', () => {
    const noise = noiseOf(11);
    for (const gap of [3_600_000, 30 * 86_400_000]) {
      const detector = new Detector();
      const all: number[] = [];
      for (let i = 0; i < 900; i++) {
        const time = START + i * 1000 + (i >= 600 ? gap : 0);
        for (let twice = 0; twice < (i % 7 === 0 ? 2 : 1); twice++)
          if (detector.add(time, 50 + noise())?.isAnomaly) all.push(i);
      }
      // A false alarm now and then is noise; one of the gap would come with it.
      assert.ok(all.length <= 1 && all.every((i) => i > 700), all.join());
      const odd = detector.add(START + 900_000 + gap, 90);
      assert.equal(odd?.isAnomaly, true);
    }
  });

  it('is not begun by what it is not sure of, and says it when it is', () => {
    const noise = noiseOf(12);
    const detector = new Detector();
    for (let i = 0; i < 600; i++) detector.add(START + i * 1000, 50 + noise());
    assert.equal(detector.add(START + 600_000, 90, false)?.isAnomaly, false);
    assert.equal(detector.add(START + 601_000, 91)?.isAnomaly, true);
  });

  it('needs no unit: the same is found in the same series times anything', () => {
    const noise = noiseOf(8);
    const values = Array.from({ length: 1200 }, (_, i) => 5 + noise() + (i === 700 ? 25 : 0));
    const once = found(1200, (second) => values[second] ?? 0);
    const scaled = found(1200, (second) => (values[second] ?? 0) * 1024);
    assert.deepEqual(
      scaled.map(({ second }) => second),
      once.map(({ second }) => second),
    );
  });

  it('stands any input with a score of 0 to 1, and says nothing while it learns', () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(5));
    const time = fc.oneof(fc.double(), fc.integer({ min: -1000, max: 1e9 }));
    const property = fc.property(fc.array(fc.tuple(time, value), { maxLength: 400 }), (points) => {
      const detector = new Detector();
      for (const [at, one] of points) {
        const judged = detector.add(START + at, one);
        if (judged === null) continue;
        assert.ok(judged.score >= 0 && judged.score <= 1, String(judged.score));
        assert.ok(Number.isFinite(judged.usual));
        if (judged.isAnomaly) assert.ok(judged.score >= ANOMALY_SCORE && detector.points > 120);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
