/** Charts draw one after the other, and the page has its turn between them: all at once would be felt. */
import { inSlices } from '../slices.ts';

const waiting = new Set<() => unknown>();
let working = false;

/** Draws when it is this one's turn; a drawing that waits already is not made twice. */
export function drawSoon(draw: () => unknown): void {
  waiting.add(draw);
  if (working) return;
  working = true;
  void inSlices(taken()).finally(() => (working = false));
}

function* taken(): Generator<() => unknown> {
  for (const draw of waiting) {
    waiting.delete(draw);
    yield draw;
  }
}
