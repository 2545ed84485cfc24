/** The series that show a bottleneck: what to ask for, and the charts. */
import { t } from '@vscode/l10n';
import type { Bottleneck, EvidenceSeries } from '../../../service/protocol/bottleneck.ts';
import { bytes, duration, memory, percent, unitSign } from '../../../service/protocol/describe.ts';
import { LINE_COLORS, METRIC_COLORS, type Say, type TimeChart } from '../../charts/spec.ts';
import { number } from '../../format.ts';
import type { SeriesState } from '../../seriesState.ts';
import type { Span } from '../../timeScale.ts';
import { linesOf } from '../shared/seriesLines.ts';

/** The query of its points, without the range of time. */
export function questionOf({ metric, labels }: Pick<EvidenceSeries, 'metric' | 'labels'>): string {
  const query = new URLSearchParams({ metric });
  for (const [name, value] of Object.entries(labels)) query.set(`label.${name}`, value);
  query.set('aggregation', 'avg');
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

/** The shortest range that shows a while before it began too; the longest where none does. */
export function evidenceRange(since: string, now: number): { words: string; span: Span } {
  const age = now - Date.parse(since);
  const longest = RANGES[RANGES.length - 1] ?? RANGES[0];
  const [words, minutes] = RANGES.find((one) => age < one[1] * MINUTE_MS * 0.8) ?? longest;
  return { words, span: { from: now - minutes * MINUTE_MS, to: now } };
}

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
  { of, state, span }: { of: Bottleneck; state: SeriesState; span: Span },
): EvidenceChart {
  const lines = linesOf(state, { by: '' })?.map((line, i) => ({
    ...line,
    name: title,
    color: LINE_COLORS[i] ?? METRIC_COLORS.cpu,
  }));
  if (lines === undefined) return { name: title, chart: null };
  const { threshold } = of.evidence;
  const since = Date.parse(of.since);
  return {
    name: title,
    chart: {
      ...{ kind: 'time', say: sayIn(unit), unit: unitSign(unit), lines, span },
      ...(unit === 'percent' && { top: (highest: number) => Math.max(100, highest) }),
      ...(metric === of.metric && { marks: [{ label: t('threshold'), value: threshold }] }),
      ...(Number.isFinite(since) && {
        signs: [{ at: since, label: t('since then'), tone: 'bad' as const }],
      }),
    },
  };
}
