import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pan, ticks, toPixels, toTime, zoom } from '../../webview/timeScale.ts';

const whole = { from: 0, to: 120_000 };
const inside = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 20, max: 20_000 }))
  .map(([from, length]) => ({ from, to: from + length }));

describe('time against pixels', () => {
  it('stands at round times, never closer than asked for', () => {
    assert.deepEqual(ticks(whole, 540), [0, 30_000, 60_000, 90_000, 120_000]);
    fc.assert(
      fc.property(inside, fc.integer({ min: 100, max: 3000 }), (shown, width) => {
        const places = ticks(shown, width).map((time) => toPixels(time, shown, width));
        for (let n = 1; n < places.length; n++)
          assert.ok((places[n] ?? 0) - (places[n - 1] ?? 0) >= 89.9);
      }),
    );
  });

  it('finds the time under a pixel', () => {
    fc.assert(
      fc.property(inside, fc.integer({ min: 0, max: 900 }), (shown, pixel) => {
        assert.ok(Math.abs(toPixels(toTime(pixel, shown, 900), shown, 900) - pixel) < 1e-6);
      }),
    );
  });

  it('zooms around a time that stays in its place, within the whole', () => {
    const closer = zoom({ from: 40_000, to: 80_000 }, whole, 2, 50_000);
    assert.deepEqual(closer, { from: 45_000, to: 65_000 });
    assert.equal(zoom({ from: 40_000, to: 80_000 }, whole, 0.1, 50_000), null);
  });

  it('moves, but never out of the whole', () => {
    assert.deepEqual(pan({ from: 0, to: 10_000 }, whole, -1), { from: 0, to: 10_000 });
    assert.deepEqual(pan({ from: 0, to: 10_000 }, whole, 100), { from: 110_000, to: 120_000 });
  });
});
