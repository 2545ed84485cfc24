import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Aggregation } from '../../../service/protocol/aggregation.ts';
import {
  type Asked,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
  TestClock,
  ask,
  exactQuantile,
  handleOf,
  lineOf,
  makeStore,
} from './support.ts';

type Given = [time: number, value: number];

const EXACT: Record<string, (values: number[]) => number> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  sum: (values) => values.reduce((a, b) => a + b, 0),
  avg: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  count: (values) => values.length,
  p50: (values) => exactQuantile(values, 0.5),
  p95: (values) => exactQuantile(values, 0.95),
  p99: (values) => exactQuantile(values, 0.99),
};

/** The values of each step, by its begin. */
function byStep(points: readonly Given[], step: number): Map<number, number[]> {
  const steps = new Map<number, number[]>();
  for (const [time, value] of points) {
    const begin = Math.floor(time / step) * step;
    steps.set(begin, [...(steps.get(begin) ?? []), value]);
  }
  return new Map([...steps].sort(([a], [b]) => a - b));
}

function assertLine(found: readonly Given[], points: readonly Given[], asked: Asked): void {
  const steps = byStep(points, asked.step);
  assert.deepEqual(
    found.map(([time]) => time),
    [...steps.keys()],
  );
  for (const [begin, value] of found) {
    const exact = EXACT[asked.aggregation ?? '']?.(steps.get(begin) ?? []) ?? Number.NaN;
    assert.ok(Math.abs(value - exact) <= 0.01 * Math.abs(exact), `${value}, not ${exact}`);
  }
}

