import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeriesUpdate } from '../../service/protocol/frame.ts';
import type { SeriesLine } from '../../service/protocol/series.ts';
import { merge, problem, type SeriesState } from '../../webview/seriesState.ts';

const STEP = 1_000;
const line = (points: SeriesLine['points'], labels: SeriesLine['labels'] = {}): SeriesLine => ({
  labels,
  points,
});
const update = (from: number, series: SeriesLine[], more: object = {}): SeriesUpdate => ({
  ...{ query: 'q', metric: 'm', unit: null, kind: 'gauge', aggregation: 'avg' },
  ...{ from: new Date(from).toISOString(), to: new Date(from + 60_000).toISOString() },
  ...{ step_ms: STEP, series, total: series.length, truncated: false },
  ...more,
});
const points = (state: SeriesState, index = 0): SeriesLine['points'] =>
  state.kind === 'ready' ? (state.answer.series[index]?.points ?? []) : [];

describe('a line of the series, as it grows', () => {
  it('takes new steps, and newer values of the same steps', () => {
    const first = merge(
      undefined,
      update(0, [
        line([
          [1_000, 1],
          [2_000, 2],
        ]),
      ]),
    );
    const second = merge(
      first,
      update(0, [
        line([
          [2_000, 5],
          [3_000, 3],
        ]),
      ]),
    );
    assert.deepEqual(points(second), [
      [1_000, 1],
      [2_000, 5],
      [3_000, 3],
    ]);
  });

  it('takes a late step to its place', () => {
    const first = merge(
      undefined,
      update(0, [
        line([
          [1_000, 1],
          [3_000, 3],
        ]),
      ]),
    );
    const second = merge(first, update(0, [line([[2_000, 2]])]));
    assert.deepEqual(points(second), [
      [1_000, 1],
      [2_000, 2],
      [3_000, 3],
    ]);
  });

  it('lets steps leave that are before the range, but for the one that leads into it', () => {
    const first = merge(
      undefined,
      update(0, [
        line([
          [0, 0],
          [1_000, 1],
          [2_000, 2],
        ]),
      ]),
    );
    assert.deepEqual(points(merge(first, update(2_000, []))), [
      [1_000, 1],
      [2_000, 2],
    ]);
    const gone = merge(first, update(9_000, []));
    assert.ok(gone.kind === 'ready' && gone.answer.series.length === 0);
  });

  it('keeps lines of other labels as they are, and forgets all with a reset', () => {
    const two = [line([[1_000, 1]], { host: 'a' }), line([[1_000, 2]], { host: 'b' })];
    const first = merge(undefined, update(0, two));
    const second = merge(first, update(0, [line([[2_000, 3]], { host: 'b' })]));
    assert.deepEqual(points(second, 0), [[1_000, 1]]);
    assert.deepEqual(points(second, 1), [
      [1_000, 2],
      [2_000, 3],
    ]);
    const third = merge(second, update(0, [line([[5_000, 9]], { host: 'b' })], { reset: true }));
    assert.deepEqual(points(third, 0), [[5_000, 9]]);
  });

  it('starts anew after there was nothing', () => {
    const none = problem({ query: 'q', code: 'METRIC_UNKNOWN', message: 'There is no metric.' });
    assert.deepEqual(none, { kind: 'none', message: 'Nothing was measured so far.' });
    assert.deepEqual(points(merge(none, update(0, [line([[1_000, 1]])]))), [[1_000, 1]]);
    const other = problem({ query: 'q', code: 'SERIES_LIMIT', message: 'Too many.' });
    assert.deepEqual(other, { kind: 'none', message: 'Too many.' });
  });

  it('is always the newest value of each step, in order of time', () => {
    const steps = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 0, max: 9 })), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 8 }), (updates) => {
        const newest = new Map<number, number>();
        let state: SeriesState | undefined;
        for (const one of updates) {
          const sorted = [...new Map(one)].sort(([a], [b]) => a - b);
          for (const [step, value] of sorted) newest.set(step * STEP, value);
          const told = sorted.map(([step, value]) => [step * STEP, value] as [number, number]);
          state = merge(state, update(0, [line(told)]));
        }
        const wanted = [...newest].sort(([a], [b]) => a - b);
        assert.deepEqual(state === undefined ? [] : points(state), wanted);
      }),
    );
  });
});
