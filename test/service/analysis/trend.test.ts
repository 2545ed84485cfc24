import assert from 'node:assert/strict';
import fc from 'fast-check';
import { direction, phaseTrend } from '../../../service/analysis/trend.ts';
import type { PhaseExecution } from '../../../service/protocol/domain.ts';

function execution(n: number, fields: Partial<PhaseExecution> = {}): PhaseExecution {
  return {
    ...{ phase_id: 'A', pipeline: 'p', job_id: `j${n}`, attempt: 1, status: 'COMPLETED' as const },
    started_at: new Date(n * 1000).toISOString(),
    ended_at: new Date(n * 1000 + 500).toISOString(),
    ...{ execution_time_ms: 500, cpu_percent: null, memory_mb: null, items_done: null },
    ...{ error_count: 0, warning_count: 0 },
    ...fields,
  };
}

/** Newest first, as the history gives them. */
const timed = (...times: (number | null)[]) =>
  times.map((execution_time_ms, n) => execution(n, { execution_time_ms })).reverse();

/** Kendall's tau-b sign by counting all pairs, and the exact two-sided chance of |S| by walking all orders. */
function exactChance(values: readonly number[]): number {
  const score = (list: readonly number[]) => {
    let s = 0;
    for (let i = 0; i < list.length; i++)
      for (let k = i + 1; k < list.length; k++) s += Math.sign((list[k] ?? 0) - (list[i] ?? 0));
    return s;
  };
  const seen = Math.abs(score(values));
  let all = 0;
  let asFar = 0;
  const walk = (left: readonly number[], taken: readonly number[]) => {
    if (left.length === 0) {
      all++;
      if (Math.abs(score(taken)) >= seen) asFar++;
    }
    left.forEach((value, i) =>
      walk([...left.slice(0, i), ...left.slice(i + 1)], [...taken, value]),
    );
  };
  walk(values, []);
  return asFar / all;
}

describe('trend of a phase', () => {
  it('has the figures that numpy gives for the same values', () => {
    // numpy.percentile([120, 80, 100, 400, 90], [50, 95]) = 100, 344
    const trend = phaseTrend(timed(120, 80, null, 100, 400, 90), 'A', 'execution_time');
    assert.ok(Math.abs((trend.p95 ?? NaN) - 344) < 1e-9);
    assert.deepEqual(
      { ...trend, p95: 344 },
      {
        ...{ phase_id: 'A', metric: 'execution_time', unit: 'ms', count: 5, avg: 158 },
        ...{ min: 80, max: 400, p50: 100, p95: 344 },
        trend: [120, 80, 100, 400, 90],
        direction: 'steady',
      },
    );
  });

  it('is exact: avg, extremes and quantiles follow from sorting the values by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 }), (values) => {
        const { avg, min, max, p50, p95, count } = phaseTrend(
          timed(...values),
          'A',
          'execution_time',
        );
        const sorted = [...values].sort((a, b) => a - b);
        const at = (q: number) => {
          const place = q * (sorted.length - 1);
          const [below = 0, above = below] = sorted.slice(Math.trunc(place));
          return below * (1 - (place % 1)) + above * (place % 1);
        };
        assert.equal(count, values.length);
        assert.ok(Math.abs((avg ?? NaN) * count - values.reduce((a, b) => a + b)) < 1e-6 * count);
        assert.deepEqual([min, max], [sorted[0], sorted.at(-1)]);
        assert.ok(Math.abs((p50 ?? NaN) - at(0.5)) < 1e-6);
        assert.ok(Math.abs((p95 ?? NaN) - at(0.95)) < 1e-6);
      }),
    );
  });

  it('shows the last 20 values, oldest first, and judges by them alone', () => {
    const falling = Array.from({ length: 80 }, (_, i) => 1000 - i);
    const rising = Array.from({ length: 20 }, (_, i) => 500 + i);
    const trend = phaseTrend(timed(...falling, ...rising), 'A', 'execution_time');
    assert.deepEqual(trend.trend, rising);
    assert.deepEqual([trend.count, trend.direction], [100, 'rising']);
  });

  it('knows no direction of fewer than five values, and no figures of none', () => {
    assert.equal(phaseTrend(timed(1, 2, 3, 4), 'A', 'execution_time').direction, 'unknown');
    assert.equal(phaseTrend(timed(1, 2, 3, 4, 5), 'A', 'execution_time').direction, 'rising');
    const none = phaseTrend(timed(1, 2), 'A', 'memory_usage');
    assert.deepEqual(
      [none.count, none.avg, none.min, none.p95, none.trend, none.unit],
      [0, null, null, null, [], 'MB'],
    );
  });

  it('calls values that are all the same steady, and is not misled by one outlier', () => {
    assert.equal(direction([7, 7, 7, 7, 7, 7]), 'steady');
    assert.equal(direction([100, 101, 99, 100, 102, 98, 100, 9000]), 'steady');
    assert.equal(direction([9, 8, 7, 6, 5, 4, 3, 2000, 1, 0]), 'falling');
  });

  it('corrects for values that occur more than once', () => {
    // S = 16; without the correction Z = 15 / sqrt(65.3) = 1.86, with it 15 / sqrt(48) = 2.17.
    assert.equal(direction([0, 0, 0, 0, 1, 1, 1, 1]), 'rising');
  });

  it('agrees with the exact test wherever that is clear', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 7 }),
        (values) => {
          const chance = exactChance(values);
          if (chance < 0.01) assert.notEqual(direction(values), 'steady');
          if (chance > 0.1) assert.equal(direction(values), 'steady');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('turns round with the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 5, maxLength: 20 }), (values) => {
        const opposite = { rising: 'falling', falling: 'rising', steady: 'steady', unknown: '' };
        assert.equal(direction([...values].reverse()), opposite[direction(values)]);
      }),
    );
  });

  it('counts errors of all that ran, and leaves out what was skipped', () => {
    const list = [
      execution(3, { status: 'SKIPPED', started_at: null, execution_time_ms: null }),
      execution(2, { status: 'FAILED', error_count: 3 }),
      execution(1),
    ];
    const { count, max, unit } = phaseTrend(list, 'A', 'error_count');
    assert.deepEqual([count, max, unit], [2, 3, 'errors']);
  });
});