describe('the store of series', () => {
  it('answers as the points themselves do, from every tier, whatever their order', async () => {
    const layouts: Omit<Asked, 'aggregation'>[] = [
      { from: NOW - 5 * MINUTE, to: NOW, step: SECOND },
      { from: NOW - HOUR, to: NOW, step: 10 * SECOND },
      { from: NOW - 12 * HOUR, to: NOW, step: 5 * MINUTE },
      { from: NOW - 6 * DAY, to: NOW, step: 10 * MINUTE },
      { from: NOW - 60 * DAY, to: NOW, step: 6 * HOUR },
      { from: NOW - 700 * DAY, to: NOW, step: DAY },
    ];
    const point = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.01, max: 1e6, noNaN: true })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(point, { minLength: 1, maxLength: 80 }),
        fc.constantFrom(...layouts),
        fc.constantFrom(...Object.keys(EXACT)),
        async (given, layout, aggregation) => {
          const asked = { ...layout, aggregation: aggregation as Aggregation };
          const { from, to } = asked;
          const points = given.map(([share, value]): Given => [
            Math.floor(from + share * (to - from)),
            value,
          ]);
          const clock = new TestClock();
          const store = makeStore(clock);
          const handle = handleOf(store);
          for (const [time, value] of points) assert.ok(handle.append(time, value));
          assertLine(await lineOf(store, asked), points, asked);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('puts a point of an hour ago, and one of a day ago, into its own stretch', async () => {
    const store = makeStore();
    const handle = handleOf(store);
    handle.append(NOW, 1);
    handle.append(NOW - HOUR - 1, 50);
    handle.append(NOW - 26 * HOUR, 70);
    handle.append(NOW - SECOND, 2);
    for (const [step, back] of [
      [MINUTE, 4 * HOUR],
      [HOUR, 3 * DAY],
    ] as const) {
      const found = await lineOf(store, { from: NOW - back, to: NOW, step, aggregation: 'max' });
      const at = (time: number) =>
        found.find(([begin]) => begin === Math.floor(time / step) * step);
      assert.equal(at(NOW - HOUR - 1)?.[1], 50);
      assert.equal(at(NOW)?.[1], 1);
      assert.equal(at(NOW - SECOND)?.[1], 2);
      assert.equal(at(NOW - 26 * HOUR)?.[1], back > DAY ? 70 : undefined);
    }
  });

  it('refuses NaN, infinities, and times that are not kept or more than a day ahead, and counts them', () => {
    const store = makeStore();
    const handle = handleOf(store);
    for (const value of [Number.NaN, Infinity, -Infinity])
      assert.equal(handle.append(NOW, value), false);
    for (const time of [NOW - 731 * DAY, NOW + DAY + 1, Number.NaN, Infinity, -1]) {
      assert.equal(handle.append(time, 1), false);
    }
    assert.ok(handle.append(NOW - 729 * DAY, 1));
    assert.ok(handle.append(NOW + DAY, 1));
    const { refused_values, refused_times, points_total } = store.counts;
    assert.deepEqual(
      { refused_values, refused_times, points_total },
      {
        refused_values: 3,
        refused_times: 5,
        points_total: 2,
      },
    );
  });

  it('follows the clock: what is refused as too far ahead is taken later', () => {
    const clock = new TestClock();
    const handle = handleOf(makeStore(clock));
    assert.equal(handle.append(NOW + DAY + MINUTE, 1), false);
    clock.now += HOUR;
    assert.equal(handle.append(NOW + DAY + MINUTE, 1), true);
  });

  it('keeps label sets apart, filters them, and merges those that agree', async () => {
    const store = makeStore();
    for (const [queue, worker, value] of [
      ['a', 'w/1', 10],
      ['a', 'ü "2"', 20],
      ['b', 'w/1', 60],
    ] as const) {
      handleOf(store, 'm', { labels: { queue, worker } }).append(NOW, value);
    }
    const asked = { from: NOW - HOUR, to: NOW, step: 10 * SECOND };
    const lines = async (more: Partial<Asked>) =>
      (await ask(store, { ...asked, ...more })).series.map(({ labels, points }) => [
        labels,
        points[0]?.[1],
      ]);
    assert.deepEqual(await lines({}), [
      [{ queue: 'a', worker: 'w/1' }, 10],
      [{ queue: 'a', worker: 'ü "2"' }, 20],
      [{ queue: 'b', worker: 'w/1' }, 60],
    ]);
    assert.deepEqual(await lines({ labels: { worker: 'w/1', queue: 'b' } }), [
      [{ queue: 'b', worker: 'w/1' }, 60],
    ]);
    assert.deepEqual(await lines({ labels: { worker: 'nobody' } }), []);
    assert.deepEqual(await lines({ group_by: ['queue'] }), [
      [{ queue: 'a' }, 15],
      [{ queue: 'b' }, 60],
    ]);
    for (const absent of ['none', 'constructor']) {
      assert.deepEqual(await lines({ group_by: [absent], aggregation: 'count' }), [[{}, 3]]);
    }
  });

  it('finds a series whatever the order of its labels', () => {
    const store = makeStore();
    const one = store.seriesOf('m', { a: '1', b: '2' }, 'gauge');
    assert.equal(store.seriesOf('m', { b: '2', a: '1' }, 'gauge'), one);
    assert.notEqual(store.seriesOf('m', { a: '12', b: '' }, 'gauge'), one);
    assert.notEqual(store.seriesOf('m', { a: '1' }, 'gauge'), one);
    assert.equal(store.counts.series, 3);
  });

  it('shows the first 100 lines of an answer and says how many there are', async () => {
    const store = makeStore(new TestClock(), { max_series: 500, max_per_metric: 500 });
    for (let i = 0; i < 130; i++) handleOf(store, 'm', { labels: { id: `${i}` } }).append(NOW, i);
    const { series, total, truncated } = await ask(store, {
      from: NOW - HOUR,
      to: NOW,
      step: MINUTE,
    });
    assert.deepEqual([series.length, total, truncated], [100, 130, true]);
  });

  it('names an unknown metric, and the smallest step', async () => {
    const store = makeStore();
    for (const time of [NOW, NOW - 2 * HOUR]) handleOf(store).append(time, 1);
    const asked = { from: NOW - 30 * DAY, to: NOW, step: MINUTE };
    await assert.rejects(ask(store, { ...asked, metric: 'n' }), {
      code: 'METRIC_UNKNOWN',
      message: /There is no metric "n"/,
    });
    await assert.rejects(ask(store, asked), { code: 'QUERY_INVALID', message: /1296000 ms/ });
    const { step_ms } = await ask(store, { ...asked, step: 1_296_000 });
    assert.equal(step_ms, HOUR, 'minutes are kept for seven days');
  });

  it('never answers with more than 2,000 points a series', async () => {
    const clock = new TestClock();
    const store = makeStore(clock);
    const handle = handleOf(store);
    for (let at = 0; at < 6000; at++) handle.append(NOW - at * SECOND, at);
    for (const asked of [
      { from: NOW - 2000 * SECOND + 500, to: NOW + 500, step: SECOND },
      { from: NOW - 2000 * SECOND, to: NOW, step: SECOND },
      { from: NOW - 3500 * SECOND, to: NOW, step: SECOND, aggregation: 'raw' as const },
      { from: NOW - 6000 * SECOND, to: NOW, step: SECOND, aggregation: 'raw' as const },
    ]) {
      const points = await lineOf(store, asked);
      assert.ok(points.length <= 2000 && points.length > 500, `${points.length}`);
      assert.deepEqual(
        points.map(([time]) => time),
        points.map(([time]) => time).sort((a, b) => a - b),
      );
    }
  });

  it('keeps a peak visible as it was measured, and later in the roll-ups', async () => {
    const clock = new TestClock();
    const store = makeStore(clock);
    const handle = handleOf(store);
    const begin = NOW - 50 * MINUTE;
    for (let time = begin; time < NOW; time += 500)
      handle.append(time, time === begin + 77_000 ? 999 : 5);
    const peaks = async (from: number, to: number) =>
      (await lineOf(store, { from, to, step: 10 * SECOND, aggregation: 'raw' })).filter(
        ([, value]) => value === 999,
      );
    assert.deepEqual(await peaks(begin, NOW), [[begin + 77_000, 999]]);
    clock.now += 6 * HOUR;
    handle.append(clock.now, 5);
    const [peak, ...more] = await peaks(begin, clock.now);
    assert.ok(peak && Math.abs(peak[0] - begin - 77_000) <= MINUTE && more.length === 0);
  });
});

describe('the rate of a series', () => {
  const asked = {
    from: NOW - 10 * MINUTE,
    to: NOW - 1,
    step: MINUTE,
    aggregation: 'rate' as const,
  };

  it('of a counter is its increase per second, also where it starts anew', async () => {
    const store = makeStore();
    const handle = handleOf(store, 'm', { kind: 'counter' });
    // 2 a second; after five minutes it starts anew.
    for (let second = -900; second < 0; second++) {
      handle.append(NOW + second * SECOND, 2 * (second < -300 ? second + 900 : second + 300));
    }
    const found = await lineOf(store, asked);
    assert.equal(found.length, 10);
    // The start anew hides the last second before it.
    for (const [time, rate] of found) {
      const hidden = time === NOW - 5 * MINUTE ? 2 / 60 : 0;
      assert.ok(Math.abs(rate - 2 + hidden) < 1e-9, `${rate}`);
    }
    const hours = await lineOf(store, { ...asked, from: NOW - 3 * HOUR, step: HOUR });
    const increase = 600 * 2 - 2 + 299 * 2;
    assert.deepEqual(hours, [[NOW - HOUR, increase / 3600]]);
  });

  it('of a counter knows the increase exactly, whatever the steps, when points come in order', async () => {
    const moves = fc.array(
      fc.tuple(fc.integer({ min: 500, max: 90_000 }), fc.integer({ min: 0, max: 40 })),
      { minLength: 2, maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.constantFrom(10 * SECOND, MINUTE, 5 * MINUTE, HOUR),
        async (given, step) => {
          const store = makeStore();
          const handle = handleOf(store, 'm', { kind: 'counter' });
          let time = NOW - 4 * HOUR;
          let exact = 0;
          given.forEach(([wait, level], i) => {
            time += wait;
            handle.append(time, level);
            const before = given[i - 1]?.[1];
            if (before !== undefined) exact += level >= before ? level - before : level;
          });
          const line = await lineOf(store, {
            from: NOW - 4 * HOUR,
            to: NOW + HOUR,
            step,
            aggregation: 'rate',
          });
          const total = line.reduce((sum, [, rate]) => sum + (rate * step) / 1000, 0);
          assert.ok(Math.abs(total - exact) < 1e-6, `${total}, not ${exact}`);
        },
      ),
    );
  });

  it('of single observations is their sum per second, and of a level its change per second', async () => {
    const store = makeStore();
    const counts = handleOf(store, 'counts', { kind: 'histogram' });
    const level = handleOf(store, 'level');
    for (let second = -1200; second < 0; second++) {
      counts.append(NOW + second * SECOND, 3);
      level.append(NOW + second * SECOND, -0.5 * second);
    }
    for (const [metric, rate] of [
      ['counts', 3],
      ['level', -0.5],
    ] as const) {
      const found = await lineOf(store, { ...asked, metric });
      assert.equal(found.length, 10);
      for (const [, value] of found) assert.ok(Math.abs(value - rate) < 1e-9);
    }
  });

  it('of several series is the sum of their rates', async () => {
    const store = makeStore();
    for (const id of ['a', 'b', 'c']) {
      const handle = handleOf(store, 'm', { kind: 'counter', labels: { id } });
      for (let second = -1200; second < 0; second++)
        handle.append(NOW + second * SECOND, second + 1200);
    }
    const { series } = await ask(store, { ...asked, group_by: ['zone'] });
    assert.equal(series.length, 1);
    for (const [, rate] of series[0]?.points ?? []) assert.ok(Math.abs(rate - 3) < 1e-9);
  });

  it('is what a query without an aggregation means for a counter', async () => {
    const store = makeStore();
    handleOf(store, 'c', { kind: 'counter' }).append(NOW, 1);
    handleOf(store, 'g').append(NOW, 1);
    const usual = async (metric: string) => {
      const query = {
        metric,
        labels: {},
        from: NOW - HOUR,
        to: NOW,
        step_ms: MINUTE,
        group_by: [],
      };
      return (await store.query({ ...query, aggregation: null })).aggregation;
    };
    assert.deepEqual([await usual('c'), await usual('g')], ['rate', 'avg']);
  });
});
