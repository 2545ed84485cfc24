/** Which rows of a long list are on the screen. Rows have one height; some have something taller opened below them. */

export interface List {
  count: number;
  /** Pixels. */
  rowHeight: number;
  /** What is opened below rows, in order of `index`. */
  extras?: readonly { index: number; height: number }[];
}

export interface Window {
  /** First row to draw. */
  start: number;
  /** First row not to draw any more. */
  end: number;
  /** Pixels of what is left out above and below. */
  before: number;
  after: number;
}

/** Rows drawn beyond each edge, so that scrolling shows no blank. */
const SPARE = 8;

/** While the page is copied lists draw this many rows from their begin, wherever they are scrolled to; otherwise 0. */
let copied = 0;

export function setCopiedRows(rows: number): void {
  copied = rows;
}

/** Rows that have to be here: those that are looked at, and while the page is copied more. */
export function wantedRows(looked: number): number {
  return Math.max(looked, copied);
}

export function windowOf(list: List, scrollTop: number, viewport: number): Window {
  const top = (row: number): number => topOf(list, row);
  const total = top(list.count);
  if (copied > 0) {
    const rows = Math.min(list.count, copied);
    return { start: 0, end: rows, before: 0, after: total - top(rows) };
  }
  const start = Math.max(0, firstWhere(list.count, (row) => top(row + 1) > scrollTop) - SPARE);
  const past = firstWhere(list.count, (row) => top(row) >= scrollTop + viewport);
  const end = Math.min(list.count, Math.max(past, start) + SPARE);
  return { start, end, before: top(start), after: total - top(end) };
}

/** Pixels from the top of the list to a row; `count` gives the height of the list. */
export function topOf({ rowHeight, extras = [] }: List, row: number): number {
  let top = row * rowHeight;
  for (const extra of extras) {
    if (extra.index >= row) break;
    top += extra.height;
  }
  return top;
}

/** The scroll position that shows a row, changed as little as possible. */
export function scrollTo(list: List, row: number, scrollTop: number, viewport: number): number {
  const top = topOf(list, row);
  if (top < scrollTop) return top;
  const bottom = top + list.rowHeight;
  return bottom > scrollTop + viewport ? bottom - viewport : scrollTop;
}

/** The smallest row for which the condition holds; it holds for all after it. `count` when for none. */
function firstWhere(count: number, holds: (row: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
