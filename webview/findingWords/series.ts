/** What was found in series, in words: anomalies and predictions (service/analyst). */
import { t } from '@vscode/l10n';
import { duration } from '../../service/protocol/describe.ts';
import { amount, type Said, textOf, withNumbers } from './said.ts';

/** `cpu_percent of worker w-1`: the metric, and what its labels say of where. */
export function subjectOf({ metric, labels, evidence }: Said): string {
  const { source, pipeline, phase_id: phase, worker_id: worker, ...others } = labels;
  const where = [
    phase && t('phase {0}', phase),
    pipeline && t('pipeline {0}', pipeline),
    worker && t('worker {0}', worker),
    ...Object.values(others),
  ].filter((part) => part !== undefined && part !== '');
  const what = metricName(textOf(evidence, 'of') ?? metric ?? '');
  if (where.length > 0) return t('{0} of {1}', what, where.join(', '));
  if (source === 'host') return t('{0} of this machine', what);
  if (source === 'job') return t('{0} of job', what);
  return source === undefined ? what : t('{0} of {1}', what, source);
}

/** Those that are measured everywhere have a name in every language; all others are called as they were reported. */
const METRICS: Readonly<Record<string, () => string>> = {
  cpu_percent: () => t('cpu_percent'),
  memory_mb: () => t('memory_mb'),
  gpu_percent: () => t('gpu_percent'),
  gpu_memory_mb: () => t('gpu_memory_mb'),
  disk_percent: () => t('disk_percent'),
  disk_read_mb_s: () => t('disk_read_mb_s'),
  disk_write_mb_s: () => t('disk_write_mb_s'),
  net_in_mb_s: () => t('net_in_mb_s'),
  net_out_mb_s: () => t('net_out_mb_s'),
  ipc_latency_ms: () => t('ipc_latency_ms'),
  host_memory_percent: () => t('host_memory_percent'),
  worker_memory_percent: () => t('worker_memory_percent'),
  queue_pending: () => t('queue_pending'),
  queue_oldest_wait_ms: () => t('queue_oldest_wait_ms'),
  task_processing_ms: () => t('task_processing_ms'),
  request_duration_ms: () => t('request_duration_ms'),
  cache_hit_rate_percent: () => t('cache_hit_rate_percent'),
  requests: () => t('requests'),
  tasks_submitted: () => t('tasks_submitted'),
  tasks_completed: () => t('tasks_completed'),
  tasks_failed: () => t('tasks_failed'),
};

function metricName(metric: string): string {
  return Object.hasOwn(METRICS, metric) ? (METRICS[metric]?.() ?? metric) : metric;
}

export function anomalyTitle(one: Said): string | null {
  const subject = subjectOf(one);
  switch (one.class) {
    case 'spike':
      return t('{0}: unusual value', subject);
    case 'level':
      return t('{0}: unusual level', subject);
    case 'variance':
      return t('{0}: unusually rough or smooth', subject);
    case 'silence':
      return t('{0}: stands still', subject);
    case 'pattern':
      return t('{0}: unusual course', subject);
    default:
      return null;
  }
}

export function anomalySentence(one: Said): string | null {
  return withNumbers(one.evidence, ['value', 'usual'], (value, usual) => {
    const subject = subjectOf(one);
    const [now, lately] = [amount(value, one.unit), amount(usual, one.unit)];
    switch (one.class) {
      case 'spike':
        return t('{0} went to {1}; lately it was {2} on average.', subject, now, lately);
      case 'level':
        return t(
          '{0} has left its usual level: {1} now, {2} on average lately.',
          ...[subject, now, lately],
        );
      case 'variance':
        return t('{0} moves more, or less, than it ever did; it is {1} now.', subject, now);
      case 'silence':
        return t(
          '{0} does not move any more, which it never did for so long; it stands at {1}.',
          ...[subject, now],
        );
      case 'pattern':
        return t(
          '{0} runs as it never did, or not at this time of the day: {1} now, {2} on average lately.',
          ...[subject, now, lately],
        );
      default:
        return null;
    }
  });
}

/** On a chart: what sort of anomaly it is. */
const CLASSES: Readonly<Record<string, () => string>> = {
  spike: () => t('spike'),
  level: () => t('other level'),
  variance: () => t('rough or smooth'),
  silence: () => t('stands still'),
  pattern: () => t('other course'),
};

export function anomalyWord(one: Pick<Said, 'class'>): string {
  return CLASSES[one.class]?.() ?? one.class;
}

export function predictionTitle(one: Said): string | null {
  return withNumbers(one.evidence, ['limit'], (limit) =>
    t('{0} on its way to {1}', subjectOf(one), amount(limit, one.unit)),
  );
}

export function predictionSentence(one: Said): string | null {
  const { evidence, measure, unit } = one;
  const [at, earliest, latest] = ['at', 'earliest', 'latest'].map((name) =>
    Date.parse(textOf(evidence, name) ?? ''),
  ) as [number, number, number];
  const name = limitName(one);
  if (name === null || ![at, earliest, latest].every(Number.isFinite)) return null;
  return withNumbers(evidence, ['limit', 'per_second', 'span_ms'], (limit, pace, span) => {
    const now = at - measure;
    const exact = at - now < EXACT_MS;
    const [about, first, last] = [at, earliest, latest].map((time) => clock(time, now, exact)) as [
      string,
      string,
      string,
    ];
    const values = [
      subjectOf(one),
      amount(limit, unit),
      name,
      first === last ? about : t('{0} ({1} to {2})', about, first, last),
      amount(Math.abs(pace) * 60, unit),
      duration(span),
    ] as const;
    return pace > 0
      ? t(
          '{0} reaches {1}, {2}, at about {3} UTC if it goes on: it grew by {4} a minute over the last {5}.',
          ...values,
        )
      : t(
          '{0} reaches {1}, {2}, at about {3} UTC if it goes on: it fell by {4} a minute over the last {5}.',
          ...values,
        );
  });
}

/** What is nearer is said to the second. */
const EXACT_MS = 600_000;
const DAY_MS = 86_400_000;

/** As alerts and REST say it, so that all mean the same moment: `14:32`, nearer `14:32:05`, `2026-01-31 02:10` on another day. */
function clock(time: number, now: number, exact: boolean): string {
  const step = exact ? 1000 : 60_000;
  const rounded = Math.min(8.64e15, Math.round(time / step) * step);
  const [day = '', hours = ''] = new Date(rounded).toISOString().split('T');
  const said = hours.slice(0, exact ? 8 : 5);
  return Math.floor(rounded / DAY_MS) === Math.floor(now / DAY_MS) ? said : `${day} ${said}`;
}

const LIMITS: Readonly<Record<string, () => string>> = {
  host_memory_percent: () => t('all memory of this machine'),
  memory_mb: () => t('all memory of this machine'),
  worker_memory_percent: () => t('all memory of its machine'),
  disk_percent: () => t('the whole disk'),
  host_gpu_memory_percent: () => t('all memory of the GPUs'),
};

function limitName({ evidence, metric }: Said): string | null {
  const rule = textOf(evidence, 'rule_name');
  if (rule !== null) return t('the threshold of the rule "{0}"', rule);
  return textOf(evidence, 'rule_id') === null ? (LIMITS[metric ?? '']?.() ?? null) : null;
}
