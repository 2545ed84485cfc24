/** The series that show a bottleneck: what to ask for, and the charts. */
import { t } from '@vscode/l10n';
import type { Bottleneck, EvidenceSeries } from '../../../service/protocol/bottleneck.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import {
  bytes,
  duration,
  memory,
  percent,
  UNKNOWN,
  unitSign,
} from '../../../service/protocol/describe.ts';
import { LINE_COLORS, METRIC_COLORS, type Say, type TimeChart } from '../../charts/spec.ts';
import { number } from '../../format.ts';
import type { SeriesState } from '../../seriesState.ts';
import type { Span } from '../../timeScale.ts';
import { linesOf } from '../shared/seriesLines.ts';

/** What is shown: since when, until when (null: it lasts), and the value at which it begins, of the series it is of. */
export interface Shown {
  since: string;
  until: string | null;
  metric: string | null;
  threshold: number | null;
  series: readonly EvidenceSeries[];
}

export function shownNow({ since, metric, evidence, evidence_series: series }: Bottleneck): Shown {
  return { since, until: null, metric, threshold: evidence.threshold, series };
}

export function shownOf({ since, until, metric, threshold, evidence }: Finding): Shown {
  const { series } = evidence as { series?: EvidenceSeries[] };
  return { since, until, metric, threshold, series: series ?? [] };
}

/** The query of its points, without the range of time. */
export function questionOf({
  metric,
  labels,
  aggregation,
}: Omit<EvidenceSeries, 'unit' | 'title'>): string {
  const query = new URLSearchParams({ metric });
  for (const [name, value] of Object.entries(labels)) query.set(`label.${name}`, value);
  query.set('aggregation', aggregation);
  return query.toString();
}

const MINUTE_MS = 60_000;
/** As the service takes them. */
const RANGES = [
  ['5m', 5],
  ['15m', 15],
  ['1h', 60],
  ['6h', 360],
] as const;

/** Of what is over: so much of its length is shown before and after it, and so long at least. */
const AROUND = 0.5;
const LEAST_AROUND_MS = 30_000;

/** The shortest range that shows a while before it began too, the longest where none does; of what is over the time around it. */
export function evidenceRange(
  { since, until }: Pick<Shown, 'since' | 'until'>,
  now: number,
): { query: string; span: Span } {
  if (until === null) return rangeNow(since, now);
  const [begin, end] = [Date.parse(since), Date.parse(until)];
  const around = Math.max(LEAST_AROUND_MS, AROUND * (end - begin));
  const span = { from: begin - around, to: end + around };
  return { query: `from=${span.from}&to=${span.to}`, span };
}

function rangeNow(since: string, now: number): { query: string; span: Span } {
  const age = now - Date.parse(since);
  const longest = RANGES[RANGES.length - 1] ?? RANGES[0];
  const [words, minutes] = RANGES.find((one) => age < one[1] * MINUTE_MS * 0.8) ?? longest;
  return { query: `range=${words}`, span: { from: now - minutes * MINUTE_MS, to: now } };
}

const known =
  (say: (value: number) => string): Say =>
  (value) =>
    value === null ? UNKNOWN : say(value);

/** How values of a unit are said. */
export function sayIn(unit: string): Say {
  switch (unit) {
    case 'percent':
      return percent;
    case 'MB':
      return memory;
    case 'ms':
      return duration;
    case 'bytes':
      return bytes;
    case '1/s':
      return known((value) => t('{0} a second', number(value > 100 ? Math.round(value) : value)));
    case 'MB/s':
      return known((value) => t('{0} a second', memory(value)));
    case 'tasks/s':
      return known((value) => t('{0} tasks a second', number(value)));
    default:
      return (value) => `${number(value)} ${unitSign(unit)}`.trimEnd();
  }
}

export interface EvidenceChart {
  name: string;
  chart: TimeChart | null;
}

/** With the threshold where it is of this series, and the moment from which on it holds back. Null while it is asked for. */
export function evidenceChart(
  { metric, unit, title }: EvidenceSeries,
  { of, state, span }: { of: Shown; state: SeriesState; span: Span },
): EvidenceChart {
  const lines = linesOf(state, { by: '' })?.map((line, i) => ({
    ...line,
    name: title,
    color: LINE_COLORS[i] ?? METRIC_COLORS.cpu,
  }));
  if (lines === undefined) return { name: title, chart: null };
  const { threshold } = of;
  const ends = [
    { at: Date.parse(of.since), label: t('since then'), tone: 'bad' as const },
    { at: Date.parse(of.until ?? ''), label: t('over'), tone: 'plain' as const },
  ];
  return {
    name: title,
    chart: {
      ...{ kind: 'time', say: sayIn(unit), unit: unitSign(unit), lines, span },
      ...(unit === 'percent' && { top: (highest: number) => Math.max(100, highest) }),
      ...(metric === of.metric &&
        threshold !== null && { marks: [{ label: t('threshold'), value: threshold }] }),
      signs: ends.filter(({ at }) => Number.isFinite(at)),
    },
  };
}
