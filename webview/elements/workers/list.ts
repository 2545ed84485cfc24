/** Workers as rows: what each column says, and which are shown in which order. */
import { t } from '@vscode/l10n';
import {
  count,
  duration,
  memory,
  percent,
  relativeTime,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import {
  conditionWord,
  roughly,
  workerCondition,
} from '../../../service/protocol/describeWorkers.ts';
import type { WorkerRecord } from '../../../service/protocol/domain.ts';
import { number } from '../../format.ts';
import type { IconName } from '../../icons.ts';

/** Worst first. */
export const STATES = ['offline', 'unhealthy', 'busy', 'idle', 'stopped'] as const;
export type State = (typeof STATES)[number];

export function stateOf(worker: WorkerRecord): State {
  const condition = workerCondition(worker);
  if (condition !== 'online') return condition;
  return worker.active_tasks > 0 ? 'busy' : 'idle';
}

export function stateWord(state: State): string {
  if (state === 'busy') return t('busy');
  return state === 'idle' ? t('idle') : conditionWord(state);
}

/** `busy`, `offline for 12 min`, `unhealthy`. */
export function stateText(worker: WorkerRecord, now: number): string {
  const state = stateOf(worker);
  const since = worker.offline_since ?? worker.last_heartbeat;
  if (state === 'offline' && since !== null)
    return t('offline for {0}', roughly(now - Date.parse(since)));
  return stateWord(state);
}

export const STATE_ICONS: Record<State, IconName> = {
  offline: 'disconnect',
  unhealthy: 'warning',
  busy: 'dot',
  idle: 'circle',
  stopped: 'circleSlash',
};

export const COLUMNS = [
  'worker',
  'state',
  'kind',
  'host',
  'cpu',
  'memory',
  'gpu',
  'active',
  'completed',
  'failed',
  'failures',
  'latency',
  'seen',
] as const;
export type Column = (typeof COLUMNS)[number];

interface Said {
  title: string;
  hint: string;
  numeric?: boolean;
  text: (worker: WorkerRecord, now: number) => string;
  /** What rows are sorted by; null stands last in any order. */
  value: (worker: WorkerRecord) => number | string | null;
}

/** What a column says; made anew each time, because the language is set late. */
export function columnOf(column: Column): Said {
  return TEXTS[column]();
}

const TEXTS: Record<Column, () => Said> = {
  worker: () => ({
    ...{ title: t('Worker'), hint: t('Its id') },
    text: (worker) => worker.worker_id,
    value: (worker) => worker.worker_id,
  }),
  state: () => ({
    ...{ title: t('State'), hint: t('Busy, idle, unhealthy, offline or stopped') },
    text: stateText,
    value: (worker) => STATES.indexOf(stateOf(worker)),
  }),
  kind: () => ({
    ...{ title: t('Kind'), hint: t('CPU, GPU or both') },
    text: (worker) => worker.kind ?? UNKNOWN,
    value: (worker) => worker.kind,
  }),
  host: () => ({
    ...{ title: t('Host'), hint: t('The machine it runs on') },
    text: (worker) => worker.host ?? UNKNOWN,
    value: (worker) => worker.host,
  }),
  cpu: () => measure(t('CPU'), t('CPU it uses'), (worker) => worker.cpu_percent, percent),
  memory: () =>
    measure(
      t('Memory'),
      t('Memory it uses; the bar is against the largest worker'),
      (worker) => worker.memory_mb,
      memory,
    ),
  gpu: () => measure(t('GPU'), t('GPU it uses'), (worker) => worker.gpu_percent, percent),
  active: () =>
    measure(t('Active'), t('Tasks it works on now'), (worker) => worker.active_tasks, number),
  completed: () =>
    measure(t('Done'), t('Tasks that it completed'), (worker) => worker.completed_tasks, number),
  failed: () =>
    measure(t('Failed'), t('Tasks that failed on it'), (worker) => worker.failed_tasks, number),
  failures: () =>
    measure(
      t('In a row'),
      t('Failures since its last success'),
      (worker) => worker.consecutive_failures,
      number,
    ),
  latency: () =>
    measure(t('Latency'), t('Of the way to it'), (worker) => worker.latency_ms, duration),
  seen: () => ({
    ...{ title: t('Seen'), hint: t('Its last sign of life'), numeric: true },
    text: ({ last_heartbeat: time }, now) => (time === null ? UNKNOWN : relativeTime(time, now)),
    value: ({ last_heartbeat: time }) => (time === null ? null : Date.parse(time)),
  }),
};

function measure(
  title: string,
  hint: string,
  value: (worker: WorkerRecord) => number | null,
  say: (value: number | null) => string,
): Said {
  return { title, hint, numeric: true, value, text: (worker) => say(value(worker)) };
}

export interface Order {
  column: Column;
  descending: boolean;
}

/** Worst first, and those that do most before those that rest. */
export const USUAL: Order = { column: 'state', descending: false };

export function listWorkers(
  workers: Iterable<WorkerRecord>,
  { text, state }: { text: string; state: State | 'all' },
  order: Order,
): WorkerRecord[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const { value } = columnOf(order.column);
  return [...workers]
    .filter((worker) => (state === 'all' || stateOf(worker) === state) && matches(worker, words))
    .map((worker) => ({ worker, key: value(worker) }))
    .sort((a, b) => compare(a.key, b.key, order.descending) || byId(a.worker, b.worker))
    .map(({ worker }) => worker);
}

function matches(
  { worker_id, host, kind, labels }: WorkerRecord,
  words: readonly string[],
): boolean {
  const labelled = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const all = [worker_id, host ?? '', kind ?? '', ...labelled].join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}

type Key = number | string | null;

function compare(a: Key, b: Key, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

function byId(a: WorkerRecord, b: WorkerRecord): number {
  return a.worker_id < b.worker_id ? -1 : 1;
}

/** `12 workers: 1 offline, 3 busy, 8 idle`. */
export function workersLine(workers: Iterable<WorkerRecord>, total: number): string {
  const counts = new Map<State, number>();
  for (const worker of workers) counts.set(stateOf(worker), (counts.get(stateOf(worker)) ?? 0) + 1);
  const states = STATES.filter((state) => counts.has(state)).map(
    (state) => `${number(counts.get(state))} ${stateWord(state)}`,
  );
  return count(total, t('{0} worker: {1}'), t('{0} workers: {1}'), states.join(', '));
}

/** What a narrow row says below the name. */
export function workerFacts(worker: WorkerRecord, now: number): string {
  const { kind, host, cpu_percent: cpu, memory_mb: used, failed_tasks: failed } = worker;
  return [
    kind ?? '',
    host ?? '',
    cpu === null ? '' : t('CPU {0}', percent(cpu)),
    used === null ? '' : memory(used),
    worker.active_tasks > 0 ? t('{0} active', number(worker.active_tasks)) : '',
    failed > 0 ? t('{0} failed', number(failed)) : '',
    worker.last_heartbeat === null ? '' : relativeTime(worker.last_heartbeat, now),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
