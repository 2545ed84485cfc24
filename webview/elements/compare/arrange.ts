/** Several comparisons with the same run as one table: a row a phase, a column a run. */
import type {
  ComparisonPage,
  Difference,
  PhaseComparison,
} from '../../../service/protocol/compare.ts';
import type { DiffersIn, PhaseMeasure } from '../../../service/protocol/compareMeasures.ts';

export const MEASURES = [
  ...(['time_ms', 'memory_mb', 'cpu_percent', 'throughput', 'error_count'] as const),
] as const satisfies readonly PhaseMeasure[];
export type Measure = (typeof MEASURES)[number];
export const SORTS = ['order', 'difference'] as const;
export type Sort = (typeof SORTS)[number];

export interface Row {
  phase_id: string;
  name: string;
  /** One a run that is compared; null where neither it nor the base has the phase. */
  cells: readonly (PhaseComparison | null)[];
  /** Of the run that the others are held against. */
  base: number | null;
  differs: readonly DiffersIn[];
  /** The largest of its differences, without sign. */
  largest: number;
}

export interface Arranged {
  rows: readonly Row[];
  /** The longest bar there is. */
  largest: number;
}

export interface Wish {
  measure: Measure;
  sort: Sort;
  different: boolean;
}

export function arrange(
  answers: readonly (ComparisonPage | undefined)[],
  { measure, sort, different }: Wish,
): Arranged {
  const ids = new Map<string, (PhaseComparison | null)[]>();
  for (const [column, answer] of answers.entries())
    for (const phase of answer?.phases ?? []) {
      const cells = ids.get(phase.phase_id) ?? answers.map(() => null);
      cells[column] = phase;
      ids.set(phase.phase_id, cells);
    }
  const all = [...ids].map(([phase_id, cells]) => rowOf(phase_id, cells, measure));
  const rows = different ? all.filter(({ differs }) => differs.length > 0) : all;
  // With one run the order is the service's; with more, that of the first that has the phase.
  if (sort === 'difference') rows.sort((a, b) => b.largest - a.largest);
  return { rows, largest: all.reduce((most, row) => Math.max(most, row.largest), 0) };
}

function rowOf(
  phase_id: string,
  cells: readonly (PhaseComparison | null)[],
  measure: Measure,
): Row {
  const known = cells.filter((cell) => cell !== null);
  return {
    phase_id,
    name: known[0]?.name ?? phase_id,
    cells,
    base: known.find((cell) => cell.other !== null)?.[measure].other ?? null,
    differs: [...new Set(known.flatMap(({ differs }) => differs))],
    largest: known.reduce((most, cell) => Math.max(most, Math.abs(cell[measure].delta ?? 0)), 0),
  };
}

/** How far a bar reaches to its side, percent of the half of the cell. */
export function reach({ delta }: Difference, largest: number): number {
  return delta === null || largest === 0 ? 0 : (Math.abs(delta) / largest) * 100;
}
