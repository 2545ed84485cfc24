/** Where the arrow keys lead in a drawing. */
import type { Drawing } from './drawing.ts';
import type { Rect } from './placeIndex.ts';

type Side = readonly [x: -1 | 0 | 1, y: -1 | 0 | 1];
const SIDES: Partial<Record<string, Side>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The item that a key leads to: with the direction of the graph along an edge, across it to what lies nearest there. Home
 * and End lead to the first and the last. Undefined where nothing is.
 */
export function neighbour(drawing: Drawing, from: number, key: string): number | undefined {
  const { items } = drawing.visible;
  if (key === 'Home') return items.length === 0 ? undefined : 0;
  if (key === 'End') return items.length === 0 ? undefined : items.length - 1;
  const side = SIDES[key];
  if (side === undefined) return undefined;
  const along = drawing.direction === 'LR' ? side[0] : side[1];
  return alongEdge(drawing, from, along) ?? nearest(drawing.rects, from, side);
}

/** Of several the one that lies nearest; of what depends on it, and what it depends on. */
function alongEdge(
  { visible, rects }: Drawing,
  from: number,
  along: -1 | 0 | 1,
): number | undefined {
  if (along === 0) return undefined;
  const linked = (along > 0 ? visible.after : visible.before)[from] ?? [];
  const here = rects[from];
  if (here === undefined) return undefined;
  return least(linked, (item) => distance(here, rects[item] as Rect));
}

/** What lies on that side; what is aside counts three times. */
function nearest(rects: readonly Rect[], from: number, [x, y]: Side): number | undefined {
  const here = rects[from];
  if (here === undefined) return undefined;
  const ahead = (item: number): number => {
    const [dx, dy] = offset(here, rects[item] as Rect);
    const forward = dx * x + dy * y;
    return item === from || forward < 1 ? Infinity : forward + 3 * Math.abs(dx * y + dy * x);
  };
  const found = least([...rects.keys()], ahead);
  return found === undefined || ahead(found) === Infinity ? undefined : found;
}

function least(items: readonly number[], of: (item: number) => number): number | undefined {
  let [best, value]: [number | undefined, number] = [undefined, Infinity];
  for (const item of items) {
    const own = of(item);
    if (best === undefined || own < value) [best, value] = [item, own];
  }
  return best;
}

function distance(a: Rect, b: Rect): number {
  const [x, y] = offset(a, b);
  return Math.hypot(x, y);
}

/** From middle to middle. */
function offset(a: Rect, b: Rect): [number, number] {
  return [b.x + b.width / 2 - a.x - a.width / 2, b.y + b.height / 2 - a.y - a.height / 2];
}
