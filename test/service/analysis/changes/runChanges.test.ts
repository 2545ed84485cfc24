import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeFinding, overBecause } from '../../../../service/analysis/changes/changeFinding.ts';
import {
  type RunSeries,
  firstTold,
  isSame,
  runChanges,
} from '../../../../service/analysis/changes/runChanges.ts';
import type { RunPoint } from '../../../../service/analysis/performanceRuns.ts';
import type { RunChange } from '../../../../service/protocol/changes.ts';
import { TREND_METRICS } from '../../../../service/protocol/domain.ts';
import { wobble } from '../../../support/pipelineRuns.ts';

const BEGIN = Date.parse('2026-11-01T00:00:00Z');

const runAt = (value: number | null, i: number): RunPoint => ({
  ...{ job_id: `j${i}`, name: `j${i}`, status: 'COMPLETED', started: BEGIN + i * 1000, value },
});

function series(values: readonly (number | null)[], changes: Partial<RunSeries> = {}): RunSeries {
  const points = changes.points ?? values.map(runAt);
  const numbers = new Map(points.map(({ job_id }, i) => [job_id, 406 + i]));
  const of = {
    pipeline: 'nightly',
    phase_id: 'P06',
    name: 'P06',
    metric: 'execution_time',
  } as const;
  return { ...of, points, numbers, ...changes };
}

const times = (ms: number, length: number) =>
  Array.from({ length }, (_, i) => ms * (1 + 0.02 * wobble(i)));

describe('changes over runs', () => {
  it('say since which of all runs, from what to what, and by how much', () => {
    const { changes } = runChanges(series([...times(12_100, 12), ...times(17_900, 9)]));
    assert.deepEqual(
      changes.map(({ sentence, job_id, run, runs_before, runs_after }) => ({
        ...{ sentence, job_id, run, runs_before, runs_after },
      })),
      [
        {
          sentence: 'P06 is slower since run #418: 12.1 s -> 17.8 s, +47 %.',
          ...{ job_id: 'j12', run: 418, runs_before: 12, runs_after: 9 },
        },
      ],
    );
  });

  it('leave out failed runs for times, and count them for errors', () => {
    const points = times(10_000, 30).map((value, i) => ({
      ...runAt(i >= 20 && i % 2 === 0 ? 1 : value, i),
      ...(i >= 20 && i % 2 === 0 && { status: 'FAILED' as const }),
    }));
    assert.deepEqual(runChanges(series([], { points })).changes, []);
    const errors = points.map((one, i) => ({ ...one, value: i < 20 ? 0 : 3 }));
    const [found] = runChanges(series([], { points: errors, metric: 'error_count' })).changes;
    assert.equal(found?.sentence, 'P06 has more errors since run #426: 0 errors -> 3 errors.');
    assert.equal(found?.percent, null);
  });

  it('do not tell of steps that are noise to a person, however sure', () => {
    assert.deepEqual(runChanges(series([...times(20, 20), ...times(60, 20)])).changes, []);
    assert.deepEqual(runChanges(series([...times(60_000, 40), ...times(61_500, 40)])).changes, []);
  });

  it('are told first at the run that made them known, whatever comes after', () => {
    const all = [...times(12_000, 12), ...times(18_000, 20)];
    const told = [18, 24, 32].map((length) => {
      const of = series(all.slice(0, length));
      const first = firstTold(of, runChanges(of).changes);
      return [first?.change.change_id, first?.run.job_id];
    });
    assert.deepEqual(told, [told[0], told[0], told[0]]);
    assert.equal(told[0]?.[0], 'change/nightly/P06/execution_time/j12');
  });

  it('are the same ones when jobs before them are removed, whose numbers nobody knows then', () => {
    const all = series([...times(12_100, 16), ...times(17_900, 9)]);
    const [change] = runChanges(all).changes;
    const left = { ...all, points: all.points.slice(6) };
    const [still] = runChanges(left).changes;
    assert.ok(change && still);
    assert.deepEqual([still.run, still.change_id], [change.run, change.change_id]);
    assert.ok(isSame(still, change, left));
    // Another change, five runs later, in the same direction.
    const later = { ...still, at: new Date(BEGIN + 21_000).toISOString() };
    assert.ok(!isSame(later, still, left));
    assert.ok(!isSame({ ...still, direction: 'better' }, still, left));
  });

  it('are none in what never changes, with gaps, nonsense and repeated runs in it', () => {
    const nothing = fc.constantFrom(null, Number.NaN, Infinity, -1);
    const constant = fc.constantFrom(0, 1, 12_000, 1e12);
    const gaps = fc.array(fc.oneof(nothing, fc.constant('same' as const)), { maxLength: 100 });
    fc.assert(
      fc.property(constant, gaps, fc.integer({ min: 1, max: 30 }), (value, all, jobs) => {
        const points = all.map((one, i) => ({
          ...runAt(one === 'same' ? value : one, i),
          job_id: `j${i % jobs}`,
          started: BEGIN + (i % jobs) * 1000,
        }));
        for (const metric of TREND_METRICS)
          assert.deepEqual(runChanges(series([], { points, metric })).changes, []);
      }),
      { numRuns: 100 },
    );
  });

  it('end undone where the level is back, and otherwise by the next one', () => {
    const back = runChanges(
      series([...times(10_000, 12), ...times(20_000, 12), ...times(10_200, 12)]),
    );
    const [first, second] = back.changes as [RunChange, RunChange];
    assert.match(overBecause(first, second), /^Undone since run #430: P06 is faster/);
    const on = runChanges(
      series([...times(10_000, 12), ...times(20_000, 12), ...times(30_000, 12)]),
    );
    assert.match(
      overBecause(on.changes[0] as RunChange, on.changes[1] as RunChange),
      /^Another change/,
    );
    const told = { finding_id: 'x', since: first.at, noticed_at: first.at };
    assert.ok(changeFinding(series([]), first, told).measure > 90);
    assert.ok(changeFinding(series([]), second, told).measure < -40);
  });

  it('survive everything that history may hold: gaps, nonsense, equal and reordered times', () => {
    const value = fc.oneof(
      fc.constantFrom(null, Number.NaN, Infinity, -Infinity, -5, 0, 1, 1),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
    );
    const status = fc.constantFrom('COMPLETED' as const, 'FAILED' as const, 'CANCELLED' as const);
    const point = fc.record({ value, status, started: fc.integer({ min: 0, max: 4e12 }) });
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 120 }),
        fc.constantFrom(...TREND_METRICS),
        (all, metric) => {
          const points = all.map((one, i) => ({ ...runAt(0, i), ...one }));
          const { state, note, runs, runs_needed, changes } = runChanges(
            series([], { points, metric }),
          );
          assert.equal(state === 'known', runs >= runs_needed);
          assert.equal(note === null, state === 'known');
          for (const { before, after, percent, confidence } of changes)
            assert.ok([before, after, percent ?? 0, confidence].every(Number.isFinite));
        },
      ),
      { numRuns: 200 },
    );
  });
});
