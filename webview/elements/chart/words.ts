import { t } from '@vscode/l10n';
import { cut } from '../../charts/pictures/cut.ts';
import type { ChartSpec } from '../../charts/spec.ts';

/** More of a name is not read out. */
const LONGEST_NAME = 200;

/** What a chart is called where it cannot be seen: its name, what it is drawn against, and its numbers. */
export function summary(name: string, spec: ChartSpec, numbers: string): string {
  const what = against(cut(name, LONGEST_NAME), spec);
  const all = numbers === '' ? what : t('{0}: {1}', what, numbers);
  return t('{0}. The arrow keys read its values.', all);
}

function against(name: string, spec: ChartSpec): string {
  switch (spec.kind) {
    case 'time':
      return t('{0} against time', name);
    case 'runs':
      return t('{0} by run', name);
    case 'bars':
      return t('{0} as bars', name);
    case 'box':
    case 'violin':
      return t('{0} as distributions', name);
    case 'heatmap':
      return t('{0} as a grid', name);
    case 'gauge':
      return t('{0} as a gauge', name);
  }
}

/** Pixels that a chart takes, the same before its data are here. */
export function heightOf(spec: ChartSpec | null): number {
  switch (spec?.kind) {
    case 'heatmap':
      return rowsHeight(spec.rows.length, 28);
    case 'bars':
      return spec.horizontal === true ? rowsHeight(spec.categories.length, 24) : 160;
    case 'runs':
    case 'box':
    case 'violin':
      return 200;
    default:
      return 140;
  }
}

/** Rows and the axis below, within reason. */
function rowsHeight(rows: number, each: number): number {
  return Math.max(120, Math.min(520, rows * each + 40));
}
