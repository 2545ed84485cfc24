/** What the API's charts show. */
import { t } from '@vscode/l10n';
import { duration, percent } from '../../../service/protocol/describe.ts';
import type { ResponseTimes } from '../../../service/protocol/requests.ts';
import { type BarChart, METRIC_COLORS, type TimeChart } from '../../charts/spec.ts';
import { number } from '../../format.ts';
import type { SeriesState } from '../../seriesState.ts';
import type { Span } from '../../timeScale.ts';
import { lineOf, rateLines, shareLine, stepFor, together } from '../shared/seriesLines.ts';

/** The questions to the series; `label` chooses one endpoint. */
export function questionsOf(endpoint: string | null, span: Span) {
  const label = endpoint === null ? '' : `&label.endpoint=${encodeURIComponent(endpoint)}`;
  const durations = `metric=request_duration_ms${label}`;
  const times = `${durations}&group_by=*${stepFor(span)}`;
  return {
    volume: `${durations}&aggregation=count&group_by=endpoint`,
    errors: `metric=request_errors${label}&aggregation=sum&group_by=*`,
    p50: `${times}&aggregation=p50`,
    p95: `${times}&aggregation=p95`,
    p99: `${times}&aggregation=p99`,
  };
}

export type Answers = Record<keyof ReturnType<typeof questionsOf>, SeriesState>;

export function volumeChart({ volume }: Answers, span: Span): TimeChart | null {
  const lines = rateLines(volume, 'endpoint', span);
  return (
    lines && { kind: 'time', lines, span, say: perSecond, unit: t('requests/s'), stacked: true }
  );
}

export function errorChart({ errors, volume }: Answers, span: Span): TimeChart | null {
  const lines = shareLine(errors, volume, { name: t('Error rate'), span });
  return lines && { kind: 'time', lines, span, say: percent, top: shareTop };
}

export function timesChart({ p50, p95, p99 }: Answers, span: Span): TimeChart | null {
  const lines = together(lineOf(p50, 'p50', 0), lineOf(p95, 'p95', 3), lineOf(p99, 'p99', 5));
  return lines && { kind: 'time', lines, span, say: duration };
}

export function histogram(times: readonly ResponseTimes[]): BarChart {
  return {
    kind: 'bars',
    categories: times.map(({ from_ms, to_ms }) =>
      t('{0} to {1}', shortly(from_ms), shortly(to_ms)),
    ),
    bars: [
      {
        name: t('Requests'),
        color: METRIC_COLORS.cpu,
        values: times.map(({ requests }) => requests),
      },
    ],
    say: number,
    unit: t('requests'),
  };
}

/** `0.15 ms`, `20 ms`, `1.5 s`, `2 min`: edges are round numbers, and stay so. */
export function shortly(ms: number): string {
  if (ms < 1000) return `${number(ms)} ms`;
  if (ms < 60_000) return `${number(ms / 1000)} s`;
  return `${number(ms / 60_000)} min`;
}

/** Errors are few where all is well: an axis up to 100 % would hide them. */
function shareTop(highest: number): number {
  return [5, 10, 20, 50].find((top) => highest <= top) ?? 100;
}

function perSecond(value: number | null): string {
  return t('{0} /s', number(value));
}
