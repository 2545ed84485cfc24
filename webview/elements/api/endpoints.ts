/** Endpoints as rows, and what stands out among them. */
import { t } from '@vscode/l10n';
import { duration, percent } from '../../../service/protocol/describe.ts';
import type { EndpointFigures } from '../../../service/protocol/requests.ts';
import { number } from '../../format.ts';

export const COLUMNS = [
  'endpoint',
  'requests',
  'rate',
  'p50',
  'p95',
  'p99',
  'max',
  'errors',
  'share',
] as const;
export type Column = (typeof COLUMNS)[number];

interface Said {
  title: string;
  hint: string;
  value: (row: EndpointFigures) => number | string | null;
  text: (row: EndpointFigures) => string;
}

/** What a column says; made anew each time, because the language is set late. */
export function columnOf(column: Column): Said {
  return TEXTS[column]();
}

const TEXTS: Record<Column, () => Said> = {
  endpoint: () => ({
    ...{ title: t('Endpoint'), hint: t('As it was reported') },
    value: (row) => row.endpoint,
    text: (row) => row.endpoint,
  }),
  requests: () => of(t('Requests'), t('In the time that is shown'), (row) => row.requests, number),
  rate: () =>
    of(
      t('Per minute'),
      t('Average of the time that is shown'),
      (row) => row.requests_per_minute,
      perMinute,
    ),
  p50: () =>
    of('p50', t('Half are answered in this time'), (row) => row.p50_response_time_ms, duration),
  p95: () =>
    of(
      'p95',
      t('All but 5 % are answered in this time'),
      (row) => row.p95_response_time_ms,
      duration,
    ),
  p99: () =>
    of(
      'p99',
      t('All but 1 % are answered in this time'),
      (row) => row.p99_response_time_ms,
      duration,
    ),
  max: () => of(t('Slowest'), t('The slowest answer'), (row) => row.max_response_time_ms, duration),
  errors: () => of(t('Errors'), t('Answers with status 500 and more'), (row) => row.errors, number),
  share: () =>
    of(
      t('Error rate'),
      t('Share of answers with status 500 and more'),
      (row) => row.error_rate_percent,
      percent,
    ),
};

function of(
  title: string,
  hint: string,
  value: (row: EndpointFigures) => number | null,
  say: (value: number | null) => string,
): Said {
  return { title, hint, value, text: (row) => say(value(row)) };
}

/** `12.5 /min`. */
export function perMinute(value: number | null): string {
  return t('{0} /min', number(value === null ? null : Math.round(value * 10) / 10));
}

export interface Order {
  column: Column;
  descending: boolean;
}

export const USUAL: Order = { column: 'requests', descending: true };

export function listEndpoints(
  rows: readonly EndpointFigures[],
  text: string,
  { column, descending }: Order,
): EndpointFigures[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const { value } = columnOf(column);
  const sign = descending ? -1 : 1;
  return rows
    .filter(({ endpoint }) => words.every((word) => endpoint.toLowerCase().includes(word)))
    .map((row) => ({ row, key: value(row) ?? -1 }))
    .sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0))
    .map(({ row }) => row);
}

export interface Standing {
  endpoint: string;
  text: string;
}

/** The slowest by p95, and the one that fails most often; none where there is nothing to say. */
export function standingOut(rows: readonly EndpointFigures[]): {
  slowest: Standing | null;
  failing: Standing | null;
} {
  const [slow] = listEndpoints(rows, '', { column: 'p95', descending: true });
  const [fail] = listEndpoints(rows, '', { column: 'share', descending: true });
  return {
    slowest:
      slow === undefined || slow.p95_response_time_ms === null
        ? null
        : { endpoint: slow.endpoint, text: duration(slow.p95_response_time_ms) },
    failing:
      fail === undefined || fail.errors === 0
        ? null
        : { endpoint: fail.endpoint, text: percent(fail.error_rate_percent) },
  };
}
