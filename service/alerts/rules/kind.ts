/**
 * What every kind of rule says of itself, and what it finds. One file a kind stands beside this one. Pure: a kind sees what it
 * is given, and says whether it is bad, good, or between the two bounds.
 */
import type { AlertDefaults } from '../../protocol/alertDefaults.ts';
import type { Aggregation } from '../../protocol/aggregation.ts';
import type { ErrorDetails } from '../../protocol/event.ts';
import type { Finding as Found } from '../../protocol/finding.ts';
import type { RuleKind, RuleOf, RuleParams, RuleScope } from '../../protocol/rule.ts';
import type { Severity, Status } from '../../protocol/states.ts';

/** The part of the configuration that rules begin with. */
export interface RuleConfig {
  thresholds: {
    execution_time_ms: number;
    memory_usage_mb: number;
    cpu_usage_percent: number;
    error_count: number;
  };
  alert_defaults: AlertDefaults;
  worker_offline_ms: number;
  stale_after_ms: number;
}

/** What an alert says. */
export interface Finding {
  title: string;
  description: string;
  metric?: string;
  value?: number;
  threshold?: number;
}

/** `between`: neither bad enough to begin nor good enough to end, or not known. */
export type Verdict =
  | { is: 'bad'; finding: Finding; occasion: string }
  | { is: 'good'; why: string }
  | { is: 'between' };

export const BETWEEN: Verdict = { is: 'between' };
export const ENDED = 'The cause ended.';

/** A phase, or a job that has no phases of its own, as rules see it. */
export interface RunSubject {
  component: 'job' | 'phase';
  /** False where nothing new is to be said of it, only what was said before may have ended. */
  speaks: boolean;
  /** True for a job that failed by one of its phases, which says so itself. */
  explained: boolean;
  job_id: string;
  job_name: string;
  phase_id: string | null;
  /** `P06 Clustering` or the job's name. */
  label: string;
  status: Status;
  /** Names this run of the subject: the same cause raised twice is one alert. */
  run: string;
  /** Names its end in the same way; empty while it runs. */
  end: string;
  /** Milliseconds since the start of the run, to its end where it has one; null where the start is not known. */
  elapsed_ms: number | null;
  error_count: number;
  error: ErrorDetails | null;
  /** Epoch milliseconds since when nothing has been heard of its job; null while something is. */
  silent_since: number | null;
  /** Mean over the last 30 seconds of samples; null with less than three. */
  recent(field: 'cpu_percent' | 'memory_mb'): number | null;
  /** How long it usually takes, of completed runs in other jobs before it; null with less than five. */
  usual(): { median_ms: number; runs: number } | null;
  /** The phases of a job; none of a phase, and of a job with very many. */
  parts(): readonly RunSubject[];
}

export interface WorkerSubject {
  worker_id: string;
  state: 'ONLINE' | 'OFFLINE' | 'STOPPED';
  /** Epoch milliseconds of its latest sign of life. */
  last_seen: number;
  silent_ms: number;
}

export interface QueueSubject {
  queue: string;
  pending: number | null;
  oldest_wait_ms: number | null;
  /** True where the wait is worked out from the tasks that wait, and so grows by itself. */
  grows: boolean;
  /**
   * Milliseconds until it is sure that nobody has taken its oldest task: who could not be heard for a while gets
   * `after_ms` to tell.
   */
  unsureFor: (after_ms: number) => number;
}

/** Of the points of one metric in one stretch of time. */
export interface Stretch {
  count: number;
  /** How much counters grew. */
  increase: number;
  /** One number; null where there is none. Without points, a count, sum or rate of observations is 0. */
  value(aggregation: Exclude<Aggregation, 'raw'>): number | null;
}

export interface SeriesSubject {
  /** Labels that make it what it is. */
  labels: Readonly<Record<string, string>>;
  /** `source=host`, `endpoint=/predict`; the metric's name where there are none. */
  name: string;
  unit: string;
  /** The last `range_ms`, by metric; of a metric without a point, one of count 0. */
  now(metric: string): Stretch;
  /** The `range_ms` before. */
  before(metric: string): Stretch;
  /** False where points of the time that is looked at may be missing: sums and counts are too low then. */
  covered: boolean;
  /** The mean absolute error that a model was given as its baseline. */
  baseline(model: string): number | null;
}

