/** Where a card that is dragged goes: pure, in pixels of the page. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The place of the card under the pointer; between cards, the place of the nearest one. `boxes` are all cards in their
 * order, -1 means that there are none.
 */
export function placeAt(boxes: readonly Box[], x: number, y: number): number {
  let nearest = -1;
  let least = Infinity;
  for (const [index, box] of boxes.entries()) {
    const across = Math.max(box.left - x, 0, x - box.left - box.width);
    const down = Math.max(box.top - y, 0, y - box.top - box.height);
    const distance = Math.hypot(across, down);
    if (distance >= least) continue;
    least = distance;
    nearest = index;
  }
  return nearest;
}
