/** The values in which something was found, as a chart: the limit and the way to it, or what is usual. */
import { t } from '@vscode/l10n';
import { unitSign } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import { type Line, METRIC_COLORS, type TimeChart } from '../../charts/spec.ts';
import { signWord } from '../../findingView.ts';
import type { SeriesState } from '../../seriesState.ts';
import type { Span } from '../../timeScale.ts';
import { evidenceRange, questionOf, sayIn } from '../bottlenecks/evidence.ts';
import { linesOf } from './seriesLines.ts';

/** The query of its points, without the range of time: counts and counters are judged by how many there are a second. */
export function queryOf({ metric, unit, labels }: Finding): string {
  const name = metric ?? '';
  const counts = unit?.endsWith('/s') === true && !name.endsWith('_s');
  return questionOf({ metric: name, labels, aggregation: counts ? 'rate' : 'avg' });
}

/** The time that shows it: of what is so now up to now, and on to the limit; of what ended, that with a while around it. */
export function rangeOf(of: Finding, now: number): { query: string; span: Span } {
  const from = Date.parse(of.since) - (numberIn(of, 'span_ms') ?? 0);
  const { query, span } = evidenceRange(
    { since: new Date(from).toISOString(), until: of.until },
    now,
  );
  const to = Math.min(now + 2 * (span.to - span.from), limitAt(of) ?? now);
  return of.until === null ? { query, span: { ...span, to: Math.max(now, to) } } : { query, span };
}

/** Null while the points are asked for. */
export function foundChart(
  of: Finding,
  { state, span }: { state: SeriesState; span: Span },
): TimeChart | null {
  const lines = linesOf(state, { by: '' })?.slice(0, 1);
  if (lines === undefined) return null;
  const unit = of.unit ?? '';
  const since = Date.parse(of.since);
  const tone = of.until === null ? ('bad' as const) : ('plain' as const);
  const names = of.metric ?? '';
  return {
    ...{ kind: 'time', say: sayIn(unit), unit: unitSign(unit), span },
    lines: [...lines.map((line) => ({ ...line, name: names })), ...trendOf(of, span)],
    ...(unit === 'percent' && { top: (highest: number) => Math.max(100, highest) }),
    ...(of.threshold !== null && {
      marks: [{ label: of.kind === 'prediction' ? t('limit') : t('usual'), value: of.threshold }],
    }),
    ...(Number.isFinite(since) && { signs: [{ at: since, label: signWord(of), tone }] }),
  };
}

/** The way to the limit, if it goes on: from where the trend was seen to where it is there. */
function trendOf(of: Finding, { from, to }: Span): Line[] {
  const at = limitAt(of);
  const pace = numberIn(of, 'per_second');
  const length = numberIn(of, 'span_ms');
  if (of.until !== null || at === null || pace === null || length === null) return [];
  const limit = of.threshold ?? 0;
  const begin = Math.max(from, Date.parse(of.noticed_at) - length);
  const valueAt = (time: number): number => limit - (pace * (at - time)) / 1000;
  const times = [begin, Math.max(begin, Math.min(at, to))];
  const points = times.map((x) => ({ x, y: valueAt(x) }));
  return [{ name: t('trend'), color: METRIC_COLORS.other, dash: [4, 3], points }];
}

/** When the limit is there, epoch milliseconds; null where none is foreseen. */
function limitAt({ kind, evidence }: Finding): number | null {
  const at = kind === 'prediction' && typeof evidence['at'] === 'string' ? evidence['at'] : '';
  const time = Date.parse(at);
  return Number.isFinite(time) ? time : null;
}

function numberIn({ evidence }: Finding, field: 'span_ms' | 'per_second'): number | null {
  const value = evidence[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
