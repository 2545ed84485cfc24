import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventRate, type Rate } from '../../../../service/analysis/anomalies/eventRate.ts';

const START = Date.UTC(2026, 0, 15);

/** What is said each second of so many events in each. */
function said(events: readonly number[]): (Rate & { second: number })[] {
  const rate = new EventRate();
  return events.flatMap((count, second) => {
    const now = START + second * 1000;
    if (count > 0) rate.add(count, now);
    const found = rate.end(now);
    return found === null ? [] : [{ second, ...found }];
  });
}

const ofEach = (seconds: number, events: (second: number) => number) =>
  Array.from({ length: seconds }, (_, second) => events(second));

describe('the rate of events', () => {
  it('is told every second where many come, and 0 in each second without any', () => {
    const all = said(ofEach(60, (second) => (second < 50 ? 20 : 0)));
    assert.ok(all.filter(({ second }) => second < 50).every(({ value }) => value === 20));
    const silent = all.filter(({ second }) => second >= 50);
    assert.ok(silent.length >= 5 && silent.every(({ value, isSure }) => value === 0 && isSure));
  });

  it('is told of about five events where few come, and once a minute where almost none do', () => {
    const few = said(ofEach(1000, (second) => (second % 4 === 0 ? 1 : 0)));
    assert.ok(few.length > 40 && few.length < 70, String(few.length));
    const late = few.slice(10);
    assert.ok(late.every(({ value }) => Math.abs(value - 0.25) < 0.06));
    const rare = said(ofEach(7200, (second) => (second % 600 === 0 ? 1 : 0)));
    assert.ok(rare.length >= 118 && rare.length <= 130, String(rare.length));
  });

  it('is not sure of one event or two, and is of a burst, which it tells at once', () => {
    const all = said(ofEach(7210, (second) => (second === 7200 ? 12 : second % 600 === 0 ? 1 : 0)));
    assert.ok(all.slice(20).every(({ second, isSure }) => isSure === (second === 7200)));
  });

  it('adds up to all events, and is never a number that is none', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 300 }), (events) => {
        const all = said([...events, ...Array<number>(120).fill(0)]);
        let [from, sum] = [(events[0] ?? 0) > 0 ? -1 : 0, 0];
        for (const { second, value } of all) {
          assert.ok(Number.isFinite(value) && value >= 0);
          sum += value * (second - from);
          from = second;
        }
        const whole = events.reduce((total, count) => total + count, 0);
        assert.ok(Math.abs(sum - whole) < 1e-6, `${sum} of ${whole}`);
      }),
      { numRuns: 50 },
    );
  });
});
