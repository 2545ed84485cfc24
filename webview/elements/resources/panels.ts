/** What is shown of a run or a machine: which metrics stand together on one chart, in what order and colours. */
import { t } from '@vscode/l10n';
import { memory, percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import { type ChartPoint, type Metric, roundMemory } from '../../charts/series.ts';
import {
  type Band,
  type Color,
  type Line,
  METRIC_COLORS,
  type Say,
  type Sign,
  type TimeChart,
} from '../../charts/spec.ts';
import type { Span } from '../../timeScale.ts';

export interface Panel {
  name: () => string;
  say: Say;
  unit: string;
  top?: (highest: number) => number;
  color: Color;
  /** Several lines of one panel are told apart by their dash. */
  lines: readonly { metric: Metric; name: () => string; dash?: readonly number[] }[];
}

const wholePercent = (highest: number): number => Math.max(100, Math.ceil(highest / 100) * 100);

/** `3.2 MB/s`. */
export function memoryRate(value: number | null): string {
  if (value === null) return UNKNOWN;
  return value === 0 ? '0 MB/s' : `${memory(value)}/s`;
}

const cpu = (): string => t('CPU');
const ram = (): string => t('Memory');
const gpu = (): string => t('GPU');
const gpuRam = (): string => t('GPU memory');

/** The order and the colours of metrics are the same everywhere. */
export const PANELS: readonly Panel[] = [
  {
    ...{ name: cpu, say: percent, unit: '%', top: wholePercent, color: METRIC_COLORS.cpu },
    lines: [{ metric: 'cpu_percent', name: cpu }],
  },
  {
    ...{ name: ram, say: memory, unit: 'MB', top: roundMemory, color: METRIC_COLORS.memory },
    lines: [{ metric: 'memory_mb', name: ram }],
  },
  {
    ...{ name: gpu, say: percent, unit: '%', top: wholePercent, color: METRIC_COLORS.gpu },
    lines: [{ metric: 'gpu_percent', name: gpu }],
  },
  {
    ...{ name: gpuRam, say: memory, unit: 'MB', top: roundMemory, color: METRIC_COLORS.gpu },
    lines: [{ metric: 'gpu_memory_mb', name: gpuRam }],
  },
  {
    ...{ name: () => t('Disk'), say: memoryRate, unit: 'MB/s', color: METRIC_COLORS.disk },
    lines: [
      { metric: 'disk_read_mb_s', name: () => t('read') },
      { metric: 'disk_write_mb_s', name: () => t('written'), dash: [5, 3] },
    ],
  },
  {
    ...{ name: () => t('Network'), say: memoryRate, unit: 'MB/s', color: METRIC_COLORS.network },
    lines: [
      { metric: 'net_in_mb_s', name: () => t('received') },
      { metric: 'net_out_mb_s', name: () => t('sent'), dash: [5, 3] },
    ],
  },
];

/** The points of a metric; undefined while they are not known yet. */
export type PointsOf = (metric: Metric) => readonly ChartPoint[] | undefined;

interface Around {
  span: Span;
  bands: readonly Band[];
  /** What was found in the points of a metric. */
  signs?: (metric: Metric) => readonly Sign[];
  /** What its values are on their way to. */
  limits?: (metric: Metric) => NonNullable<TimeChart['marks']>;
}

export interface NamedChart {
  name: string;
  /** Null while its points are being fetched. */
  chart: TimeChart | null;
}

export interface Arranged {
  charts: readonly NamedChart[];
  /** Names of the panels of which nothing was measured. */
  missing: readonly string[];
}

/** The charts of which there are values, or may be; the rest is named once. */
export function arrange(points: PointsOf, around: Around): Arranged {
  const charts: NamedChart[] = [];
  const missing: string[] = [];
  for (const panel of PANELS) {
    const all = panel.lines.map(({ metric }) => points(metric));
    const waiting = all.some((one) => one === undefined);
    if (waiting) charts.push({ name: panel.name(), chart: null });
    else if (all.every((one) => one?.length === 0)) missing.push(panel.name());
    else charts.push({ name: panel.name(), chart: chartOf(panel, points, around) });
  }
  return { charts, missing };
}

function chartOf(
  { lines, color, say, unit, top }: Panel,
  points: PointsOf,
  { signs, limits, ...around }: Around,
): TimeChart {
  return {
    ...{ kind: 'time', say, unit, ...around },
    ...(top === undefined ? {} : { top }),
    signs: lines.flatMap(({ metric }) => signs?.(metric) ?? []),
    marks: lines.flatMap(({ metric }) => limits?.(metric) ?? []),
    lines: lines.map(({ metric, name, dash }): Line => ({
      ...{ name: name(), color, points: points(metric) ?? [] },
      ...(dash === undefined ? {} : { dash }),
    })),
  };
}
