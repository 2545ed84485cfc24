/** Where a person is in a chart, by pointer or by keys, and the part of the time that they mark. */
import { nearestIndex } from '../../charts/moments.ts';
import type { At } from '../../charts/pictures/picture.ts';
import type { Reading } from '../../charts/reading.ts';
import type { Span } from '../../timeScale.ts';

export interface Pointing {
  at: At | null;
  /** What Shift and the arrows, or the pointer, have marked: `anchor` is where it began. Epoch milliseconds. */
  brush: { anchor: number; head: number } | null;
}

export const NOWHERE: Pointing = { at: null, brush: null };

/** The brush in order of time. */
export function spanOf({ anchor, head }: NonNullable<Pointing['brush']>): Span {
  return { from: Math.min(anchor, head), to: Math.max(anchor, head) };
}

const STEPS: Record<string, readonly [columns: number, rows: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};

/** Where a key leads: null for a key that leads nowhere. The first key begins at the newest, or at the start of names. */
export function moved(at: At | null, key: string, reading: Reading): At | null {
  const { columns, rows } = reading;
  if (columns === 0) return null;
  const last = columns - 1;
  const row = Math.min(at?.row ?? 0, Math.max(0, rows - 1));
  if (key === 'Home') return { column: 0, row };
  if (key === 'End') return { column: last, row };
  const step = STEPS[key];
  if (step === undefined) return null;
  if (at === null) return { column: reading.moments.length > 0 ? last : 0, row: 0 };
  return {
    column: Math.max(0, Math.min(last, at.column + step[0])),
    row: Math.max(0, Math.min(rows - 1, row + step[1])),
  };
}

/** The same place after the data have changed: the same moment where there is one, else the same column if it is still there. */
export function kept(at: At | null, before: Reading, after: Reading): At | null {
  if (at === null) return null;
  const row = Math.min(at.row, Math.max(0, after.rows - 1));
  const time = before.moments[at.column];
  if (time === undefined) return at.column < after.columns ? { column: at.column, row } : null;
  const column = nearestIndex(after.moments, time);
  return after.moments[column] === time ? { column, row } : null;
}
