/** Where series may not go: thresholds of the rules in effect, and where there is no more to have. */
import { fitsSeries } from '../alerts/ruleIndex.ts';
import { KINDS } from '../alerts/rules/index.ts';
import type { SeriesSpec } from '../alerts/rules/kind.ts';
import { fitsSpec } from '../alerts/window.ts';
import type { Limit } from '../analysis/predictions/outlook.ts';
import type { Rule } from '../protocol/rule.ts';
import type { Series } from '../series/series.ts';

export interface NamedLimit extends Limit {
  /** `the threshold of the rule "High memory"`, as it stands in a sentence. */
  name: string;
  /** The rule; null where the machine has no more. */
  rule_id: string | null;
  rule_name: string | null;
  /** True where it holds for what runs on this machine only. */
  onlyHere: boolean;
}

/** Shares of something that ends at 100 %. */
const SHARES: Readonly<Record<string, string>> = {
  host_memory_percent: 'all memory of this machine',
  worker_memory_percent: 'all memory of its machine',
  disk_percent: 'the whole disk',
  host_gpu_memory_percent: 'all memory of the GPUs',
};
/** Kinds of rules whose value is the series itself, or its mean. */
const ON_SERIES: ReadonlySet<string> = new Set(['threshold', 'machine_memory', 'machine_disk']);
const PLAIN: ReadonlySet<string> = new Set(['avg', 'min', 'max', 'p50', 'p95', 'p99']);
/** The metric that a rule on queues or runs looks at. */
const METRICS: Readonly<Record<string, string>> = {
  queue_size: 'queue_pending',
  queue_wait: 'queue_oldest_wait_ms',
  high_memory: 'memory_mb',
};

/** Where there is no more to have. */
const END = { direction: 'above', rule_id: null, rule_name: null, onlyHere: false } as const;

/** All limits of a series, in no order. `memory_mb`: all memory that a run on this machine can have. */
export function limitsOf(
  series: Series,
  { rules, memory_mb }: { rules: readonly Rule[]; memory_mb: number },
): NamedLimit[] {
  // Counters only grow, and single observations have no course.
  if (series.info.kind !== 'gauge') return [];
  const found = rules.flatMap((rule) => (rule.enabled ? (ruleLimit(rule, series) ?? []) : []));
  const share = SHARES[series.metric];
  if (share !== undefined) found.push({ ...END, value: 100, name: share });
  if (series.metric === 'memory_mb' && series.labels.source === 'job')
    found.push({ ...END, value: memory_mb, name: 'all memory of this machine', onlyHere: true });
  return found;
}

function ruleLimit(rule: Rule, series: Series): NamedLimit | null {
  const bound = boundFor(rule, series);
  if (!bound || !fitsSeries(rule.scope, series.labels)) return null;
  const { rule_id, name: rule_name } = rule;
  const name = `the threshold of the rule "${rule_name}"`;
  const { threshold: value, direction } = bound;
  return { value, direction, name, rule_id, rule_name, onlyHere: false };
}

function boundFor(rule: Rule, { metric, labels }: Series) {
  const kind = KINDS[rule.kind];
  const params = rule.params as never;
  if (METRICS[rule.kind] === metric && (metric !== 'memory_mb' || labels.source === 'job'))
    return kind.bound?.(params) ?? null;
  if (!ON_SERIES.has(rule.kind) || kind.watches !== 'series') return null;
  if (rule.kind === 'threshold' && !PLAIN.has(rule.params.aggregation)) return null;
  const spec = (kind.series as (rule: Rule) => SeriesSpec)(rule);
  return spec.metrics.includes(metric) && fitsSpec(spec, labels) ? kind.bound?.(params) : null;
}
