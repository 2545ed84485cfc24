/** The same data as a table: on the screen and in files. */
import { t } from '@vscode/l10n';
import { UNKNOWN } from '../../service/protocol/describe.ts';
import { numeral } from '../../service/protocol/intl.ts';
import { momentLabel, unitOf } from './axis.ts';
import { momentsOf, valueAt } from './moments.ts';
import { bandsAt, numberOf, signsFrom } from './reading.ts';
import type {
  BarChart,
  ChartSpec,
  DistributionChart,
  GaugeChart,
  HeatmapChart,
  RunsChart,
  TimeChart,
} from './spec.ts';
import { boxOf } from './stats.ts';

export type Cell = string | number | null;

export interface Column {
  label: string;
  /** Of bare numbers; empty for texts. */
  unit: string;
  kind: 'text' | 'time' | 'number';
}

/** Rows are made when they are asked for: there may be very many. Times are epoch milliseconds. */
export interface Table {
  columns: readonly Column[];
  count: number;
  row: (index: number) => readonly Cell[];
  /** A cell as it is read. */
  say: (cell: Cell, column: Column) => string;
}

const text = (label: string): Column => ({ label, unit: '', kind: 'text' });

export function tableOf(spec: ChartSpec): Table {
  const parts = partsOf(spec);
  const say = (cell: Cell, { kind, unit }: Column): string => {
    if (typeof cell !== 'number') return cell ?? UNKNOWN;
    if (kind === 'time' && spec.kind === 'time') return momentLabel(cell, spec.span);
    // A number without the unit of the chart counts something.
    return kind === 'number' && unit === COUNT ? numeral(cell) : spec.say(cell);
  };
  return { ...parts, say };
}

type Parts = Omit<Table, 'say'>;

/** The unit of plain counts. */
const COUNT = 'count';

function partsOf(spec: ChartSpec): Parts {
  switch (spec.kind) {
    case 'time':
      return timeTable(spec);
    case 'runs':
      return runsTable(spec);
    case 'bars':
      return barsTable(spec);
    case 'box':
    case 'violin':
      return distributionTable(spec);
    case 'heatmap':
      return heatmapTable(spec);
    case 'gauge':
      return gaugeTable(spec);
  }
}

/** Newest first: that is what is looked for. */
function timeTable(spec: TimeChart): Parts {
  const { lines, bands, span } = spec;
  const times = momentsOf(lines).filter((time) => time >= span.from && time <= span.to);
  const phases = bands !== undefined && bands.length > 0;
  return {
    columns: [
      { label: t('Time'), unit: '', kind: 'time' },
      ...(phases ? [text(t('Phase'))] : []),
      ...lines.map(({ name }): Column => ({ label: name, unit: unitOf(spec), kind: 'number' })),
    ],
    count: times.length,
    row: (index) => {
      const time = times[times.length - 1 - index] ?? NaN;
      const phase = bandsAt(bands, time);
      return [
        time,
        ...(phases ? [phase === '' ? null : phase] : []),
        ...lines.map(({ points }) => valueAt(points, time)),
      ];
    },
  };
}

function runsTable(spec: RunsChart): Parts {
  const unit = unitOf(spec);
  const number = (label: string): Column => ({ label, unit, kind: 'number' });
  const ranges = spec.runs.some(({ range }) => range !== undefined && range !== null);
  const signs = spec.signs !== undefined && spec.signs.length > 0;
  return {
    columns: [
      ...[text(t('Run')), text(t('Details')), number(spec.name)],
      ...[number(t('usual')), number(t('25 % are below')), number(t('75 % are below'))],
      ...(ranges ? [number(t('10 % are below')), number(t('90 % are below'))] : []),
      ...(signs ? [text(t('Change'))] : []),
    ],
    count: spec.runs.length,
    row: (index) => {
      const at = spec.runs.length - 1 - index;
      const run = spec.runs[at];
      if (run === undefined) return [];
      const { label, detail, value, median, low, high, range } = run;
      const wide = ranges ? [range?.low, range?.high] : [];
      return [
        ...[label, detail, ...[value, median, low, high, ...wide].map(numberOf)],
        ...(signs ? [signsFrom(spec.signs, at - 1, at)] : []),
      ];
    },
  };
}

function barsTable(spec: BarChart): Parts {
  const unit = unitOf(spec);
  return {
    columns: [
      text(t('Name')),
      ...spec.bars.map(({ name }): Column => ({ label: name, unit, kind: 'number' })),
    ],
    count: spec.categories.length,
    row: (index) => [
      spec.categories[index] ?? null,
      ...spec.bars.map(({ values }) => numberOf(values[index])),
    ],
  };
}

function distributionTable(spec: DistributionChart): Parts {
  const unit = unitOf(spec);
  const labels = [
    t('lower whisker'),
    t('25 % are below'),
    t('median'),
    t('75 % are below'),
    t('upper whisker'),
    t('average'),
  ];
  const counted = (label: string): Column => ({ label, unit: COUNT, kind: 'number' });
  return {
    columns: [
      ...[text(t('Name')), counted(t('values'))],
      ...labels.map((label): Column => ({ label, unit, kind: 'number' })),
      counted(t('outliers')),
    ],
    count: spec.groups.length,
    row: (index) => {
      const group = spec.groups[index];
      const box = boxOf(group?.values ?? []);
      const name = group?.name ?? null;
      if (box === null) return [name, 0, null, null, null, null, null, null, 0];
      const { low, p25, median, p75, high, mean, outliers } = box;
      return [name, box.count, low, p25, median, p75, high, mean, outliers.length];
    },
  };
}

function heatmapTable(spec: HeatmapChart): Parts {
  const unit = unitOf(spec);
  return {
    columns: [
      text(t('Name')),
      ...spec.columns.map((label): Column => ({ label, unit, kind: 'number' })),
    ],
    count: spec.rows.length,
    row: (index) => [
      spec.rows[index] ?? null,
      ...spec.columns.map((_, column) => numberOf(spec.cells[index]?.[column])),
    ],
  };
}

function gaugeTable(spec: GaugeChart): Parts {
  const unit = unitOf(spec);
  const { bound } = spec;
  const rows: [string, number | null][] = [
    [t('now'), numberOf(spec.value)],
    ...(bound === undefined
      ? []
      : [
          [bound.side === 'above' ? t('bad from') : t('bad below'), bound.value] as [
            string,
            number,
          ],
        ]),
    [t('at most'), spec.max],
  ];
  return {
    columns: [text(t('Name')), { label: t('Value'), unit, kind: 'number' }],
    count: rows.length,
    row: (index) => rows[index] ?? [],
  };
}
