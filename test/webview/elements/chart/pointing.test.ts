import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Reading } from '../../../../webview/charts/reading.ts';
import { kept, moved, spanOf } from '../../../../webview/elements/chart/pointing.ts';

const reading = (columns: number, rows: number, moments: readonly number[] = []): Reading => ({
  ...{ columns, rows, moments },
  stop: () => null,
});
const KEYS = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'PageUp',
  'PageDown',
  'Home',
  'End',
];

describe('keys on a chart', () => {
  it('begin at the newest moment, and at the first name', () => {
    assert.deepEqual(moved(null, 'ArrowLeft', reading(3, 1, [1, 2, 3])), { column: 2, row: 0 });
    assert.deepEqual(moved(null, 'ArrowRight', reading(3, 1)), { column: 0, row: 0 });
    assert.equal(moved(null, 'a', reading(3, 1)), null);
    assert.equal(moved(null, 'Home', reading(0, 1)), null);
  });

  it('stay within what there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.constantFrom(...KEYS)),
        (columns, rows, keys) => {
          let at: ReturnType<typeof moved> = null;
          for (const key of keys) {
            at = moved(at, key, reading(columns, rows));
            assert.ok(
              at !== null && at.column >= 0 && at.column < columns && at.row >= 0 && at.row < rows,
            );
          }
        },
      ),
    );
  });

  it('keep the moment when new ones come and old ones go', () => {
    const before = reading(3, 2, [1, 2, 3]);
    assert.deepEqual(kept({ column: 2, row: 1 }, before, reading(3, 2, [2, 3, 4])), {
      column: 1,
      row: 1,
    });
    assert.equal(kept({ column: 0, row: 1 }, before, reading(3, 2, [2, 3, 4])), null);
    assert.deepEqual(kept({ column: 1, row: 1 }, reading(3, 2), reading(2, 1)), {
      column: 1,
      row: 0,
    });
  });

  it('mark a part of the time in either direction', () => {
    assert.deepEqual(spanOf({ anchor: 5, head: 2 }), { from: 2, to: 5 });
  });
});
