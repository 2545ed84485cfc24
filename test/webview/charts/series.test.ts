import assert from 'node:assert/strict';
import { bandsOf } from '../../../webview/charts/bands.ts';
import { nearest, pointsOf, roundMemory, summarise } from '../../../webview/charts/series.ts';
import { phase, sample } from '../../fixtures/frames.ts';

const at = (
  second: number,
  cpu?: number,
  phaseId: string | null = null,
): ReturnType<typeof sample> =>
  sample({
    time: new Date(second * 1000).toISOString(),
    phase_id: phaseId,
    ...(cpu === undefined ? {} : { cpu_percent: cpu }),
  });

describe('the line of a resource', () => {
  it('is interrupted where samples are missing', () => {
    const points = pointsOf(
      [at(1, 10), at(2, 20), at(3, 30), at(20, 40), at(21, 50)],
      'cpu_percent',
    );
    assert.deepEqual(
      points.map(({ y }) => y),
      [10, 20, 30, null, 40, 50],
    );
  });

  it('takes the whole job where it was measured, else the sum of its phases', () => {
    const points = pointsOf(
      [at(1, 10, 'P0'), at(1, 20, 'P1'), at(2, 5, 'P0'), at(2, 7)],
      'cpu_percent',
    );
    assert.deepEqual(
      points.map(({ y }) => y),
      [30, 7],
    );
  });

  it('leaves out samples of other metrics', () => {
    assert.deepEqual(pointsOf([at(1)], 'cpu_percent'), []);
    assert.deepEqual(summarise([]), { last: null, average: null, highest: null });
  });

  it('finds the point nearest to the crosshair, not the gap', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 10, y: null },
      { x: 30, y: 3 },
    ];
    assert.deepEqual(nearest(points, 12), { x: 0, y: 1 });
  });

  it('ends the memory axis at a number whose half is round', () => {
    assert.deepEqual([0, 300, 500, 1600, 2300].map(roundMemory), [16, 384, 512, 2048, 3072]);
  });
});

describe('the phases behind the line', () => {
  it('reach to now while they run, and are left out when there are too many', () => {
    const one = phase({
      phase_id: 'P0',
      status: 'RUNNING',
      started_at: new Date(1000).toISOString(),
    });
    assert.deepEqual(bandsOf([one, phase({ phase_id: 'P1' })], 5000), [
      { label: 'P0', from: 1000, to: 5000 },
    ]);
    assert.deepEqual(
      bandsOf(
        Array.from({ length: 100 }, () => one),
        5000,
      ),
      [],
    );
  });
});
