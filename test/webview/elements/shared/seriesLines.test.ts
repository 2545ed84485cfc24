import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeriesAnswer, SeriesLine } from '../../../../service/protocol/series.ts';
import type { SeriesState } from '../../../../webview/seriesState.ts';
import {
  linesOf,
  rateLines,
  shareLine,
  stepFor,
  together,
  withGaps,
} from '../../../../webview/elements/shared/seriesLines.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function ready(series: SeriesLine[], step_ms = SECOND): SeriesState {
  const answer: SeriesAnswer = {
    ...{ metric: 'm', unit: null, kind: 'histogram', aggregation: 'count', step_ms },
    ...{ from: '', to: '', series, total: series.length, truncated: false },
  };
  return { kind: 'ready', answer };
}
const line = (name: string, points: [number, number][]): SeriesLine => ({
  labels: { endpoint: name },
  points,
});

describe('the lines of a chart', () => {
  it('are named by a label, and have a gap where values stop coming', () => {
    const times = [0, 10, 20, 30, 100, 110].map((at): [number, number] => [at * SECOND, 0.5]);
    const [found] =
      linesOf(ready([line('/a', times)]), { by: 'endpoint', convert: (y) => y * 100 }) ?? [];
    assert.equal(found?.name, '/a');
    assert.deepEqual(
      found?.points.map(({ x, y }) => [x / SECOND, y]),
      [
        [0, 50],
        [10, 50],
        [20, 50],
        [30, 50],
        [40, null],
        [100, 50],
        [110, 50],
      ],
    );
  });

  it('know waiting from nothing measured', () => {
    assert.equal(linesOf({ kind: 'waiting' }, { by: 'x' }), null);
    assert.deepEqual(linesOf({ kind: 'none', message: '' }, { by: 'x' }), []);
    assert.equal(together([], null), null);
  });

  it('keep every value where they make gaps', () => {
    const distances = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(distances, (all) => {
        let time = 0;
        const points = all.map((distance, i): [number, number] => [(time += distance), i]);
        const made = withGaps(points, SECOND);
        assert.deepEqual(
          made.flatMap(({ x, y }) => (y === null ? [] : [[x, y]])),
          points,
        );
        assert.ok(made.every(({ x }, i) => i === 0 || x > (made[i - 1]?.x ?? 0)));
      }),
    );
  });
});

describe('rates out of counts', () => {
  const span = { from: 0, to: 10 * MINUTE };

  it('have 0 where nothing came, and count everything once', () => {
    const counts = fc.uniqueArray(fc.integer({ min: 0, max: 599 }), { minLength: 1 });
    fc.assert(
      fc.property(counts, (at) => {
        const points = at.sort((a, b) => a - b).map((s): [number, number] => [s * SECOND, 2]);
        const [found] = rateLines(ready([line('/a', points)]), 'endpoint', span) ?? [];
        const made = found?.points ?? [];
        assert.ok(made.length <= 61);
        const width = ((made[1]?.x ?? 0) - (made[0]?.x ?? 0)) / SECOND;
        const sum = made.slice(0, -1).reduce((total, { y }) => total + (y ?? 0) * width, 0);
        assert.ok(Math.abs(sum - at.length * 2) < 1e-6, `${sum} of ${at.length * 2}`);
      }),
    );
  });

  it('do not take the begin of a stretch for its whole', () => {
    const [found] =
      rateLines(ready([line('/a', [[0, 8]])]), 'endpoint', { from: 0, to: 4 * SECOND }) ?? [];
    assert.deepEqual(found?.points[0], { x: 0, y: 8 });
    const long = { from: 0, to: 596 * SECOND };
    const [last] = rateLines(ready([line('/a', [[590 * SECOND, 12]])]), 'endpoint', long) ?? [];
    assert.equal(last?.points.at(-1)?.y, 12 / 6);
  });

  it('put what is beyond the colours into one line', () => {
    const many = Array.from({ length: 9 }, (_, i) => line(`/${i}`, [[0, i + 1]]));
    const found = rateLines(ready(many), 'endpoint', span) ?? [];
    assert.deepEqual(
      found.map(({ name }) => name),
      ['/8', '/7', '/6', '/5', '/4', 'all others'],
    );
    assert.equal((found.at(-1)?.points[0]?.y ?? 0) * 10, 1 + 2 + 3 + 4 - 0);
  });
});

describe('the share of one count in another', () => {
  it('is a gap where there was nothing', () => {
    const whole = ready([
      line('/a', [
        [0, 8],
        [2 * MINUTE, 4],
      ]),
    ]);
    const part = ready([line('/a', [[0, 2]])]);
    const span = { from: 0, to: 10 * MINUTE };
    const [found] = shareLine(part, whole, { name: 'x', span }) ?? [];
    const said = found?.points.filter(({ y }) => y !== null).map(({ x, y }) => [x / MINUTE, y]);
    assert.deepEqual(said, [
      [0, 25],
      [2, 0],
    ]);
  });

  it('is 0 where no part was ever counted', () => {
    const whole = ready([line('/a', [[0, 8]])]);
    const span = { from: 0, to: MINUTE };
    const [found] = shareLine({ kind: 'none', message: '' }, whole, { name: 'x', span }) ?? [];
    assert.equal(found?.points[0]?.y, 0);
  });
});

describe('the step of quantiles', () => {
  it('makes at most sixty of them, and changes seldom', () => {
    assert.equal(stepFor({ from: 0, to: 4 * MINUTE }), '&step=5000');
    assert.equal(stepFor({ from: 0, to: 60 * MINUTE }), '&step=60000');
    assert.equal(stepFor({ from: 0, to: 30 * 24 * 60 * MINUTE }), '&step=86400000');
  });
});
