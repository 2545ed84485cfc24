import type { BarElement, Chart, ChartDataset } from 'chart.js';
import type { ChartTheme } from '../chartTheme.ts';
import { isValue } from '../moments.ts';
import type { BarChart } from '../spec.ts';
import {
  type At,
  fixedWidth,
  inside,
  LEFT,
  nameAxis,
  partAt,
  type Picture,
  type Place,
  PLAIN,
  valueAxis,
} from './picture.ts';

/** Room for names at the left, where bars lie. */
const NAMES = 120;

/** Bars from zero; hatched in high contrast. */
export function barsPicture(spec: BarChart, theme: ChartTheme): Picture {
  const lying = spec.horizontal === true;
  const along = lying ? 'y' : 'x';
  const across = lying ? 'x' : 'y';
  const stacked = spec.stacked === true;
  const values = {
    ...valueAxis({ ...spec, ...extent(spec) }, theme),
    stacked,
    ...(lying ? {} : { afterFit: fixedWidth(LEFT) }),
  };
  const names = { ...nameAxis(spec.categories, theme), stacked };
  const wide = lying
    ? { afterFit: (scale: { width: number }) => (scale.width = Math.min(scale.width, NAMES)) }
    : {};
  return {
    config: {
      type: 'bar',
      data: {
        labels: spec.categories.map((name, index) => `${index} ${name}`),
        datasets: spec.bars.map((bar, row) => dataset({ bar, row }, spec, theme)),
      },
      options: {
        ...PLAIN,
        parsing: {},
        indexAxis: along,
        scales: { [along]: { ...names, ...wide }, [across]: values },
      },
    },
    place: (chart, { column, row }) => {
      return centerOf(chart, { column, row });
    },
    find: (chart, place) => {
      if (!inside(chart, place) || spec.categories.length === 0) return null;
      const column = partAt(chart, place, along, spec.categories.length);
      const apart = spec.bars.map((_, row) => {
        const center = centerOf(chart, { column, row });
        if (center === null || !isValue(spec.bars[row]?.values[column])) return Infinity;
        const side = stacked ? across : along;
        return Math.abs(center[side] - place[side]);
      });
      return { column, row: Math.max(0, apart.indexOf(Math.min(...apart))) };
    },
  };
}

function centerOf(chart: Chart, { column, row }: At): Place | null {
  const bar = chart.getDatasetMeta(row).data[column] as BarElement | undefined;
  const { x, y } = bar?.getCenterPoint(true) ?? { x: null, y: null };
  return x === null || y === null ? null : { x, y };
}

function dataset(
  { bar, row }: { bar: BarChart['bars'][number]; row: number },
  spec: BarChart,
  theme: ChartTheme,
): ChartDataset<'bar', (number | null)[]> {
  const color = theme.color(bar.color);
  return {
    data: spec.categories.map((_, index) => {
      const value = bar.values[index];
      return isValue(value) ? value : null;
    }),
    backgroundColor: theme.area(bar.color, row),
    ...{
      borderColor: color,
      borderWidth: theme.contrast ? 1 : 0,
      maxBarThickness: 48,
      minBarLength: 1,
    },
  };
}

function extent(spec: BarChart): { low: number; high: number } {
  const sums = spec.categories.map((_, index) => {
    const values = spec.bars.map((bar) => bar.values[index]).filter(isValue);
    if (spec.stacked !== true) return values;
    const add = (some: number[]): number => some.reduce((a, b) => a + b, 0);
    return [add(values.filter((value) => value > 0)), add(values.filter((value) => value < 0))];
  });
  const all = sums.flat();
  return {
    low: all.reduce((a, b) => Math.min(a, b), 0),
    high: all.reduce((a, b) => Math.max(a, b), 0),
  };
}
