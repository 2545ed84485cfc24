import {
  duration,
  percent,
  rate,
  statusWord,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { type Status, WORST_FIRST } from '../../../service/protocol/states.ts';
import { items, memoryRange, number, percentRange, phaseMs } from '../../format.ts';
import type { PhaseColumn, View } from '../../view.ts';

export interface Column {
  id: PhaseColumn;
  title: string;
  /** What stands in the heading's hover, where the title is short. */
  hint: string;
  /** 1 is always shown; higher ones go first when there is no room. */
  priority: 1 | 2 | 3 | 4;
  numeric: boolean;
  /** What the cell says; the first two columns are drawn with icons. */
  text(phase: PhaseRecord, now: number): string;
  /** What the column sorts by; null is not known and comes last. */
  sortBy(phase: PhaseRecord, now: number): number | null;
}

export const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'index', title: 'Phase', hint: 'Phase, in the order of the job' },
    ...{ priority: 1, numeric: false },
    text: (phase) => phase.name,
    sortBy: (phase) => phase.index,
  },
  {
    ...{ id: 'status', title: 'Status', hint: 'Status, the worst first' },
    ...{ priority: 1, numeric: false },
    text: (phase) => statusText(phase),
    sortBy: (phase) => WORST_FIRST.indexOf(phase.status),
  },
  {
    ...{ id: 'time', title: 'Time', hint: 'Execution time' },
    ...{ priority: 1, numeric: true },
    text: (phase, now) => duration(phaseMs(phase, now)),
    sortBy: phaseMs,
  },
  {
    ...{ id: 'cpu', title: 'CPU', hint: 'CPU, average / highest' },
    ...{ priority: 3, numeric: true },
    text: (phase) => percentRange(phase.cpu_percent),
    sortBy: (phase) => phase.cpu_percent?.avg ?? null,
  },
  {
    ...{ id: 'memory', title: 'Memory', hint: 'Memory, average / highest' },
    ...{ priority: 3, numeric: true },
    text: (phase) => memoryRange(phase.memory_mb),
    sortBy: (phase) => phase.memory_mb?.avg ?? null,
  },
  {
    ...{ id: 'items', title: 'Items', hint: 'Items done, of how many' },
    ...{ priority: 3, numeric: true },
    text: (phase) => items(phase.items_done, phase.items_total),
    sortBy: (phase) => phase.items_done,
  },
  {
    ...{ id: 'throughput', title: 'Throughput', hint: 'Items per second' },
    ...{ priority: 4, numeric: true },
    text: (phase) => rate(phase.throughput),
    sortBy: (phase) => phase.throughput,
  },
  {
    ...{ id: 'errors', title: 'Errors', hint: 'Errors' },
    ...{ priority: 2, numeric: true },
    text: (phase) => number(phase.error_count),
    sortBy: (phase) => phase.error_count,
  },
  {
    ...{ id: 'warnings', title: 'Warnings', hint: 'Warnings' },
    ...{ priority: 2, numeric: true },
    text: (phase) => number(phase.warning_count),
    sortBy: (phase) => phase.warning_count,
  },
  {
    ...{ id: 'artifacts', title: 'Artifacts', hint: 'Artifacts produced' },
    ...{ priority: 4, numeric: true },
    text: (phase) => number(phase.artifact_count),
    sortBy: (phase) => phase.artifact_count,
  },
];

function statusText(phase: PhaseRecord): string {
  const word = statusWord(phase.status);
  return phase.status === 'RUNNING' && phase.progress !== null
    ? `${word} ${percent(Math.min(99, Math.floor(phase.progress * 100)))}`
    : word;
}

export function sortPhases(
  phases: readonly PhaseRecord[],
  sort: View['sort'],
  now: number,
): readonly PhaseRecord[] {
  if (sort.column === 'index') return sort.descending ? [...phases].reverse() : phases;
  const column = COLUMNS.find(({ id }) => id === sort.column);
  if (column === undefined) return phases;
  const keyed = phases.map((phase) => ({ phase, key: column.sortBy(phase, now) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => compare(a.key, b.key, sign) || a.phase.index - b.phase.index);
  return keyed.map(({ phase }) => phase);
}

function compare(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (a - b) * sign;
}

/** Every word of the text has to be in the phase's id, name, status, message or error. */
export function filterPhases(
  phases: readonly PhaseRecord[],
  text: string,
  status: Status | 'all',
): readonly PhaseRecord[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && status === 'all') return phases;
  return phases.filter((phase) => {
    if (status !== 'all' && phase.status !== status) return false;
    const all = searchable(phase);
    return words.every((word) => all.includes(word));
  });
}

function searchable(phase: PhaseRecord): string {
  const { phase_id, name, status, message, error } = phase;
  const parts = [phase_id, name, statusWord(status), message, error?.type, error?.message];
  return parts
    .filter((part) => part !== null && part !== undefined)
    .join(' ')
    .toLowerCase();
}

/** Nothing known is not the same as nothing: an empty cell would be read as 0. */
export function isUnknown(text: string): boolean {
  return text === UNKNOWN;
}
