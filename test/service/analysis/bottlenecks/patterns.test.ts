import assert from 'node:assert/strict';
import fc from 'fast-check';
import { patternsOf } from '../../../../service/analysis/bottlenecks/configured.ts';
import { BottleneckDetector } from '../../../../service/analysis/bottlenecks/detector.ts';
import type { PatternPoint } from '../../../../service/analysis/bottlenecks/patterns.ts';
import { ProductError } from '../../../../service/protocol/errors.ts';
import type { BottleneckPattern } from '../../../../service/protocol/bottleneckPattern.ts';
import { NOW, assertSane, run, told } from './support.ts';

const point = (time: number, value: number, more: Partial<PatternPoint> = {}): PatternPoint => ({
  ...{ metric: 'ipc_latency_ms', labels: { source: 'worker', worker_id: 'w' } },
  ...{ time, value, unit: 'ms' },
  ...more,
});

const COLD: BottleneckPattern = {
  name: 'cold-cache',
  title: 'The cache is cold',
  conditions: [
    { metric: 'cache_hit_rate_percent', below: 40 },
    { metric: 'request_duration_ms', labels: { endpoint: '/search' }, above: 500 },
  ],
  for_seconds: 3,
  worst: 0,
};

/** Both series of the pattern in one second. */
function both(detector: BottleneckDetector, now: number, [rate, took]: [number, number]): void {
  const labels = { cache: 'tokens' };
  detector.point(
    point(now, rate, { metric: 'cache_hit_rate_percent', labels, unit: 'percent' }),
    now,
  );
  const endpoint = { endpoint: '/search' };
  detector.point(point(now, took, { metric: 'request_duration_ms', labels: endpoint }), now);
}

describe('thresholds over series', () => {
  it('are found after four seconds, with values, whose it is, and what shows it', () => {
    const happened = run(30, (n, detector, now) => {
      detector.point(point(now, n >= 10 && n < 20 ? 30 : 2), now);
      return {};
    });
    assert.deepEqual(told(happened), ['IPC opened 13', 'IPC ended 24']);
    const found = happened[0]?.bottleneck;
    assert.equal(found?.worker_id, 'w');
    assert.deepEqual([found?.impact, found?.impact_basis], [0.5, 'use']);
    assert.equal(found?.since, new Date(NOW + 10_000).toISOString());
    assert.deepEqual(found?.evidence, {
      ...{ unit: 'ms', average: 30, max: 30, last: 30, threshold: 10, points: 4 },
      last_at: new Date(NOW + 13_000).toISOString(),
    });
  });

  it('are found at once in values that come late all together, as far as they are of now', () => {
    const of = (age_ms: number) =>
      run(3, (n, detector, now) => {
        for (let i = 6; n === 1 && i > 0; i--)
          detector.point(point(now - age_ms - i * 1000, 30), now);
        return {};
      });
    assert.deepEqual(told(of(0)), ['IPC opened 1']);
    assert.deepEqual(told(of(60_000)), []);
  });

  it('are of now in what a sender says whose clock is hours ahead, one by one or many at once', () => {
    const AHEAD_MS = 36_000_000;
    const of = (every: number) =>
      run(40, (n, detector, now) => {
        for (let i = every - 1; i >= 0 && n % every === 0; i--) {
          const time = now + AHEAD_MS - i * 1000;
          detector.point(point(time, n - i >= 10 && n - i < 20 ? 30 : 2), now);
        }
        for (const one of detector.open()) assertSane(one, now);
        return {};
      });
    assert.deepEqual(told(of(1)), ['IPC opened 13', 'IPC ended 24']);
    assert.deepEqual(
      told(of(3)).map((one) => one.replace(/\d+/, '')),
      ['IPC opened ', 'IPC ended '],
    );
  });

  it('have the mean, the highest and the newest value, of a batch that is ahead the last', () => {
    const detector = new BottleneckDetector();
    const values = [20, 60, 40];
    run(
      6,
      (n, _, now) => {
        for (const [i, value] of values.entries()) {
          const ahead = 36_000_000 + i * 1000;
          detector.point(point(now + ahead, n === 5 ? value : 30 + n), now);
        }
        return {};
      },
      detector,
    );
    const { average, max, last, points } = detector.open()[0]?.evidence ?? {};
    assert.deepEqual([max, last, points], [40, 40, 6]);
    assert.ok(Math.abs((average ?? 0) - (30 + 31 + 32 + 33 + 34 + 40) / 6) < 1e-9);
  });

  it('are found again when the clock of the sender is put right', () => {
    const happened = run(40, (n, detector, now) => {
      const ahead = n < 5 ? 36_000_000 : 0;
      detector.point(point(now + ahead, n >= 10 && n < 20 ? 30 : 2), now);
      return {};
    });
    assert.deepEqual(told(happened), ['IPC opened 13', 'IPC ended 24']);
  });

  it('are over when nothing is heard any more', () => {
    const happened = run(60, (n, detector, now) => {
      if (n < 10) detector.point(point(now, 30), now);
      return {};
    });
    assert.deepEqual(told(happened), ['IPC opened 3', 'IPC ended 41']);
  });

  it('are none for values that are above only every other time', () => {
    const happened = run(40, (n, detector, now) => {
      detector.point(point(now, n % 2 === 0 ? 30 : 1), now);
      return {};
    });
    assert.deepEqual(happened, []);
  });
});

