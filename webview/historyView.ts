/** What a person has set in History: which runs, in which order, and the filters they have saved. */
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
  saved: readonly { name: string; filter: RunFilter }[];
}

export const EVERY_RUN: RunFilter = {
  ...{ text: '', statuses: [], pipeline: null, kind: null, labels: '' },
  ...{ days: null, from: '', to: '' },
};
export const DEFAULT_HISTORY: HistoryView = { filter: EVERY_RUN, order: 'newest', saved: [] };

const MOST_SAVED = 50;

export function readHistory(value: unknown): HistoryView {
  const from = fieldsOf(value);
  const saved = Array.isArray(from['saved']) ? from['saved'] : [];
  return {
    filter: readFilter(from['filter']),
    order: JOB_ORDERS.find((order) => order === from['order']) ?? DEFAULT_HISTORY.order,
    saved: saved.slice(0, MOST_SAVED).flatMap((one: unknown) => {
      const { name, filter } = fieldsOf(one);
      return typeof name === 'string' ? [{ name, filter: readFilter(filter) }] : [];
    }),
  };
}

function readFilter(value: unknown): RunFilter {
  const from = fieldsOf(value);
  const text = (name: string): string => (typeof from[name] === 'string' ? from[name] : '');
  const statuses = Array.isArray(from['statuses']) ? (from['statuses'] as unknown[]) : [];
  const { days } = from;
  return {
    ...{ text: text('text'), labels: text('labels'), from: text('from'), to: text('to') },
    statuses: STATUSES.filter((status) => statuses.includes(status)),
    pipeline: text('pipeline') || null,
    kind: text('kind') || null,
    days: typeof days === 'number' && Number.isFinite(days) && days > 0 ? days : null,
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
