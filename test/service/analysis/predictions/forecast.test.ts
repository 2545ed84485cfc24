import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Forecast, Forecaster } from '../../../../service/analysis/predictions/forecast.ts';
import type { Limit } from '../../../../service/analysis/predictions/outlook.ts';
import { randomOf } from '../../../support/random.ts';

const START = Date.UTC(2026, 0, 15);
const MB_4096: Limit = { value: 4096, direction: 'above' };

interface Run {
  seconds: number;
  value: (second: number) => number;
  limit?: Limit;
  every?: number;
}

/** What was said every two seconds. */
function said({ seconds, value, limit = MB_4096, every = 1 }: Run): Forecast[] {
  const forecaster = new Forecaster();
  const all: Forecast[] = [];
  for (let second = 0; second < seconds; second += every) {
    const now = START + second * 1000;
    forecaster.add(now, value(second));
    if (second % 2 === 0) all.push(forecaster.judge(limit, now));
  }
  return all;
}

const opened = (all: readonly Forecast[]) => all.filter(({ is }) => is === 'open');

describe('a forecast', () => {
  it('says when steadily growing memory reaches its limit, before it does', () => {
    // 1 GB at first, 6 MB a second: 4096 MB after 512 s.
    const all = said({ seconds: 150, value: (second) => 1024 + 6 * second });
    const last = all.at(-1);
    assert.ok(last?.is === 'open');
    const { at, earliest, latest, confidence, per_second } = last.approach;
    assert.ok(Math.abs((at - START) / 1000 - 512) < 10, `${(at - START) / 1000} s`);
    assert.ok(earliest <= at && at <= latest);
    assert.ok(Math.abs(per_second - 6) < 0.2);
    assert.ok(confidence > 0.8 && confidence <= 1);
  });

  it('has the true time within its range in most cases where the growth is noisy', () => {
    const random = randomOf(3);
    let inside = 0;
    let all = 0;
    for (let run = 0; run < 40; run++) {
      const last = said({
        seconds: 200,
        value: (second) => 1024 + 6 * second + 60 * (random() + random() - 1),
      }).at(-1);
      if (last?.is !== 'open') continue;
      all++;
      const truth = START + 512_000;
      if (last.approach.earliest <= truth && truth <= last.approach.latest) inside++;
    }
    assert.ok(all >= 36, `${all} of 40 runs`);
    assert.ok(inside / all >= 0.7, `${inside} of ${all}`);
  });

  it('sees a leak of hours although memory goes up and down by the minute', () => {
    const sawtooth = (second: number) => 1000 + 300 * ((second % 60) / 60) + second / 12;
    const all = said({
      seconds: 4 * 3600,
      every: 10,
      value: sawtooth,
      limit: { ...MB_4096, value: 2900 },
    });
    const last = all.at(-1);
    assert.ok(last?.is === 'open', JSON.stringify(last));
    // The tops of the saw are there at 19,200 s, its middle at 21,000 s.
    const seconds = (last.approach.at - START) / 1000;
    assert.ok(seconds > 18_500 && seconds < 22_000, `${seconds} s`);
  });

  it('takes it back when the growth stops', () => {
    const all = said({ seconds: 400, value: (second) => 1024 + 6 * Math.min(second, 150) });
    assert.ok(opened(all).length > 0);
    const end = all.findIndex((one) => one.is === 'closed' && one.why === 'broken');
    assert.ok(end * 2 > 150 && end * 2 < 230, `taken back after ${end * 2} s`);
    assert.equal(opened(all.slice(end)).length, 0);
  });

  it('ends when the limit is reached', () => {
    const all = said({ seconds: 600, value: (second) => 1024 + 6 * second });
    const end = all.find((one) => one.is === 'closed' && one.why !== null);
    assert.ok(end?.is === 'closed' && end.why === 'reached');
  });

  it('ends when nothing is measured any more', () => {
    const forecaster = new Forecaster();
    let last: Forecast | undefined;
    for (let second = 0; second < 200; second++) {
      if (second < 100) forecaster.add(START + second * 1000, 1024 + 6 * second);
      last = forecaster.judge(MB_4096, START + second * 1000);
      if (last.is === 'closed' && last.why !== null) break;
    }
    assert.ok(last?.is === 'closed' && last.why === 'silent', JSON.stringify(last));
  });

  it('foretells a fall below a limit as well', () => {
    const limit: Limit = { value: 100, direction: 'below' };
    const last = said({ seconds: 120, value: (second) => 1000 - 4 * second, limit }).at(-1);
    assert.ok(last?.is === 'open');
    assert.ok(Math.abs((last.approach.at - START) / 1000 - 225) < 8);
    assert.ok(last.approach.per_second < 0);
  });

  it('says nothing of noise, a plateau, a single jump, or a limit that is far', () => {
    const random = randomOf(5);
    assert.equal(opened(said({ seconds: 1000, value: () => 3000 + 900 * random() })).length, 0);
    assert.equal(opened(said({ seconds: 300, value: () => 4000 })).length, 0);
    assert.equal(opened(said({ seconds: 300, value: (s) => (s < 100 ? 1000 : 3900) })).length, 0);
    assert.equal(opened(said({ seconds: 300, value: (s) => 1000 + s / 100 })).length, 0);
  });

  it('says nothing of fewer than 12 values, and how many it has', () => {
    const last = said({ seconds: 13, value: (second) => 4000 + 6 * second }).at(-1);
    assert.deepEqual(last, {
      is: 'closed',
      why: null,
      outlook: { is: 'unknown', points: 7, wanted: 12 },
    });
  });

  it('begins anew with another limit', () => {
    const forecaster = new Forecaster();
    for (let second = 0; second < 100; second++)
      forecaster.add(START + second * 1000, 1024 + 6 * second);
    const now = START + 100_000;
    for (let i = 0; i < 3; i++) forecaster.judge(MB_4096, now);
    assert.equal(forecaster.judge(MB_4096, now).is, 'open');
    assert.equal(forecaster.judge({ ...MB_4096, value: 5000 }, now).is, 'closed');
  });

  it('is never in the past, where a coarse mean is old and the limit should be there already', () => {
    const forecaster = new Forecaster();
    const limit: Limit = { value: 1000, direction: 'above' };
    let seen = 0;
    // A leak of hours that ends just below its limit, told in means of minutes.
    for (let minute = 0; minute < 600; minute++) {
      const now = START + minute * 60_000;
      forecaster.add(now, Math.min(995, 2 * minute));
      const forecast = forecaster.judge(limit, now);
      if (forecast.is !== 'open') continue;
      seen++;
      const { at, earliest, latest } = forecast.approach;
      assert.ok(now <= earliest && earliest <= at && at <= latest, `minute ${minute}`);
    }
    assert.ok(seen > 100);
  });

  it('ends as reached by its newest value only, whatever an old mean says', () => {
    const forecaster = new Forecaster();
    const limit: Limit = { value: 1000, direction: 'above' };
    const ends = new Set<string | null>();
    // Beyond the limit for an hour, then below it and on its way again.
    for (let minute = 0; minute < 240; minute++) {
      const now = START + minute * 60_000;
      const value = minute < 60 ? 1500 : 400 + 2 * (minute - 60);
      forecaster.add(now, value);
      const forecast = forecaster.judge(limit, now);
      if (minute >= 60 && forecast.is === 'closed') {
        ends.add(forecast.why);
        assert.notEqual(forecast.outlook.is, 'reached', `minute ${minute}`);
      }
    }
    assert.ok(!ends.has('reached'));
    forecaster.add(START + 240 * 60_000, 1000);
    const last = forecaster.judge(limit, START + 240 * 60_000);
    assert.ok(last.is === 'closed' && last.outlook.is === 'reached');
  });

  it('says nothing of two points, of a series that stands at its limit, and across a gap', () => {
    assert.equal(opened(said({ seconds: 4, every: 2, value: (s) => 4000 + 40 * s })).length, 0);
    assert.equal(opened(said({ seconds: 300, value: () => 4096 })).length, 0);
    assert.equal(opened(said({ seconds: 300, value: () => 4095.9 })).length, 0);
    const forecaster = new Forecaster();
    for (let second = 0; second < 60; second++)
      forecaster.add(START + second * 1000, 1000 + second);
    const later = START + 5 * 86_400_000;
    for (let second = 0; second < 10; second++) {
      forecaster.add(later + second * 1000, 3000 + second);
      assert.equal(forecaster.judge(MB_4096, later + second * 1000).is, 'closed');
    }
  });

  it('is the same for points that change places within a mean, or come twice', () => {
    const run = (place: (second: number) => number[]) => {
      const forecaster = new Forecaster();
      let last: Forecast | undefined;
      for (let second = 0; second < 150; second++) {
        for (const of of place(second)) forecaster.add(START + of * 1000, 1024 + 6 * of);
        if (second % 2 === 1) last = forecaster.judge(MB_4096, START + second * 1000);
      }
      assert.ok(last?.is === 'open');
      return last.approach.at;
    };
    const truth = START + 512_000;
    const swapped = run((second) => [second % 2 === 0 ? second + 1 : second - 1]);
    const twice = run((second) => [second, second]);
    for (const at of [swapped, twice]) assert.ok(Math.abs(at - truth) < 10_000, String(at - START));
  });

  it('stands any input: no throw, no time in the past, no number that is none', () => {
    const point = fc.tuple(
      fc.oneof(fc.double(), fc.integer({ min: -1e7, max: 1e7 })),
      fc.oneof(fc.double(), fc.integer({ min: -10, max: 5000 }), fc.constant(Number.NaN)),
    );
    const property = fc.property(fc.array(point, { maxLength: 80 }), (points) => {
      const forecaster = new Forecaster();
      for (const [time, value] of points) {
        forecaster.add(START + time, value);
        const forecast = forecaster.judge(MB_4096, START + time);
        if (forecast.is !== 'open') continue;
        const { at, earliest, latest, confidence } = forecast.approach;
        assert.ok([at, earliest, latest, confidence].every(Number.isFinite));
        assert.ok(earliest >= START + time, 'in the past');
        assert.ok(earliest <= at && at <= latest && confidence >= 0 && confidence <= 1);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
