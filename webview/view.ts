import { STATUSES, type Status } from '../service/protocol/states.ts';
import { DEFAULT_HISTORY, type HistoryView, readHistory } from './historyView.ts';
import { DEFAULT_PERFORMANCE, type PerformanceView, readPerformance } from './performanceView.ts';

export const PHASE_COLUMNS = [
  'index',
  'status',
  'time',
  'usual',
  'wait',
  'cpu',
  'memory',
  'items',
  'throughput',
  'errors',
  'warnings',
  'artifacts',
] as const;
export type PhaseColumn = (typeof PHASE_COLUMNS)[number];
export const ALERT_TABS = [
  ...(['active', 'acknowledged', 'history'] as const),
  ...(['rules', 'channels', 'silences', 'outbox'] as const),
] as const;
export type AlertTab = (typeof ALERT_TABS)[number];
/** Whose resources are shown: the run's, this machine's, or those of a worker's machine by its id. */
export type ResourcesOf = 'run' | 'host' | `worker:${string}`;
/** What stands on the phases of the graph and shades them. */
export const FLOW_METRICS = ['none', 'time', 'errors', 'memory'] as const;
export type FlowMetric = (typeof FLOW_METRICS)[number];

/** `run`: from the start of the shown run to its end, or to now. `between`: epoch milliseconds. */
export type Range =
  { kind: 'last'; ms: number } | { kind: 'run' } | { kind: 'between'; from: number; to: number };

/** What the person has set, kept over reloads. */
export interface View {
  /** Null: always the latest run. */
  job: string | null;
  phase: string | null;
  sort: { column: PhaseColumn; descending: boolean };
  filter: string;
  status: Status | 'all';
  /** Whether the timeline shows the sub-phases of a long job, and the phases where it is the other way. */
  subPhases: { shown: boolean; except: readonly string[] };
  /** Lanes of the timeline; only the critical path; times of the clock instead of since the begin; as a table. */
  timelineAs: { lanes: 'phases' | 'workers'; critical: boolean; clock: boolean; table: boolean };
  /** Scale of the graph; null fits it in. */
  flowZoom: number | null;
  flow: {
    as: 'graph' | 'table';
    metric: FlowMetric;
    /** Whether groups are folded, null by the size of the graph; and those where it is the other way. */
    folded: boolean | null;
    except: readonly string[];
  };
  resources: 'chart' | 'table';
  resourcesOf: ResourcesOf;
  alerts: AlertTab;
  /** The range of all charts, and the moment at which it was paused, epoch milliseconds. */
  range: Range;
  pausedAt: number | null;
  /** The jobs that Compare sets beside each other; the first is what the others are held against. */
  compare: readonly string[];
  performance: PerformanceView;
  /** Which runs History lists, and in which order. */
  history: HistoryView;
  /** Pixels that each region took at last, on a page of this width: kept free until it is there again. */
  heights: { page: number; of: Readonly<Record<string, number>> };
  /** Regions that had something to show, of those that most people have no use for. */
  present: readonly string[];
}

export const DEFAULT_VIEW: View = {
  job: null,
  phase: null,
  sort: { column: 'index', descending: false },
  filter: '',
  status: 'all',
  subPhases: { shown: false, except: [] },
  timelineAs: { lanes: 'phases', critical: false, clock: false, table: false },
  flowZoom: null,
  flow: { as: 'graph', metric: 'none', folded: null, except: [] },
  resources: 'chart',
  resourcesOf: 'run',
  alerts: 'active',
  range: { kind: 'run' },
  pausedAt: null,
  compare: [],
  performance: DEFAULT_PERFORMANCE,
  history: DEFAULT_HISTORY,
  heights: { page: 0, of: {} },
  present: [],
};

/** Reads what an earlier page saved; whatever does not fit is the default. */
export function readView(saved: unknown): View {
  if (typeof saved !== 'object' || saved === null) return DEFAULT_VIEW;
  const from = saved as Partial<Record<keyof View, unknown>>;
  return {
    job: text(from.job),
    phase: text(from.phase),
    sort: sort(from.sort),
    filter: text(from.filter) ?? '',
    status: oneOf([...STATUSES, 'all'] as const, from.status) ?? 'all',
    subPhases: folds(from.subPhases),
    timelineAs: timelineAs(from.timelineAs),
    flowZoom: positive(from.flowZoom),
    flow: flow(from.flow),
    resources: oneOf(['chart', 'table'] as const, from.resources) ?? 'chart',
    resourcesOf: resourcesOf(from.resourcesOf),
    alerts: oneOf(ALERT_TABS, from.alerts) ?? 'active',
    range: range(from.range),
    pausedAt: positive(from.pausedAt),
    compare: texts(from.compare),
    performance: readPerformance(from.performance),
    history: readHistory(from.history),
    heights: heights(from.heights),
    present: texts(from.present),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

function oneOf<const T extends readonly string[]>(values: T, value: unknown): T[number] | null {
  return values.find((candidate) => candidate === value) ?? null;
}

function sort(value: unknown): View['sort'] {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.sort;
  const { column, descending } = value as { column?: unknown; descending?: unknown };
  return { column: oneOf(PHASE_COLUMNS, column) ?? 'index', descending: descending === true };
}

function between(value: object): { from: number; to: number } | null {
  const { from, to } = value as { from?: unknown; to?: unknown };
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  return Number.isFinite(from) && Number.isFinite(to) && to > from ? { from, to } : null;
}

function range(value: unknown): Range {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.range;
  const { kind, ms } = value as { kind?: unknown; ms?: unknown };
  const part = between(value);
  if (kind === 'between' && part !== null) return { kind, ...part };
  const length = positive(ms);
  return kind === 'last' && length !== null ? { kind, ms: length } : DEFAULT_VIEW.range;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function timelineAs(value: unknown): View['timelineAs'] {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.timelineAs;
  const { lanes, critical, clock, table } = value as Record<string, unknown>;
  return {
    lanes: oneOf(['phases', 'workers'] as const, lanes) ?? 'phases',
    critical: critical === true,
    clock: clock === true,
    table: table === true,
  };
}

function resourcesOf(value: unknown): ResourcesOf {
  const id = text(value) ?? 'run';
  if (id === 'host') return id;
  return id.startsWith('worker:') ? `worker:${id.slice('worker:'.length)}` : 'run';
}

function folds(value: unknown): View['subPhases'] {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.subPhases;
  const { shown, except } = value as { shown?: unknown; except?: unknown };
  const ids = Array.isArray(except) ? except.filter((id) => typeof id === 'string') : [];
  return { shown: shown === true, except: ids };
}

function flow(value: unknown): View['flow'] {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.flow;
  const { as, metric, folded, except } = value as Partial<Record<keyof View['flow'], unknown>>;
  return {
    as: oneOf(['graph', 'table'] as const, as) ?? 'graph',
    metric: oneOf(FLOW_METRICS, metric) ?? 'none',
    folded: typeof folded === 'boolean' ? folded : null,
    except: texts(except),
  };
}

function heights(value: unknown): View['heights'] {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW.heights;
  const { page, of } = value as { page?: unknown; of?: unknown };
  if (typeof of !== 'object' || of === null) return DEFAULT_VIEW.heights;
  const known = Object.entries(of).filter(([, height]) => positive(height) !== null);
  return { page: positive(page) ?? 0, of: Object.fromEntries(known) };
}
