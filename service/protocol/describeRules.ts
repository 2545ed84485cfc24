/** What a rule does, in words. */
import { t } from '@vscode/l10n';
import { duration, memory, percent } from './describe.ts';
import { numeral } from './intl.ts';
import type { Rule, RuleKind, RuleOf, RuleScope } from './rule.ts';

/** "Alerts when a phase takes longer than 10m 00s." and what narrows it, each a sentence of its own. */
export function ruleSentence(rule: Rule): string {
  const what = SENTENCES[rule.kind] as (rule: Rule) => string;
  const lasting = rule.for_ms > 0 ? [t('It must last for {0}.', duration(rule.for_ms))] : [];
  // Of a missed run the pipeline stands in the sentence itself.
  const { pipeline, ...others } = rule.scope;
  const scope = rule.kind === 'missed_schedule' ? others : { pipeline, ...others };
  return [what(rule), ...lasting, ...scopeSentences(scope)].join(' ');
}

function scopeSentences(scope: { [F in keyof RuleScope]?: RuleScope[F] | undefined }): string[] {
  const { pipeline, phase, worker, subject, labels = {} } = scope;
  const all = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [
    ...(pipeline === undefined ? [] : [t('Only pipeline {0}.', pipeline)]),
    ...(phase === undefined ? [] : [t('Only phase {0}.', phase)]),
    ...(worker === undefined ? [] : [t('Only worker {0}.', worker)]),
    ...(subject === undefined ? [] : [t('Only {0}.', subject)]),
    ...(all.length === 0 ? [] : [t('Only with the labels {0}.', all.join(', '))]),
  ];
}

function slowSentence({
  params: { threshold_ms, times_usual, least_ms },
}: RuleOf<'slow_phase'>): string {
  if (times_usual === null)
    return t('Alerts when a phase takes longer than {0}.', duration(threshold_ms));
  const times = numeral(times_usual, { most: 1 });
  const least = duration(least_ms);
  if (threshold_ms === null)
    return t(
      'Alerts when a phase or a whole run takes {0} times as long as usual, and longer than {1}.',
      times,
      least,
    );
  return t(
    'Alerts when a phase takes longer than {0}, or a phase or a whole run {1} times as long as usual and longer than {2}.',
    ...[duration(threshold_ms), times, least],
  );
}

function thresholdSentence({ params }: RuleOf<'threshold'>): string {
  const { metric, aggregation, range_ms, direction, value } = params;
  const values = [
    seriesName(metric, params.labels),
    aggregation,
    duration(range_ms),
    numeral(value, { most: 3 }),
  ];
  return direction === 'above'
    ? t('Alerts when {0} ({1} of {2}) is above {3}.', ...values)
    : t('Alerts when {0} ({1} of {2}) is below {3}.', ...values);
}

function changeSentence({ params }: RuleOf<'rate_of_change'>): string {
  const { metric, aggregation, range_ms, direction, change, unit } = params;
  const by = unit === 'percent' ? percent(change) : numeral(change, { most: 3 });
  const values = [seriesName(metric, params.labels), aggregation, by, duration(range_ms)];
  if (direction === 'up')
    return t('Alerts when {0} ({1}) rises by more than {2} within {3}.', ...values);
  if (direction === 'down')
    return t('Alerts when {0} ({1}) falls by more than {2} within {3}.', ...values);
  return t('Alerts when {0} ({1}) changes by more than {2} within {3}.', ...values);
}

