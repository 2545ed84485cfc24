/** What a widget draws of the answer of the series. Pure. */
import { t } from '@vscode/l10n';
import type { SeriesAnswer, SeriesLine } from '../../../service/protocol/series.ts';
import {
  type ChartSpec,
  type Color,
  type Line,
  LINE_COLORS,
  METRIC_COLORS,
} from '../../charts/spec.ts';
import type { CustomWidget } from '../../customWidget.ts';
import type { Span } from '../../timeScale.ts';
import { withGaps } from '../shared/seriesLines.ts';
import { sayIn } from './words.ts';

/** More lines than colours cannot be told apart; more bars cannot be read. */
const MOST_LINES = LINE_COLORS.length;
const MOST_BARS = 24;
const DASHES = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]] as const;

export interface Picture {
  chart: ChartSpec;
  /** What is not drawn; empty where all of it is. */
  note: string;
}

export function picture(widget: CustomWidget, answer: SeriesAnswer, span: Span): Picture {
  const say = sayIn(answer.unit, answer.aggregation === 'rate');
  const { series } = answer;
  switch (widget.chart) {
    case 'line':
    case 'stacked': {
      const lines = series.slice(0, MOST_LINES).map((line, n) => drawn(line, n, answer.step_ms));
      const stacked = widget.chart === 'stacked';
      return { chart: { kind: 'time', lines, span, say, stacked }, note: rest(answer, MOST_LINES) };
    }
    case 'bars':
      return { chart: barsOf(series, widget, say), note: rest(answer, MOST_BARS) };
    case 'gauge':
      return { chart: gaugeOf(answer, say), note: gaugeNote(answer) };
  }
}

/** A line is called by the labels that tell it apart. */
export function nameOf({ labels }: SeriesLine): string {
  const values = Object.values(labels);
  return values.length === 0 ? t('all') : values.join(' · ');
}

function drawn(line: SeriesLine, place: number, step: number): Line {
  const dash = DASHES[Math.floor(place / 2) % DASHES.length];
  const points = withGaps(line.points, step);
  return { name: nameOf(line), color: colorAt(place), points, ...(dash && { dash }) };
}

function barsOf(
  series: readonly SeriesLine[],
  { title }: CustomWidget,
  say: ReturnType<typeof sayIn>,
): ChartSpec {
  const lines = series.slice(0, MOST_BARS);
  return {
    kind: 'bars',
    categories: lines.map(nameOf),
    bars: [{ name: title, color: METRIC_COLORS.cpu, values: lines.map(newest) }],
    horizontal: lines.length > 6,
    say,
  };
}

function gaugeOf({ series, unit }: SeriesAnswer, say: ReturnType<typeof sayIn>): ChartSpec {
  const value = series[0] === undefined ? null : newest(series[0]);
  const highest = (series[0]?.points ?? []).reduce((most, [, y]) => Math.max(most, y), value ?? 0);
  const isShare = unit === 'percent' || unit === '%';
  const max = isShare ? Math.max(100, highest) : Math.max(highest, Number.MIN_VALUE);
  return { kind: 'gauge', value, max, color: METRIC_COLORS.cpu, say };
}

function gaugeNote({ series, total, unit }: SeriesAnswer): string {
  const [first] = series;
  if (first === undefined) return '';
  const whole =
    unit === 'percent' || unit === '%' ? '' : t('A full arc is the highest of this range.');
  const one =
    total > 1
      ? t('The first of {0} series: {1}. Filter by labels for another.', total, nameOf(first))
      : '';
  return [whole, one].filter((text) => text !== '').join(' ');
}

function rest({ series, total }: SeriesAnswer, most: number): string {
  const shown = Math.min(series.length, most);
  return total > shown
    ? t('The first {0} of {1} series. Filter by labels for others.', shown, total)
    : '';
}

function newest({ points }: SeriesLine): number | null {
  return points.at(-1)?.[1] ?? null;
}

function colorAt(place: number): Color {
  return LINE_COLORS[place % LINE_COLORS.length] ?? METRIC_COLORS.other;
}
