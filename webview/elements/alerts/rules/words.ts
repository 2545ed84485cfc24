/** What kinds of rules and their parameters are called. */
import { t } from '@vscode/l10n';
import type { RuleKind } from '../../../../service/protocol/rule.ts';

export const KIND_WORDS: Readonly<Record<RuleKind, () => string>> = {
  phase_failed: () => t('A phase failed'),
  job_failed: () => t('A job failed'),
  slow_phase: () => t('A phase is slow'),
  high_cpu: () => t('A phase uses much CPU'),
  high_memory: () => t('A phase uses much memory'),
  error_count: () => t('A phase reports errors'),
  machine_cpu: () => t('CPU of a machine'),
  machine_memory: () => t('Memory of a machine'),
  machine_gpu: () => t('GPU of a machine'),
  machine_disk: () => t('Disk of a machine'),
  error_rate: () => t('Requests of an endpoint fail'),
  task_error_rate: () => t('Tasks fail'),
  response_time: () => t('An endpoint answers slowly'),
  model_accuracy: () => t('A model is worse than its baseline'),
  cache_hit_rate: () => t('A cache misses often'),
  queue_size: () => t('Many tasks wait in a queue'),
  queue_wait: () => t('A task waits long in a queue'),
  worker_offline: () => t('A worker is offline'),
  silent_job: () => t('A job gives no sign of life'),
  missed_schedule: () => t('A pipeline did not start in time'),
  target_breached: () => t('A target is missed'),
  threshold: () => t('Any metric over or under a bound'),
  rate_of_change: () => t('Any metric that changes much'),
  bottleneck: () => t('A bottleneck'),
  trend_changed: () => t('Worse than before'),
  anomaly: () => t('Unusual values'),
  limit_predicted: () => t('A limit will be reached'),
};

export interface ParamWord {
  label: () => string;
  help?: () => string;
  unit?: () => string;
}

const above = { label: () => t('More than') };
const longer = { label: () => t('Longer than') };

/** By the name of the parameter, or by kind and name where one kind means another thing by it. */
const PARAM_WORDS: Readonly<Record<string, ParamWord>> = {
  threshold_ms: longer,
  times_usual: {
    label: () => t('Or longer than usual by a factor of'),
    help: () =>
      t('Usual is what its last runs took. Leave this or the time above empty, not both.'),
  },
  least_ms: {
    label: () => t('Compared with the usual only from'),
    help: () => t('What is over sooner is never slow against the usual.'),
  },
  threshold_percent: above,
  'cache_hit_rate/threshold_percent': { label: () => t('Less than') },
  threshold_mb: above,
  'error_count/threshold': { label: () => t('From'), unit: () => t('errors') },
  'queue_size/threshold': { label: () => t('More than'), unit: () => t('tasks that wait') },
  degradation_percent: { label: () => t('Worse than its baseline by more than') },
  range_ms: { label: () => t('Looks back') },
  least: {
    label: () => t('Only from so many in that time'),
    help: () => t('With fewer, one failure would already be a high share.'),
  },
  aggregation: { label: () => t('Values of that time are summed up as') },
  schedule: {
    label: () => t('Schedule'),
    help: () =>
      t(
        'Minute, hour, day of the month, month, day of the week: "0 6 * * 1-5" is 6:00 on working days.',
      ),
  },
  timezone: {
    label: () => t('Time zone'),
    help: () => t('A name like Europe/Berlin; empty for that of the service.'),
  },
  grace_ms: { label: () => t('May be late by') },
  level: { label: () => t('From') },
  target_id: { label: () => t('Target'), help: () => t('The id of a target; empty for all.') },
  metric: { label: () => t('Metric') },
  labels: {
    label: () => t('Only series with these labels'),
    help: () => t('name=value, one on each line'),
  },
  group_by: {
    label: () => t('One alert for each value of these labels'),
    help: () => t('Names of labels, one on each line; empty: one alert for each series.'),
  },
  direction: { label: () => t('When it is') },
  'rate_of_change/direction': { label: () => t('When it goes') },
  value: { label: () => t('Bound') },
  change: { label: () => t('By more than') },
  unit: { label: () => t('Measured in') },
  least_impact_percent: {
    label: () => t('From an impact of'),
    help: () => t('0 takes those as well of which the impact is not known.'),
  },
  least_percent: { label: () => t('Worse by at least') },
  least_score_percent: { label: () => t('From a score of') },
  within_ms: { label: () => t('Within') },
  least_confidence_percent: { label: () => t('Sure by at least') },
};

export function paramWord(kind: string, name: string): ParamWord {
  return PARAM_WORDS[`${kind}/${name}`] ?? PARAM_WORDS[name] ?? { label: () => name };
}

const CHOICES: Readonly<Record<string, () => string>> = {
  above: () => t('above the bound'),
  below: () => t('below the bound'),
  up: () => t('up'),
  down: () => t('down'),
  any: () => t('up or down'),
  percent: () => t('percent of what it was'),
  value: () => t('the unit of the metric'),
  WARNING: () => t('a warning'),
  CRITICAL: () => t('critical'),
  avg: () => t('mean'),
  min: () => t('least'),
  max: () => t('largest'),
  sum: () => t('sum'),
  count: () => t('number'),
  rate: () => t('rate per second'),
  last: () => t('last one'),
};

/** Quantiles are called as they are: p95. */
export function choiceWord(value: string): string {
  return CHOICES[value]?.() ?? value;
}
