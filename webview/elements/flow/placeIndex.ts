/** Finds what lies in a part of the graph without looking at the rest. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Pixels of a cell: some nodes lie in one. */
const CELL = 512;
/** What spans more cells than these is looked at every time: there are few of them. */
const WIDE = 64;

export class PlaceIndex {
  readonly #rects: readonly Rect[];
  readonly #cells = new Map<string, number[]>();
  readonly #wide: number[] = [];

  constructor(rects: readonly Rect[]) {
    this.#rects = rects;
    rects.forEach((rect, index) => this.#add(rect, index));
  }

  /** Indexes of what touches the rectangle, ascending. */
  within(rect: Rect): number[] {
    const found = new Set<number>();
    const check = (index: number): void => {
      if (touches(this.#rects[index] as Rect, rect)) found.add(index);
    };
    this.#wide.forEach(check);
    const { left, right, top, bottom } = cellsOf(rect);
    // A view of everything has more cells than there are things.
    if ((right - left + 1) * (bottom - top + 1) > this.#cells.size)
      for (const cell of this.#cells.values()) cell.forEach(check);
    else
      for (let column = left; column <= right; column++)
        for (let row = top; row <= bottom; row++)
          this.#cells.get(`${column},${row}`)?.forEach(check);
    return [...found].sort((a, b) => a - b);
  }

  /** What lies at a point. */
  at(x: number, y: number): number | undefined {
    return this.within({ x, y, width: 0, height: 0 })[0];
  }

  #add(rect: Rect, index: number): void {
    const { left, right, top, bottom } = cellsOf(rect);
    if ((right - left + 1) * (bottom - top + 1) > WIDE) {
      this.#wide.push(index);
      return;
    }
    for (let column = left; column <= right; column++)
      for (let row = top; row <= bottom; row++) {
        const key = `${column},${row}`;
        const cell = this.#cells.get(key);
        if (cell) cell.push(index);
        else this.#cells.set(key, [index]);
      }
  }
}

export function touches(a: Rect, b: Rect): boolean {
  return (
    a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height
  );
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

/** The part of the first that lies in the second; of no size where there is none. */
export function clip(rect: Rect, to: Rect): Rect {
  const [x, y] = [Math.max(rect.x, to.x), Math.max(rect.y, to.y)];
  return {
    ...{ x, y },
    width: Math.max(0, Math.min(rect.x + rect.width, to.x + to.width) - x),
    height: Math.max(0, Math.min(rect.y + rect.height, to.y + to.height) - y),
  };
}

export function scaledBy({ x, y, width, height }: Rect, scale: number): Rect {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}

export function sidesOf({ x, y, width, height }: Rect): readonly number[] {
  return [x, y, width, height];
}

/** As CSS of something that is placed absolutely. */
export function placeOf({ x, y, width, height }: Rect): Record<string, string> {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}

function cellsOf({ x, y, width, height }: Rect) {
  const [left, top] = [Math.floor(x / CELL), Math.floor(y / CELL)];
  return {
    left,
    top,
    right: Math.floor((x + width) / CELL),
    bottom: Math.floor((y + height) / CELL),
  };
}
