import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LEAST_VALUES, changePoints } from '../../../../service/analysis/changes/changePoints.ts';
import { studentP } from '../../../../service/analysis/changes/student.ts';
import { wobble } from '../../../support/pipelineRuns.ts';

const level = (value: number, length: number, from = 0) =>
  Array.from({ length }, (_, i) => value * (1 + 0.03 * wobble(i + from)));
const places = (values: readonly number[]) => changePoints(values).map(({ at }) => at);

/** Finite values of any size, with repeats. */
const anySeries = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
    fc.constantFrom(0, 1, 1, 1e-9, 1e12),
  ),
  { maxLength: 150 },
);

describe('change points', () => {
  it('are found where a level begins, up and down', () => {
    assert.deepEqual(places([...level(100, 20), ...level(148, 12, 20)]), [20]);
    assert.deepEqual(
      places([...level(100, 15), ...level(60, 15, 15), ...level(100, 15, 30)]),
      [15, 30],
    );
  });

  it('come with the medians of both levels and how likely they are chance', () => {
    const [point] = changePoints([...Array<number>(10).fill(12.1), ...Array<number>(8).fill(17.9)]);
    assert.deepEqual(point, { at: 10, chance: 0, before: 12.1, after: 17.9 });
  });

  it('are not made of spikes, of up to three values in a row', () => {
    const values = level(100, 40);
    values[12] = 900;
    for (const at of [25, 26, 27]) values[at] = 700;
    assert.deepEqual(places(values), []);
  });

  it('are none in a constant, an empty and a short series', () => {
    for (const values of [[], [1], [1, 2], level(5, 7), Array<number>(100).fill(3)])
      assert.deepEqual(places(values), []);
  });

  it('are left out where the step does not matter', () => {
    const values = [...level(100, 30), ...level(104, 30, 30), ...level(150, 30, 60)];
    const matters = (before: number, after: number) => Math.abs(after - before) > 20;
    assert.deepEqual(
      changePoints(values, matters).map(({ at }) => at),
      [60],
    );
  });

  it('are the same for the same series, in order, with whole numbers for numbers', () => {
    fc.assert(
      fc.property(anySeries, (values) => {
        const found = changePoints(values);
        assert.deepEqual(changePoints([...values]), found);
        found.forEach(({ at, chance, before, after }, i) => {
          assert.ok(at > (found[i - 1]?.at ?? 0) && at < values.length);
          assert.ok(chance >= 0 && chance < 0.05 && Number.isFinite(before + after));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('do not depend on the unit', () => {
    const values = [...level(100, 20), ...level(148, 12, 20)];
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (unit) => {
        assert.deepEqual(places(values.map((value) => value * unit)), [20]);
      }),
      { numRuns: 30 },
    );
  });

  it('need as many values after the step as a level has, and no more', () => {
    const before = level(100, 12);
    assert.deepEqual(places([...before, ...level(200, LEAST_VALUES, 12)]), [12]);
    assert.deepEqual(places([...before, 200, 201]), []);
  });
});

describe("Student's t", () => {
  it('has the probabilities of the tables', () => {
    for (const [t, freedom, p] of [
      [2.228, 10, 0.05],
      [12.706, 1, 0.05],
      [3.291, 1000, 0.001],
      [0, 5, 1],
    ] as const)
      assert.ok(Math.abs(studentP(t, freedom) - p) < 0.0005 + p * 0.05, `${t} ${freedom}`);
  });
});
