import { t } from '@vscode/l10n';
import {
  duration,
  percent,
  rate,
  statusWord,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { tenths } from '../../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { type Status, WORST_FIRST } from '../../../service/protocol/states.ts';
import { usualWords } from '../../eta.ts';
import { items, memoryRange, number, percentRange, phaseMs } from '../../format.ts';
import type { PhaseColumn, View } from '../../view.ts';

export interface Around {
  /** Epoch milliseconds. */
  now: number;
  /** Milliseconds a phase was ready and had not started; null where that is not known. */
  waited: (phase: PhaseRecord) => number | null;
}

export interface Column {
  id: PhaseColumn;
  title: () => string;
  /** What stands in the heading's hover, where the title is short. */
  hint: () => string;
  /** 1 is always shown; higher ones go first when there is no room. */
  priority: 1 | 2 | 3 | 4;
  numeric: boolean;
  /** What the cell says; the first two columns are drawn with icons. */
  text: (phase: PhaseRecord, around: Around) => string;
  /** What its hover says, where that is more than the text. */
  hover?: (phase: PhaseRecord, around: Around) => string;
  /** What the column sorts by; null is not known and comes last. */
  sortBy: (phase: PhaseRecord, around: Around) => number | null;
}

export const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'index', title: () => t('Phase'), hint: () => t('Phase, in the order of the job') },
    ...{ priority: 1, numeric: false },
    text: (phase) => phase.name,
    sortBy: (phase) => phase.index,
  },
  {
    ...{ id: 'status', title: () => t('Status'), hint: () => t('Status, the worst first') },
    ...{ priority: 1, numeric: false },
    text: (phase) => statusText(phase),
    sortBy: (phase) => WORST_FIRST.indexOf(phase.status),
  },
  {
    ...{ id: 'time', title: () => t('Time'), hint: () => t('Execution time') },
    ...{ priority: 1, numeric: true },
    text: (phase, { now }) => duration(phaseMs(phase, now)),
    sortBy: (phase, { now }) => phaseMs(phase, now),
  },
  {
    ...{
      id: 'usual',
      title: () => t('Usual'),
      hint: () => t('How often its usual time it takes, and that time'),
    },
    ...{ priority: 4, numeric: true },
    text: usualText,
    hover: usualHover,
    sortBy: (phase, { now }) => timesUsual(phase, now),
  },
  {
    ...{
      id: 'wait',
      title: () => t('Waited'),
      hint: () => t('Ready, and not started: since the last of what it depends on had ended'),
    },
    ...{ priority: 4, numeric: true },
    text: (phase, { waited }) => duration(waited(phase)),
    sortBy: (phase, { waited }) => waited(phase),
  },
  {
    ...{ id: 'cpu', title: () => t('CPU'), hint: () => t('CPU, average / highest') },
    ...{ priority: 3, numeric: true },
    text: (phase) => percentRange(phase.cpu_percent),
    sortBy: (phase) => phase.cpu_percent?.avg ?? null,
  },
  {
    ...{ id: 'memory', title: () => t('Memory'), hint: () => t('Memory, average / highest') },
    ...{ priority: 3, numeric: true },
    text: (phase) => memoryRange(phase.memory_mb),
    sortBy: (phase) => phase.memory_mb?.avg ?? null,
  },
  {
    ...{ id: 'items', title: () => t('Items'), hint: () => t('Items done, of how many') },
    ...{ priority: 3, numeric: true },
    text: (phase) => items(phase.items_done, phase.items_total),
    sortBy: (phase) => phase.items_done,
  },
  {
    ...{ id: 'throughput', title: () => t('Throughput'), hint: () => t('Items per second') },
    ...{ priority: 4, numeric: true },
    text: (phase) => rate(phase.throughput),
    sortBy: (phase) => phase.throughput,
  },
  {
    ...{ id: 'errors', title: () => t('Errors'), hint: () => t('Errors') },
    ...{ priority: 2, numeric: true },
    text: (phase) => number(phase.error_count),
    sortBy: (phase) => phase.error_count,
  },
  {
    ...{ id: 'warnings', title: () => t('Warnings'), hint: () => t('Warnings') },
    ...{ priority: 2, numeric: true },
    text: (phase) => number(phase.warning_count),
    sortBy: (phase) => phase.warning_count,
  },
  {
    ...{ id: 'artifacts', title: () => t('Artifacts'), hint: () => t('Artifacts produced') },
    ...{ priority: 4, numeric: true },
    text: (phase) => number(phase.artifact_count),
    sortBy: (phase) => phase.artifact_count,
  },
];

/** How many times its usual time a phase has taken; null where one of them is not known, or it runs and has not reached it. */
export function timesUsual(phase: PhaseRecord, now: number): number | null {
  const ms = phaseMs(phase, now);
  if (ms === null || phase.expected_ms === null || !(phase.expected_ms > 0)) return null;
  const times = (phase.ended_at !== null && phase.times_usual) || ms / phase.expected_ms;
  return phase.ended_at === null && times < 1 ? null : times;
}

/** From here on it is slow enough to be said in colour and by a word. */
export const SLOW_TIMES = 1.5;

function usualText(phase: PhaseRecord, { now }: Around): string {
  const times = timesUsual(phase, now);
  if (times !== null) return t('{0}x of {1}', tenths(times), duration(phase.expected_ms));
  return duration(phase.expected_ms);
}

function usualHover(phase: PhaseRecord, around: Around): string {
  const times = timesUsual(phase, around.now);
  const usual = usualWords(phase);
  if (usual === '') return t('No run before tells what is usual.');
  return times === null ? usual : `${t('{0}x usual', tenths(times))} · ${usual}`;
}

function statusText(phase: PhaseRecord): string {
  const word = statusWord(phase.status);
  return phase.status === 'RUNNING' && phase.progress !== null
    ? `${word} ${percent(Math.min(99, Math.floor(phase.progress * 100)))}`
    : word;
}

export function sortPhases(
  phases: readonly PhaseRecord[],
  sort: View['sort'],
  around: Around,
): readonly PhaseRecord[] {
  if (sort.column === 'index') return sort.descending ? [...phases].reverse() : phases;
  const column = COLUMNS.find(({ id }) => id === sort.column);
  if (column === undefined) return phases;
  const keyed = phases.map((phase) => ({ phase, key: column.sortBy(phase, around) }));
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
