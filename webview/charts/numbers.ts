/** The numbers that matter, beside the name of a chart: said even to those who see no chart. */
import { t } from '@vscode/l10n';
import { count } from '../../service/protocol/describe.ts';
import { isValue } from './moments.ts';
import { numberOf } from './reading.ts';
import { summarise } from './series.ts';
import type { BarChart, ChartSpec, HeatmapChart, RunsChart, TimeChart } from './spec.ts';
import { boxOf, quantile, sorted } from './stats.ts';

/** `now 41 %`, `average 30 %`, `highest 93 %`. `live`: the last value is of now. Empty where nothing is to be said. */
export function numbersOf(spec: ChartSpec, live: boolean): string[] {
  switch (spec.kind) {
    case 'time':
      return timeNumbers(spec, live);
    case 'runs':
      return runNumbers(spec);
    case 'bars':
      return barNumbers(spec);
    case 'box':
    case 'violin':
      return spec.groups.length === 1
        ? [t('median {0}', spec.say(boxOf(spec.groups[0]?.values ?? [])?.median ?? null))]
        : [];
    case 'heatmap':
      return heatmapNumbers(spec);
    case 'gauge':
      return [spec.say(numberOf(spec.value))];
  }
}

/** True where a chart has no value at all. */
export function isEmpty(spec: ChartSpec): boolean {
  switch (spec.kind) {
    case 'time':
      return !spec.lines.some(({ points }) => points.some(({ y }) => isValue(y)));
    case 'runs':
      return !spec.runs.some(({ value }) => isValue(value));
    case 'bars':
      return !spec.bars.some(({ values }) => values.some(isValue));
    case 'box':
    case 'violin':
      return !spec.groups.some(({ values }) => values.some(isValue));
    case 'heatmap':
      return !spec.cells.some((row) => row.some(isValue));
    case 'gauge':
      return !isValue(spec.value);
  }
}

function timeNumbers({ lines, say, span }: TimeChart, live: boolean): string[] {
  const [only] = lines;
  if (only === undefined || lines.length > 1) return [];
  const within = only.points.filter(({ x, y }) => x >= span.from && x <= span.to && isValue(y));
  const { last, average, highest } = summarise(within);
  return [
    live ? t('now {0}', say(last)) : t('last {0}', say(last)),
    t('average {0}', say(average)),
    t('highest {0}', say(highest)),
  ];
}

function runNumbers({ runs, say }: RunsChart): string[] {
  const values = runs.map(({ value }) => value).filter(isValue);
  if (values.length === 0) return [];
  const median = quantile(sorted(values), 0.5);
  const runCount = count(values.length, t('{0} run'), t('{0} runs'));
  return [runCount, t('last {0}', say(values.at(-1) ?? null)), t('median {0}', say(median))];
}

function barNumbers({ categories, bars, say, stacked }: BarChart): string[] {
  let best: { name: string; value: number } | null = null;
  for (const [index, category] of categories.entries()) {
    const values = bars.map(({ values }) => values[index]).filter(isValue);
    if (values.length === 0) continue;
    const value = stacked === true ? values.reduce((a, b) => a + b) : Math.max(...values);
    if (best === null || value > best.value) best = { name: category, value };
  }
  return best === null ? [] : [t('highest {0}: {1}', say(best.value), best.name)];
}

function heatmapNumbers({ cells, rows, columns, say }: HeatmapChart): string[] {
  let best: { row: number; column: number; value: number } | null = null;
  cells.forEach((line, row) =>
    line.forEach((value, column) => {
      if (isValue(value) && (best === null || value > best.value)) best = { row, column, value };
    }),
  );
  const most = best as { row: number; column: number; value: number } | null;
  if (most === null) return [];
  const where = `${rows[most.row] ?? ''}, ${columns[most.column] ?? ''}`;
  return [t('highest {0}: {1}', say(most.value), where)];
}
