import assert from 'node:assert/strict';
import fc from 'fast-check';
import { QuickStretch, SlotStretch, Slots } from '../../../service/alerts/slots.ts';
import { Bucket } from '../../../service/series/bucket.ts';

const RANGE_MS = 30_000;
const T0 = 1_800_000_000_000;

interface Step {
  /** Milliseconds that pass before the point comes, and by which it is late. */
  wait: number;
  late: number;
  value: number;
}

const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 8000 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40_000 })),
    value: fc.integer({ min: -50, max: 50 }),
  }),
  { maxLength: 60 },
);

function sumOf(slots: Slots, now: number) {
  const total = new Bucket(0);
  const increase = slots.now(now, total);
  const { count, sum, min, max, first, firstTime, last, lastTime } = total;
  return { increase, count, sum, min, max, first, firstTime, last, lastTime };
}

describe('The slots of a window', () => {
  it('say after each point what slots that were never asked before say, late points and pruning included', () => {
    fc.assert(
      fc.property(steps, (all: Step[]) => {
        const asked = new Slots(RANGE_MS, { quantiles: false });
        const points: { time: number; value: number; at: number }[] = [];
        let now = T0;
        for (const [n, { wait, late, value }] of all.entries()) {
          now += wait;
          points.push({ time: now - late, value, at: now });
          asked.add(now - late, value, now);
          if (n % 7 === 3) asked.prune(now);
          const fresh = new Slots(RANGE_MS, { quantiles: false });
          for (const point of points) fresh.add(point.time, point.value, point.at);
          assert.deepEqual(sumOf(asked, now), sumOf(fresh, now));
        }
      }),
    );
  });

  it('say when time alone changes them next: not before, and then at once', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), fc.integer({ min: 0, max: 70_000 }), (all, twice, later) => {
        const slots = new Slots(RANGE_MS, { twice });
        let now = T0;
        for (const { wait, late, value } of all) {
          now += wait;
          slots.add(now - late, value, now);
        }
        now += later;
        const at = slots.changesAfter(now);
        const said = (time: number) => {
          const before = new Bucket(0);
          return twice
            ? [sumOf(slots, time).count, slots.before(time, before), before.count]
            : [sumOf(slots, time).count];
        };
        const end = Math.min(at, now + 100_000) - 1;
        assert.deepEqual(said(end), said(now));
        if (at < Infinity) assert.notDeepEqual(said(at), said(now));
      }),
    );
  });

  it('say one number as quickly as they may, and the same as all points put together', () => {
    const aggregations = ['avg', 'sum', 'count', 'min', 'max', 'last', 'rate'] as const;
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 70_000 }), (all, later) => {
        const slots = new Slots(RANGE_MS, { quantiles: false });
        let now = T0;
        for (const { wait, late, value } of all) {
          now += wait;
          slots.add(now - late, value, now);
        }
        now += later;
        const of = { kind: 'gauge', range_ms: RANGE_MS } as const;
        const total = new Bucket(0);
        const whole = new SlotStretch(total, slots.now(now, total), of);
        const quick = new QuickStretch(slots, now, of);
        assert.deepEqual([quick.count, quick.increase], [whole.count, whole.increase]);
        for (const one of aggregations) assert.equal(quick.value(one), whole.value(one), one);
      }),
    );
  });
});
