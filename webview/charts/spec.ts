/**
 * What a chart shows, as data: `<pipescope-chart>` draws it, reads it out, puts it into a table and exports it. Times are
 * epoch milliseconds, `null` is a gap. Nothing here knows a canvas.
 */
import type { Span } from '../timeScale.ts';

/** A colour of the theme: the CSS variable and what stands in for it. */
export type Color = readonly [variable: `--${string}`, fallback: string];

/** How the numbers of an axis are said, with their unit: `percent`, `memory`, `duration` ... of describe.ts. */
export type Say = (value: number | null) => string;

/** What all kinds have: how their numbers are said, and in what unit the bare numbers are. */
interface Said {
  say: Say;
  /** For tables and files, such as `MB`. Known by itself where `say` is percent, memory, duration, bytes or rate of describe.ts. */
  unit?: string;
}

/** A phase (or anything else with a begin and an end) behind the lines. */
export interface Band {
  label: string;
  from: number;
  to: number;
}

/** Something that begins at a place: a vertical line with a short word. Who shows it says it in a list as well. */
export interface Sign {
  /** Epoch milliseconds; on a chart of runs the place of the first run, from 0. */
  at: number;
  label: string;
  /** Said where the sign stands, by keyboard, in tables and files; the label where it is missing. */
  detail?: string;
  /** Worse than before, better, or neither. */
  tone: 'bad' | 'good' | 'plain';
}

export interface Line {
  name: string;
  color: Color;
  points: readonly { x: number; y: number | null }[];
  /** Tells lines apart where colour does not. */
  dash?: readonly number[];
}

/** Lines against the time range of the page; crosshair and brush are shared with all other charts. */
export interface TimeChart extends Said {
  kind: 'time';
  lines: readonly Line[];
  span: Span;
  bands?: readonly Band[];
  /** Filled below and added up. */
  stacked?: boolean;
  /** Horizontal lines: a target, a usual value. */
  marks?: readonly { label: string; value: number }[];
  /** Vertical lines: what was odd, or began to be so. */
  signs?: readonly Sign[];
  /** The end of the axis for values up to this one; a round number otherwise. */
  top?: (highest: number) => number;
}

/** Values against runs, oldest first: the median and the band from p25 to p75 of those before each, a paler one from p10 to p90, and marks for what is off. */
export interface RunsChart extends Said {
  kind: 'runs';
  runs: readonly {
    label: string;
    /** Said on hover: the exact time, the status. */
    detail: string;
    value: number | null;
    median: number | null;
    low: number | null;
    high: number | null;
    /** Between which 8 of 10 runs like it lie. */
    range?: { low: number; high: number } | null;
    status: 'ok' | 'failed' | 'outlier' | 'other';
    /** The one that the page shows: it has a ring around it. */
    shown?: boolean;
    /** What a click on it leads to. */
    jobId: string | null;
  }[];
  /** From which run on it was slower or faster. */
  signs?: readonly Sign[];
  name: string;
  color: Color;
}

/** Bars from zero, one a category; several values a category stand beside each other or on each other. */
export interface BarChart extends Said {
  kind: 'bars';
  categories: readonly string[];
  bars: readonly { name: string; color: Color; values: readonly (number | null)[] }[];
  stacked?: boolean;
  horizontal?: boolean;
}

/** Distributions side by side, as boxes (p25, median, p75, whiskers of 1.5 IQR after Tukey, outliers) or as violins (Gaussian kernel). */
export interface DistributionChart extends Said {
  kind: 'box' | 'violin';
  groups: readonly { name: string; values: readonly number[] }[];
  color: Color;
}

/** One cell a pair of row and column; its shade says how much, its text the value. */
export interface HeatmapChart extends Said {
  kind: 'heatmap';
  rows: readonly string[];
  columns: readonly string[];
  /** `cells[row][column]`; null where there is nothing. */
  cells: readonly (readonly (number | null)[])[];
  /** Said of a cell beyond its value; same shape as `cells`. */
  details?: readonly (readonly string[])[];
  /** Cells with a cross, as of what failed; same shape as `cells`. */
  crossed?: readonly (readonly boolean[])[];
  color: Color;
  /** What a click on a cell leads to: this job, and in it the phase of the row. */
  jobIds?: readonly (readonly (string | null)[])[];
  phaseIds?: readonly string[];
}

/** One value between 0 and `max` as an arc. */
export interface GaugeChart extends Said {
  kind: 'gauge';
  value: number | null;
  max: number;
  /** From here on it is bad (`above`) or below here (`below`). */
  bound?: { value: number; side: 'above' | 'below' };
  color: Color;
}

export type ChartSpec =
  TimeChart | RunsChart | BarChart | DistributionChart | HeatmapChart | GaugeChart;

/** The colour of a metric is the same everywhere. */
export const METRIC_COLORS = {
  cpu: ['--vscode-charts-blue', '#3794ff'],
  memory: ['--vscode-charts-purple', '#b180d7'],
  gpu: ['--vscode-charts-green', '#89d185'],
  disk: ['--vscode-charts-orange', '#d18616'],
  network: ['--vscode-charts-yellow', '#cca700'],
  bad: ['--vscode-charts-red', '#f14c4c'],
  other: ['--vscode-charts-foreground', '#888888'],
} as const satisfies Record<string, Color>;

/** The order in which lines of one chart are coloured, where they are no metrics of their own. */
export const LINE_COLORS: readonly Color[] = [
  METRIC_COLORS.cpu,
  METRIC_COLORS.memory,
  METRIC_COLORS.gpu,
  METRIC_COLORS.disk,
  METRIC_COLORS.network,
  METRIC_COLORS.bad,
];
