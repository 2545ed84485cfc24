import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Schedule, type Step, lengthOf } from '../../../../service/analysis/expected/schedule.ts';

/** The same rule step by step, without anything that makes it quick. */
function slowly(steps: readonly Step[], parallel: number): number {
  const ends = steps.map(({ left }) => left);
  const free = Array<number>(Math.max(1, Math.min(parallel, steps.length))).fill(0);
  const take = (until: number): void => {
    free.sort((a, b) => a - b);
    free[0] = until;
  };
  for (const { left } of steps) if (left !== null) take(Math.max(left, Math.min(...free)));
  for (;;) {
    const open = [...steps.keys()].filter((at) => ends[at] === null);
    if (open.length === 0) return Math.max(0, ...ends.map((end) => end ?? 0));
    const readyAt = (at: number): number =>
      (steps[at]?.after ?? []).reduce((latest, other) => {
        const end = ends[other];
        return Math.max(latest, end === undefined ? 0 : (end ?? Infinity));
      }, 0);
    const [first = 0] = [...open].sort((a, b) => readyAt(a) - readyAt(b) || a - b);
    const ready = Number.isFinite(readyAt(first)) ? readyAt(first) : 0;
    const { waits = 0, takes = 0 } = steps[first] ?? {};
    ends[first] = Math.max(ready + waits, Math.min(...free)) + takes;
    take(ends[first] ?? 0);
  }
}

const ms = fc.integer({ min: 0, max: 1000 });
const anySteps = fc.array(
  fc.record({
    after: fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 4 }),
    left: fc.option(ms, { freq: 3 }),
    takes: ms,
    waits: fc.integer({ min: -200, max: 200 }),
  }),
  { maxLength: 12 },
);

describe('the layout of steps', () => {
  it('is that of the rule, whatever waits for what, circles and steps that are not there too', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 0, max: 5 }), (steps, parallel) => {
        assert.equal(lengthOf(steps, parallel), slowly(steps, parallel));
      }),
    );
  });

  it('is made again with another length of one step, as if it had been so', () => {
    fc.assert(
      fc.property(anySteps, ms, (steps, takes) => {
        const schedule = new Schedule(steps);
        for (const at of steps.keys()) {
          const changed = steps.map((step, place) => (place === at ? { ...step, takes } : step));
          assert.equal(schedule.length(3, at, takes), lengthOf(changed, 3));
        }
      }),
    );
  });
});
