import assert from 'node:assert/strict';
import { type Box, placeAt } from '../../../../webview/elements/layout/drag.ts';

const box = (left: number, top: number): Box => ({ left, top, width: 100, height: 40 });
const CARDS = [box(0, 0), box(110, 0), box(0, 50)];

describe('the place that a dragged card goes to', () => {
  it('is the card under the pointer', () => {
    assert.equal(placeAt(CARDS, 50, 20), 0);
    assert.equal(placeAt(CARDS, 150, 39), 1);
    assert.equal(placeAt(CARDS, 1, 60), 2);
  });

  it('is the nearest one between and beside them', () => {
    assert.equal(placeAt(CARDS, 107, 20), 1);
    assert.equal(placeAt(CARDS, 50, 44), 0);
    assert.equal(placeAt(CARDS, 500, 1_000), 2);
    assert.equal(placeAt(CARDS, -50, -50), 0);
  });

  it('is none where there are no cards', () => {
    assert.equal(placeAt([], 1, 1), -1);
  });
});
