import assert from 'node:assert/strict';
import fc from 'fast-check';
import { duration, memory, percent } from '../../../service/protocol/describe.ts';
import {
  momentLabel,
  roundUp,
  timeLabel,
  timeTicks,
  topOf,
  unitOf,
} from '../../../webview/charts/axis.ts';

const HOUR = 3_600_000;

describe('the axis of values', () => {
  it('ends at a number that is round in its unit, and never below the values', () => {
    assert.deepEqual(
      [31_000, 62_000, 130_000].map((ms) => topOf(ms, 'ms')),
      [40_000, 120_000, 180_000],
    );
    assert.deepEqual(
      [3, 101].map((value) => topOf(value, '%')),
      [100, 200],
    );
    assert.deepEqual(
      [123, 0.07].map((value) => topOf(value, 'tasks')),
      [200, 0.1],
    );
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        fc.constantFrom('ms', 'MB', '%', ''),
        (value, unit) => {
          assert.ok(topOf(value, unit) >= value * (1 - 1e-9));
          assert.ok(roundUp(value) <= value * 2.5);
        },
      ),
    );
  });

  it('knows the units of the ways to say a number', () => {
    assert.deepEqual(
      [percent, memory, duration].map((say) => unitOf({ say })),
      ['%', 'MB', 'ms'],
    );
    assert.equal(unitOf({ say: String, unit: 'tasks' }), 'tasks');
  });
});

describe('the axis of time', () => {
  it('has round local times within its span, few enough to be read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 10, max: 60 * 24 * HOUR }),
        (from, length) => {
          const span = { from, to: from + length };
          const all = timeTicks(span, 600, 90);
          assert.ok(all.length <= 7);
          assert.ok(all.every((time) => time >= span.from && time <= span.to));
        },
      ),
    );
  });

  it('says dates where the range is longer than a day, and fractions of seconds where it is short', () => {
    const from = new Date(2026, 4, 5, 10, 30, 7, 250).getTime();
    const say = (length: number): string => timeLabel(from, { from, to: from + length }, 'en-GB');
    assert.equal(say(2_000), '10:30:07.250');
    assert.equal(say(60_000), '10:30:07');
    assert.equal(say(HOUR), '10:30');
    assert.equal(say(30 * HOUR), '5 May, 10:30');
    assert.equal(
      timeLabel(new Date(2026, 4, 5).getTime(), { from, to: from + 100 * HOUR }, 'en-GB'),
      '5 May',
    );
    assert.equal(
      momentLabel(from, { from, to: from + 100 * HOUR }, 'en-GB'),
      '5 May 2026, 10:30:07',
    );
  });
});
