/** What a person has set in History: which runs, in which order. The filters they have saved are in the layout. */
import { JOB_ORDERS, type JobOrder, STATUSES, type Status } from '../service/protocol/states.ts';

export interface RunFilter {
  text: string;
  /** Empty: every status. */
  statuses: readonly Status[];
  pipeline: string | null;
  kind: string | null;
  /** `branch=main, gpu`: labels with their value, or only the name. */
  labels: string;
  /** The last days up to now, or two dates (`2026-11-22`, either may be open) of local time. */
  days: number | null;
  from: string;
  to: string;
}

export interface HistoryView {
  filter: RunFilter;
  order: JobOrder;
}

export const EVERY_RUN: RunFilter = {
  ...{ text: '', statuses: [], pipeline: null, kind: null, labels: '' },
  ...{ days: null, from: '', to: '' },
};
export const DEFAULT_HISTORY: HistoryView = { filter: EVERY_RUN, order: 'newest' };

/** The last days that can be chosen. */
export const LAST_DAYS = [1, 7, 30] as const;
/** Characters that a filter is given; names of pipelines and kinds are no longer. */
export const LONGEST_TEXT = 256;

export function readHistory(value: unknown): HistoryView {
  const from = fieldsOf(value);
  return {
    filter: readFilter(from['filter']),
    order: JOB_ORDERS.find((order) => order === from['order']) ?? DEFAULT_HISTORY.order,
  };
}

/** A day that there is, as a date field has it. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

function readFilter(value: unknown): RunFilter {
  const from = fieldsOf(value);
  const text = (name: string): string =>
    typeof from[name] === 'string' ? from[name].slice(0, LONGEST_TEXT) : '';
  const word = (name: string): string | null => (text(name).trim() === '' ? null : text(name));
  const date = (name: string): string => (isDate(text(name)) ? text(name) : '');
  const statuses = Array.isArray(from['statuses']) ? (from['statuses'] as unknown[]) : [];
  const { days } = from;
  return {
    ...{ text: text('text'), labels: text('labels'), from: date('from'), to: date('to') },
    statuses: STATUSES.filter((status) => statuses.includes(status)),
    pipeline: word('pipeline'),
    kind: word('kind'),
    days: LAST_DAYS.find((one) => one === days) ?? null,
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