describe('patterns of the configuration', () => {
  it('hold where all their conditions do, for as long as they say', () => {
    const detector = new BottleneckDetector(patternsOf([COLD]));
    const cold = (n: number): [number, number] => {
      if (n < 5) return [30, 100];
      return n < 15 ? [20, 900] : [90, 900];
    };
    const happened = run(
      30,
      (n, _, now) => {
        both(detector, now, cold(n));
        return {};
      },
      detector,
    );
    assert.deepEqual(told(happened), ['CUSTOM opened 7', 'CUSTOM ended 19']);
    const found = happened[0]?.bottleneck;
    assert.deepEqual(
      [found?.pattern, found?.title, found?.impact],
      ['cold-cache', 'The cache is cold', 0.5],
    );
    assert.deepEqual(
      found?.evidence_series.map(({ metric }) => metric),
      ['cache_hit_rate_percent', 'request_duration_ms'],
    );
  });

  it('cost nobody knows how much without a worst value, and stand behind those that are known', () => {
    const { name, conditions, for_seconds = 3 } = COLD;
    const unknown = { name, conditions, for_seconds };
    const detector = new BottleneckDetector(patternsOf([unknown]));
    const happened = run(
      10,
      (_, __, now) => {
        both(detector, now, [20, 900]);
        detector.point(point(now, 30), now);
        return {};
      },
      detector,
    );
    assert.deepEqual(told(happened), ['CUSTOM opened 2', 'IPC opened 3']);
    assert.deepEqual(
      detector.open().map(({ kind, impact, impact_basis }) => [kind, impact, impact_basis]),
      [
        ['IPC', 0.5, 'use'],
        ['CUSTOM', null, 'unknown'],
      ],
    );
    assert.deepEqual(
      new Set(detector.watched()),
      new Set(['QUEUE', 'LOCK', 'SKEW', 'IPC', 'CUSTOM']),
    );
  });

  it('join series by the labels that both have', () => {
    const pattern: BottleneckPattern = {
      name: 'busy-and-slow',
      conditions: [
        { metric: 'cpu_use', above: 90 },
        { metric: 'latency', above: 10 },
      ],
      for_seconds: 3,
    };
    const of = (other: string) => {
      const detector = new BottleneckDetector(patternsOf([pattern]));
      return run(
        10,
        (_, __, now) => {
          detector.point(point(now, 95, { metric: 'cpu_use', labels: { worker_id: 'a' } }), now);
          detector.point(point(now, 50, { metric: 'latency', labels: { worker_id: other } }), now);
          return {};
        },
        detector,
      );
    };
    assert.deepEqual(told(of('a')), ['CUSTOM opened 2']);
    assert.deepEqual(of('b'), []);
  });

  it('are refused with the field and the fix', () => {
    const complaint = (changes: Partial<BottleneckPattern>[]): [string, string | undefined] => {
      try {
        patternsOf(changes.map((change) => ({ ...COLD, ...change })));
      } catch (error) {
        assert.ok(error instanceof ProductError && error.code === 'CONFIG_INVALID', String(error));
        return [error.message, error.errors?.[0]?.path];
      }
      throw new Error('It was taken.');
    };
    const [twice, at] = complaint([{}, {}]);
    assert.match(twice, /"bottleneck_patterns\.1\.name": "cold-cache" is there twice\. Rename one/);
    assert.equal(at, '/bottleneck_patterns/1/name');
    const [boundless] = complaint([{ conditions: [{ metric: 'm' }] }]);
    assert.match(
      boundless,
      /conditions\.0": "m" has no bound\. Give it "above", "below" or both\./,
    );
    const [crossed] = complaint([{ conditions: [{ metric: 'm', above: 9, below: 3 }] }]);
    assert.match(crossed, /no value is both\. Swap them\./);
    const [worst] = complaint([{ worst: 60 }]);
    assert.match(worst, /worst": it is 60\. Give a value below 40/);
  });

  it('throw for no points, however they come', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, 1e308, -1e308, Number.NaN));
    const offset = fc.oneof(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.constantFrom(Number.NaN, 86_400_000, -86_400_000, 0, 0, 0),
    );
    const some = fc.record({
      metric: fc.constantFrom(
        'ipc_latency_ms',
        'ipc_latency_ms',
        'cache_hit_rate_percent',
        'other',
      ),
      worker_id: fc.constantFrom('a', 'b', '', '__proto__'),
      value: fc.oneof(value, fc.constant(30)),
      offset,
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 200 }), (points) => {
        const detector = new BottleneckDetector(patternsOf([COLD]));
        run(
          8,
          (n, __, now) => {
            for (const one of points.slice((n * points.length) >> 3))
              detector.point(
                point(now + one.offset, one.value, {
                  metric: one.metric,
                  labels: { worker_id: one.worker_id },
                }),
                now,
              );
            return {};
          },
          detector,
        );
        for (const one of detector.open()) assertSane(one, NOW + 7000);
      }),
      { numRuns: 50 },
    );
  });
});
