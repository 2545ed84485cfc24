/** Which phases of a long job show their sub-phases. */
import type { View } from '../../view.ts';
import type { Row } from './bars.ts';

/** Phases folded or unfolded one by one that are remembered; the oldest is forgotten first. */
const MOST_EXCEPTIONS = 1_000;

/** Folds or unfolds one phase. */
export function toggled({ shown, except }: View['subPhases'], phaseId: string): View['subPhases'] {
  const others = except.filter((id) => id !== phaseId);
  if (others.length < except.length) return { shown, except: others };
  return { shown, except: [...others, phaseId].slice(-MOST_EXCEPTIONS) };
}

/** What all rows can do together: `show` until every phase is open; null where there is nothing to fold. */
export function foldingOf(rows: readonly Row[]): 'show' | 'hide' | null {
  const folds = rows.map(openOf).filter((open) => open !== null);
  if (folds.length === 0) return null;
  return folds.every(Boolean) ? 'hide' : 'show';
}

/** Whether the sub-phases of a row are shown; null where it has nothing to fold. */
export function openOf(row: Row | undefined): boolean | null {
  return row?.kind === 'phase' ? row.open : null;
}

/** The place of a row among others; of its phase when it is folded away; the first when that is gone too. */
export function placeOf(row: Row | undefined, rows: readonly Row[]): number {
  if (row === undefined) return 0;
  const place = rows.findIndex(({ id }) => id === row.id);
  if (place >= 0) return place;
  return Math.max(
    0,
    rows.findIndex(({ id }) => id === row.phase.phase_id),
  );
}
