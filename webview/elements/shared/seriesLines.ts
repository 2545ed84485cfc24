/** Lines of charts out of answers of the series. */
import { t } from '@vscode/l10n';
import type { SeriesAnswer, SeriesLine } from '../../../service/protocol/series.ts';
import { type Line, LINE_COLORS } from '../../charts/spec.ts';
import type { SeriesState } from '../../seriesState.ts';
import type { Span } from '../../timeScale.ts';

/** More lines than colours cannot be told apart. */
const MOST_LINES = LINE_COLORS.length;
/** Steps without a value are a gap where they are longer than so many usual distances. */
const GAP = 4;
/** Counts are gathered into so many stretches: a person sees how it went, not each request. */
const MOST_BINS = 60;
const DASHES = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]] as const;

/** Quantiles of a second are those of a few values: stretches that a person can compare. */
const STEPS = [1, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600].map(
  (seconds) => seconds * 1000,
);
const QUANTILES = 60;

type Points = SeriesLine['points'];

/** `&step=5000`: for a question about quantiles over this span. */
export function stepFor({ from, to }: Span): string {
  const step = STEPS.find((one) => (to - from) / one <= QUANTILES) ?? STEPS.at(-1);
  return `&step=${step}`;
}

export interface LineOptions {
  /** The label whose value is the name of a line. */
  by: string;
  convert?: (value: number) => number;
}

/** A line for each of the first label sets; null while nothing is known. */
export function linesOf(state: SeriesState, { by, convert = same }: LineOptions): Line[] | null {
  if (state.kind === 'waiting') return null;
  if (state.kind === 'none') return [];
  const { series, step_ms: step } = state.answer;
  return series.slice(0, MOST_LINES).map((line, i) => ({
    ...look(i),
    name: nameOf(line, by),
    points: withGaps(line.points, step).map(({ x, y }) => ({
      x,
      y: y === null ? null : convert(y),
    })),
  }));
}

/** One line of a name of our own. */
export function lineOf(state: SeriesState, name: string, place: number): Line[] | null {
  const lines = linesOf(state, { by: '' });
  return lines?.slice(0, 1).map((line) => ({ ...line, ...look(place), name })) ?? null;
}

/** Several questions in one chart: null until all of them are answered. */
export function together(...lines: readonly (Line[] | null)[]): Line[] | null {
  return lines.some((one) => one === null) ? null : lines.flatMap((one) => one ?? []);
}

/** Things per second out of counts a step, in stretches of equal length; where nothing was counted it is 0. */
export function rateLines(state: SeriesState, by: string, span: Span): Line[] | null {
  if (state.kind === 'waiting') return null;
  if (state.kind === 'none') return [];
  const { answer } = state;
  const bins = binsOf(answer, span);
  const total = (line: SeriesLine): number =>
    line.points.reduce((sum, [, count]) => sum + count, 0);
  const busiest = [...answer.series].sort((a, b) => total(b) - total(a));
  const own = busiest.slice(0, busiest.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES);
  const rest = busiest.slice(own.length).flatMap(({ points }) => points);
  const lines = own.map((line) => ({ name: nameOf(line, by), points: line.points }));
  if (rest.length > 0) lines.push({ name: t('all others'), points: rest });
  return lines.map(({ name, points }, i) => ({
    ...{ name, ...look(i) },
    points: counted(points, bins).map(({ x, count }) => ({ x, y: count / secondsOf(x, bins) })),
  }));
}

/** The share of one count in another, 0-100, in stretches of equal length; a gap where there is nothing to share. */
export function shareLine(
  part: SeriesState,
  whole: SeriesState,
  { name, span }: { name: string; span: Span },
): Line[] | null {
  if (part.kind === 'waiting' || whole.kind === 'waiting') return null;
  if (whole.kind === 'none') return [];
  const bins = binsOf(whole.answer, span);
  const all = (state: SeriesState) =>
    counted(
      state.kind === 'ready' ? state.answer.series.flatMap(({ points }) => points) : [],
      bins,
    );
  const parts = all(part);
  const points = all(whole).map(({ x, count }, i) => ({
    x,
    y: count === 0 ? null : (100 * (parts[i]?.count ?? 0)) / count,
  }));
  return points.some(({ y }) => y !== null) ? [{ name, ...look(5), points }] : [];
}

/** Points with a gap where the next one comes much later than they usually do. */
export function withGaps(points: Points, step: number): { x: number; y: number | null }[] {
  const usual = Math.max(step, medianDistance(points));
  return points.flatMap(([x, y], i) => {
    const before = points[i - 1]?.[0];
    const late = before !== undefined && x - before > GAP * usual;
    return late
      ? [
          { x: before + usual, y: null },
          { x, y },
        ]
      : [{ x, y }];
  });
}

interface Bins {
  /** Milliseconds. */
  width: number;
  /** The first one, as its begin divided by the width. */
  first: number;
  count: number;
  /** What is asked for: the first and the last one are cut by it. Epoch milliseconds. */
  from: number;
  to: number;
}

function binsOf({ step_ms: step }: SeriesAnswer, { from, to }: Span): Bins {
  const width = step * Math.max(1, Math.ceil((to - from) / step / MOST_BINS));
  const first = Math.floor(from / width);
  const count = Math.max(1, Math.floor(to / width) - first + 1);
  return { width, first, count, from: Math.floor(from / step) * step, to };
}

/** A stretch that has just begun counts as half of one at least: one request in it is no burst. */
function secondsOf(begin: number, { width, from, to }: Bins): number {
  const length = Math.min(begin + width, to) - Math.max(begin, from);
  return Math.max(length, width / 2) / 1000;
}

function counted(points: Points, { width, first, count }: Bins): { x: number; count: number }[] {
  const bins = Array.from({ length: count }, (_, i) => ({ x: (first + i) * width, count: 0 }));
  for (const [time, value] of points) {
    const bin = bins[Math.floor(time / width) - first];
    if (bin !== undefined) bin.count += value;
  }
  return bins;
}

function medianDistance(points: Points): number {
  const distances = points.slice(1).map(([x], i) => x - (points[i]?.[0] ?? x));
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
}

function look(place: number): Pick<Line, 'color' | 'dash'> {
  const color = LINE_COLORS[place % LINE_COLORS.length] ?? LINE_COLORS[0];
  if (color === undefined) throw new Error('There are no colours.');
  const dash = DASHES[place % DASHES.length];
  return dash === undefined ? { color } : { color, dash };
}

function nameOf({ labels }: SeriesLine, by: string): string {
  return labels[by] ?? t('all');
}

function same(value: number): number {
  return value;
}
