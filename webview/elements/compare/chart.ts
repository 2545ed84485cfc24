import type { ComparisonPage } from '../../../service/protocol/compare.ts';
import { type BarChart, LINE_COLORS, METRIC_COLORS } from '../../charts/spec.ts';
import type { Arranged, Measure } from './arrange.ts';
import { otherName, runName, valueText } from './words.ts';

/** As many as can be told apart. */
export const MOST_BARS = 12;

/** The first phases of the table, a bar for each run beside each other, the base first. */
export function phasesChart(
  { rows }: Arranged,
  answers: readonly (ComparisonPage | undefined)[],
  measure: Measure,
): BarChart {
  const shown = rows.slice(0, MOST_BARS);
  const first = answers.find((answer) => answer !== undefined);
  const base = {
    name: first === undefined ? '' : otherName(first),
    color: METRIC_COLORS.other,
    values: shown.map((row) => row.base),
  };
  const others = answers.flatMap((answer, column) => {
    if (answer === undefined) return [];
    const values = shown.map((row) => row.cells[column]?.[measure].job ?? null);
    const color = LINE_COLORS[column % LINE_COLORS.length] ?? METRIC_COLORS.cpu;
    return [{ name: runName(answer.job), color, values }];
  });
  return {
    kind: 'bars',
    categories: shown.map(({ name }) => name),
    bars: [base, ...others],
    say: (value) => valueText(measure, value),
  };
}
