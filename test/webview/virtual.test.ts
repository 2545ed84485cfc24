import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scrollTo, topOf, windowOf } from '../../webview/virtual.ts';

const lists = fc.record({
  count: fc.integer({ min: 0, max: 10_000 }),
  rowHeight: fc.integer({ min: 1, max: 60 }),
  extras: fc
    .uniqueArray(fc.integer({ min: 0, max: 9_999 }), { maxLength: 8 })
    .map((indexes) =>
      indexes.sort((a, b) => a - b).map((index) => ({ index, height: 100 + index })),
    ),
});

describe('the rows of a long list on the screen', () => {
  it('covers the screen, keeps the height of the list, and draws few rows', () => {
    fc.assert(
      fc.property(
        lists,
        fc.integer({ min: 0, max: 500_000 }),
        fc.integer({ min: 1, max: 1000 }),
        (list, top, screen) => {
          const { start, end, before, after } = windowOf(list, top, screen);
          const total = topOf(list, list.count);
          assert.ok(0 <= start && start <= end && end <= list.count);
          assert.equal(before + (topOf(list, end) - topOf(list, start)) + after, total);
          const bottom = Math.min(total, top + screen);
          if (top < total) assert.ok(before <= top && total - after >= bottom);
          assert.ok(end - start <= Math.ceil(screen / list.rowHeight) + 2 + 16);
        },
      ),
    );
  });

  it('scrolls no further than needed to show a row', () => {
    const list = { count: 100, rowHeight: 20 };
    assert.equal(scrollTo(list, 5, 0, 200), 0);
    assert.equal(scrollTo(list, 50, 0, 200), 820);
    assert.equal(scrollTo(list, 2, 500, 200), 40);
  });
});