function seriesName(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(', ')}}`;
}

function scheduleSentence({ params, scope }: RuleOf<'missed_schedule'>): string {
  const { schedule, timezone, grace_ms } = params;
  const values = [scope.pipeline ?? '*', schedule, duration(grace_ms)];
  return timezone === null
    ? t('Alerts when no run of {0} has begun {2} after it was due by "{1}".', ...values)
    : t(
        'Alerts when no run of {0} has begun {2} after it was due by "{1}" in {3}.',
        ...values,
        timezone,
      );
}

function targetSentence({ params: { level, target_id } }: RuleOf<'target_breached'>): string {
  if (level === 'CRITICAL')
    return target_id === null
      ? t('Alerts when a target is beyond its critical value.')
      : t('Alerts when the target {0} is beyond its critical value.', target_id);
  return target_id === null
    ? t('Alerts when a target is missed.')
    : t('Alerts when the target {0} is missed.', target_id);
}

/** Functions, because the language is not set yet when this is read. */
const SENTENCES: { [K in RuleKind]: (rule: RuleOf<K>) => string } = {
  phase_failed: () => t('Alerts when a phase fails.'),
  job_failed: () => t('Alerts when a job fails and none of its phases says why.'),
  slow_phase: slowSentence,
  high_cpu: ({ params }) =>
    t('Alerts when a phase uses more than {0} of the CPU.', percent(params.threshold_percent)),
  high_memory: ({ params }) =>
    t('Alerts when a phase uses more than {0} of memory.', memory(params.threshold_mb)),
  error_count: ({ params }) =>
    t('Alerts when a phase has reported {0} errors or more.', numeral(params.threshold)),
  machine_cpu: ({ params }) =>
    t(
      'Alerts when a machine has more than {0} of its CPU in use.',
      percent(params.threshold_percent),
    ),
  machine_memory: ({ params }) =>
    t(
      'Alerts when a machine has more than {0} of its memory in use.',
      percent(params.threshold_percent),
    ),
  machine_gpu: ({ params }) =>
    t(
      'Alerts when a machine has more than {0} of its GPU in use.',
      percent(params.threshold_percent),
    ),
  machine_disk: ({ params }) =>
    t(
      'Alerts when a machine has more than {0} of its disk in use.',
      percent(params.threshold_percent),
    ),
  error_rate: ({ params }) =>
    t(
      'Alerts when more than {0} of the requests of an endpoint fail within {1}, of {2} at least.',
      ...[percent(params.threshold_percent), duration(params.range_ms), numeral(params.least)],
    ),
  task_error_rate: ({ params }) =>
    t(
      'Alerts when more than {0} of the tasks fail within {1}, of {2} at least.',
      ...[percent(params.threshold_percent), duration(params.range_ms), numeral(params.least)],
    ),
  response_time: ({ params }) =>
    t(
      'Alerts when an endpoint takes longer than {0} ({1} of {2}, {3} requests at least).',
      ...[duration(params.threshold_ms), params.aggregation, duration(params.range_ms)],
      numeral(params.least),
    ),
  model_accuracy: ({ params }) =>
    t(
      'Alerts when the error of a model is more than {0} above its baseline.',
      percent(params.degradation_percent),
    ),
  cache_hit_rate: ({ params }) =>
    t(
      'Alerts when fewer than {0} of the lookups of a cache are hits within {1}, of {2} at least.',
      ...[percent(params.threshold_percent), duration(params.range_ms), numeral(params.least)],
    ),
  queue_size: ({ params }) =>
    t('Alerts when more than {0} tasks wait in a queue.', numeral(params.threshold)),
  queue_wait: ({ params }) =>
    t('Alerts when a task has waited in a queue for more than {0}.', duration(params.threshold_ms)),
  worker_offline: () =>
    t('Alerts when nothing is heard of a worker for as long as the configuration allows.'),
  silent_job: () =>
    t('Alerts when nothing is heard of a running job for as long as the configuration allows.'),
  missed_schedule: scheduleSentence,
  target_breached: targetSentence,
  threshold: thresholdSentence,
  rate_of_change: changeSentence,
  bottleneck: ({ params }) =>
    t('Alerts when a bottleneck costs a run {0} or more.', percent(params.least_impact_percent)),
  trend_changed: ({ params }) =>
    t(
      'Alerts once when a phase or job has become worse by {0} or more from one run on.',
      percent(params.least_percent),
    ),
  anomaly: ({ params }) =>
    t(
      'Alerts when the values of a series are unusual, with a score of {0} or more.',
      percent(params.least_score_percent),
    ),
  limit_predicted: ({ params }) =>
    t(
      'Alerts when memory, disk or a queue will reach its limit within {0}, from {1} sure on.',
      ...[duration(params.within_ms), percent(params.least_confidence_percent)],
    ),
};