/** Which points a rule looks at. */
export interface SeriesSpec {
  metrics: readonly string[];
  /** Only series with all of these; `*` stands for any text. */
  labels: Readonly<Record<string, string>>;
  fits?: (labels: Readonly<Record<string, string>>) => boolean;
  /** One subject for each of their values; each series by itself when empty; null for all as one. */
  group_by: readonly string[] | null;
  range_ms: number;
  /** True where `before` is asked for. */
  twice: boolean;
  /** What an alert names as its component, and the label that names which one. */
  component: string;
  component_label: string | null;
  /** Its name where there is no such label; the metric with its labels when absent. */
  component_id?: string;
}

export interface TargetSubject {
  target_id: string;
  title: string;
  metric: string;
  unit: string;
  direction: 'at_least' | 'at_most';
  value: number | null;
  target: number;
  critical: number;
  status: 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';
}

export type ScopeField = keyof RuleScope;

interface Common<K extends RuleKind> {
  kind: K;
  /** Of its threshold and of `recovery`; null where it has no such number. */
  unit: (params: RuleParams<K>) => string | null;
  /** The fields of the scope that mean something. */
  scope: readonly ScopeField[];
  /** The threshold and its bad side; null where it has none. */
  bound: ((params: RuleParams<K>) => { direction: 'above' | 'below'; threshold: number }) | null;
  /** True where one comes with Pipescope, as `begin` makes it. */
  builtin: boolean;
  /** A rule of the kind to begin with, after the configuration. */
  begin: (config: RuleConfig) => RuleOf<K>;
}

interface Judges<K extends RuleKind, W extends string, S> extends Common<K> {
  watches: W;
  judge: (subject: S, rule: RuleOf<K>) => Verdict;
}

interface RunPart<K extends RuleKind> {
  /** True where the cause can come and go within one run: it comes back as the same alert, or as another one. */
  returns?: boolean;
  /** True where a job is judged even though its phases speak for it. */
  always?: boolean;
  /** Milliseconds after which time alone may make it bad; null for never. */
  dueIn?: (subject: RunSubject, rule: RuleOf<K>) => number | null;
}

interface QueuePart<K extends RuleKind> {
  /** Milliseconds after which time alone may make it bad; null for never. */
  dueIn?: (subject: QueueSubject, rule: RuleOf<K>) => number | null;
}

interface SeriesPart<K extends RuleKind> {
  series: (rule: RuleOf<K>) => SeriesSpec;
  /** The number that is held against the bound; null where there is none to judge. The verdict follows from it alone. */
  value: (subject: SeriesSubject, rule: RuleOf<K>) => number | null;
  /** The parameter that is the threshold: `value` does not depend on it. */
  limit: string;
}

export type OnSeries<K extends RuleKind> = Judges<K, 'series', SeriesSubject> & SeriesPart<K>;

/** What a kind watches says which subjects it gets, and when. */
export type KindPart<K extends RuleKind> =
  | (Judges<K, 'run', RunSubject> & RunPart<K>)
  | Judges<K, 'worker', WorkerSubject>
  | (Judges<K, 'queue', QueueSubject> & QueuePart<K>)
  | Judges<K, 'target', TargetSubject>
  | Judges<K, 'finding', Found>
  | OnSeries<K>
  | (Common<K> & { watches: 'schedule' });

/** What a rule has that says nothing of it. */
export const COMMON_DEFAULTS = {
  enabled: true,
  severity: 'WARNING',
  scope: {},
  for_ms: 0,
  recovery: null,
  cooldown_ms: null,
  channels: null,
  message: null,
};

/** What all rules begin with. */
export function beginning<K extends RuleKind>(
  kind: K,
  rule: Pick<RuleOf<K>, 'name' | 'params'> & {
    severity?: Severity;
    enabled?: boolean;
    for_ms?: number;
  },
): RuleOf<K> {
  return {
    rule_id: kind,
    kind,
    ...COMMON_DEFAULTS,
    ...rule,
  } as unknown as RuleOf<K>;
}

export type AnyKind = { [K in RuleKind]: KindPart<K> }[RuleKind];
