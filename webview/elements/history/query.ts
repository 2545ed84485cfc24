/** The filter of History as the service takes it. */
import type { JobOrder } from '../../../service/protocol/states.ts';
import { EVERY_RUN, type RunFilter } from '../../historyView.ts';

const DAY_MS = 86_400_000;
/** What "the last days" mean does not move with every second: an address that stays the same is not asked for again. */
const STEP_MS = 60_000;

/** Pinned at `until` (epoch milliseconds): runs that start later do not push the others down. */
export function queryOf(filter: RunFilter, until: number): string {
  const query = new URLSearchParams();
  const { text, statuses, pipeline, kind } = filter;
  if (text.trim() !== '') query.set('text', text.trim());
  if (statuses.length > 0) query.set('status', statuses.join(','));
  if (pipeline !== null) query.set('pipeline', pipeline);
  if (kind !== null) query.set('kind', kind);
  addLabels(query, filter.labels);
  const { from, to } = timesOf(filter, until);
  if (from !== null) query.set('from', new Date(from).toISOString());
  query.set('to', new Date(to).toISOString());
  return query.toString();
}

export function listPath(filter: RunFilter, order: JobOrder, until: number): string {
  return `/api/v1/jobs?${queryOf(filter, until)}&order=${order}`;
}

/** Runs that match and began after `until`; null where the filter ends before it. */
export function newerPath(filter: RunFilter, until: number): string | null {
  // Before the first list nothing can be newer.
  if (until === 0 || timesOf(filter, until).to < until) return null;
  const query = new URLSearchParams(queryOf({ ...filter, days: null, from: '', to: '' }, until));
  query.set('from', new Date(until + 1).toISOString());
  query.delete('to');
  return `/api/v1/jobs?${query.toString()}&limit=1`;
}

export function timesOf(
  { days, from, to }: RunFilter,
  until: number,
): { from: number | null; to: number } {
  if (days !== null)
    return { from: Math.floor((until - days * DAY_MS) / STEP_MS) * STEP_MS, to: until };
  const end = localDay(to, 1);
  return { from: localDay(from, 0), to: end === null ? until : Math.min(until, end - 1) };
}

/** Midnight before a local date, or after it; null for no date. */
function localDay(date: string, after: 0 | 1): number | null {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return null;
  const time = new Date(year, month - 1, day + after).getTime();
  return Number.isFinite(time) ? time : null;
}

function addLabels(query: URLSearchParams, labels: string): void {
  const names: string[] = [];
  for (const part of labels.split(',').map((one) => one.trim())) {
    if (part === '' || part.startsWith('=')) continue;
    const [name = '', ...value] = part.split('=');
    if (value.length === 0) names.push(name.trim());
    else query.set(`label.${name.trim()}`, value.join('=').trim());
  }
  if (names.length > 0) query.set('has_label', names.join(','));
}

export function isEveryRun(filter: RunFilter): boolean {
  return sameFilter(filter, EVERY_RUN);
}

export function sameFilter(a: RunFilter, b: RunFilter): boolean {
  const names = Object.keys(EVERY_RUN) as (keyof RunFilter)[];
  return names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
