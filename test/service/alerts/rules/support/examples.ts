/**
 * For each kind of rule whose subject has a value: a rule, how its subject comes to a value by real events, values around
 * its bounds, and what its alert says. `at` is the last value that is no reason for an alert.
 */
import type { Court, Said } from '../../../../support/court.ts';
import type { RuleKind, RuleScope } from '../../../../../service/protocol/rule.ts';

export interface Example {
  kind: RuleKind;
  params: Record<string, unknown>;
  /** What is looked at: values of before are out of it after so long. */
  range_ms: number;
  /** Tells the subject's value; `ago` milliseconds before now. */
  feed: () => (court: Court, value: number, ago?: number) => void;
  at: number;
  over: number;
  inside: number;
  good: number;
  said: Said;
  /** Scopes that have the subject in them, and scopes that have not. */
  holds: RuleScope[];
  leaves: RuleScope[];
  /** What `{{value}}` and `{{threshold}}` become. */
  words: [string, string];
  config?: object;
}

const times = (n: number, of: (i: number) => object) => Array.from({ length: n }, (_, i) => of(i));

function machine(
  kind: RuleKind,
  what: string,
  { metric = 'cpu_percent', event = (value: number): object => ({ [metric]: value }) } = {},
): Example {
  return {
    ...{ kind, params: { threshold_percent: 80 }, range_ms: 60_000 },
    feed:
      () =>
      (court, value, ago = 0) => {
        const time = court.now - ago;
        court.hear({ type: 'worker.heartbeat', worker_id: 'w1', time, ...event(value) });
      },
    ...{ at: 80, over: 80.4, inside: 75, good: 71 },
    said: {
      title: `The machine of worker w1 is short of ${what}`,
      description: `The machine of worker w1 has had just over 80 % of its ${what} in use over the last minute; the threshold is 80 %.`,
      ...{ component: 'machine', component_id: 'w1', metric, value: 80.4, threshold: 80 },
      tags: { worker: 'w1', worker_id: 'w1' },
    },
    holds: [{ worker: 'w*' }, { worker: 'w1' }],
    leaves: [{ worker: 'w2' }, { worker: 'x*' }],
    words: ['just over 80 %', '80 %'],
  };
}

const request = (endpoint: string, fields: object) => ({
  type: 'request.recorded',
  ...{ endpoint, method: 'GET', status_code: 200, duration_ms: 10 },
  ...fields,
});

export const EXAMPLES: Example[] = [
  machine('machine_cpu', 'CPU'),
  machine('machine_memory', 'memory', {
    metric: 'host_memory_percent',
    event: (value) => ({ memory_mb: value * 10, memory_total_mb: 1000 }),
  }),
  machine('machine_gpu', 'GPU', { metric: 'gpu_percent' }),
  machine('machine_disk', 'disk', { metric: 'disk_percent' }),
  {
    kind: 'error_rate',
    params: { threshold_percent: 10, range_ms: 60_000, least: 20 },
    range_ms: 60_000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear(
          ...times(100, (i) =>
            request('/predict', { time: court.now - ago, status_code: i < value ? 503 : 404 }),
          ),
        ),
    ...{ at: 10, over: 12, inside: 10, good: 9 },
    said: {
      title: '/predict has many errors',
      description: '12 % of 100 requests failed in the last 1m 00s; the threshold is 10 %.',
      ...{ component: 'endpoint', component_id: '/predict', metric: 'error_rate_percent' },
      ...{ value: 12, threshold: 10, tags: { endpoint: '/predict' } },
    },
    holds: [{ subject: '/predict' }, { subject: '/p*' }],
    leaves: [{ subject: '/train' }, { labels: { method: 'POST' } }],
    words: ['12 %', '10 %'],
  },
  {
    kind: 'task_error_rate',
    params: { threshold_percent: 20, range_ms: 60_000, least: 20 },
    range_ms: 60_000,
    feed: () => {
      let task = 0;
      return (court, value, ago = 0) =>
        court.hear(
          ...times(100, (i) => ({
            type: i < value ? 'task.failed' : 'task.completed',
            ...{ task_id: `t${task++}`, queue: 'gpu', time: court.now - ago },
            ...(i < value && { error: { message: 'no' } }),
          })),
        );
    },
    ...{ at: 20, over: 25, inside: 19, good: 18 },
    said: {
      title: 'Many tasks fail',
      description: '25 % of 100 tasks failed in the last 1m 00s; the threshold is 20 %.',
      ...{ component: 'tasks', component_id: 'all', metric: 'task_error_rate_percent' },
      ...{ value: 25, threshold: 20, tags: {} },
    },
    holds: [{ subject: 'gpu' }, { subject: 'g*' }],
    leaves: [{ subject: 'cpu' }],
    words: ['25 %', '20 %'],
  },
  {
    kind: 'response_time',
    params: { threshold_ms: 500, aggregation: 'avg', range_ms: 60_000, least: 20 },
    range_ms: 60_000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear(
          ...times(20, () => request('/predict', { time: court.now - ago, duration_ms: value })),
        ),
    ...{ at: 500, over: 600, inside: 480, good: 450 },
    said: {
      title: '/predict is slow',
      description:
        'The 20 requests of the last 1m 00s took 600 ms on average; the threshold is 500 ms.',
      ...{ component: 'endpoint', component_id: '/predict', metric: 'response_time_ms' },
      ...{ value: 600, threshold: 500, tags: { endpoint: '/predict' } },
    },
    holds: [{ subject: '/predict' }, { subject: '*' }],
    leaves: [{ subject: '/pre' }, { labels: { method: 'POST' } }],
    words: ['600 ms', '500 ms'],
  },
  {
    kind: 'model_accuracy',
    params: { degradation_percent: 20 },
    range_ms: 3_600_000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear(
          { type: 'model.baselined', model: 'eta', mae: 2, time: court.now - 7_200_000 },
          ...times(10, () => ({
            type: 'prediction.recorded',
            ...{ model: 'eta', absolute_error: 2 * (1 + value / 100), time: court.now - ago },
          })),
        ),
    ...{ at: 20, over: 25, inside: 19, good: 17 },
    said: {
      title: 'Model eta has become worse',
      description:
        'The mean absolute error of the 10 predictions of the last 1h 00m is 2.5, 25 % above the baseline of 2; the threshold is 20 %.',
      ...{ component: 'model', component_id: 'eta', metric: 'degradation_percent' },
      ...{ value: 25, threshold: 20, tags: { model: 'eta' } },
    },
    holds: [{ subject: 'eta' }, { subject: 'e*' }],
    leaves: [{ subject: 'price' }],
    words: ['25 %', '20 %'],
  },
  {
    kind: 'cache_hit_rate',
    params: { threshold_percent: 50, range_ms: 60_000, least: 100 },
    range_ms: 60_000,
    feed: () => {
      let [hits, misses] = [0, 0];
      return (court, value, ago = 0) => {
        const sample = (back: number) => ({
          type: 'cache.sampled',
          ...{ cache: 'pages', hits, misses, time: court.now - ago - back },
        });
        const first = sample(1);
        hits += value * 10;
        misses += (100 - value) * 10;
        court.hear(first, sample(0));
      };
    },
    ...{ at: 50, over: 40, inside: 52, good: 60 },
    said: {
      title: 'Cache pages helps too little',
      description: '40 % of 1,000 lookups in the last 1m 00s were hits; the threshold is 50 %.',
      ...{ component: 'cache', component_id: 'pages', metric: 'cache_hit_rate_percent' },
      ...{ value: 40, threshold: 50, tags: { cache: 'pages' } },
    },
    holds: [{ subject: 'pages' }, { subject: 'p*s' }],
    leaves: [{ subject: 'images' }],
    words: ['40 %', '50 %'],
  },
  {
    kind: 'queue_size',
    params: { threshold: 100 },
    range_ms: 1000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear({ type: 'queue.sampled', queue: 'gpu', pending: value, time: court.now - ago }),
    ...{ at: 100, over: 1200, inside: 95, good: 90 },
    said: {
      title: 'Queue gpu is long',
      description: '1,200 tasks wait in queue gpu; the threshold is 100.',
      ...{ component: 'queue', component_id: 'gpu', metric: 'queue_pending' },
      ...{ value: 1200, threshold: 100, tags: {} },
    },
    holds: [{ subject: 'gpu' }, { subject: '*pu' }],
    leaves: [{ subject: 'cpu' }],
    words: ['1,200 tasks', '100 tasks'],
  },
  {
    kind: 'queue_wait',
    params: { threshold_ms: 60_000 },
    range_ms: 1000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear({
          type: 'queue.sampled',
          ...{ queue: 'gpu', pending: 3, oldest_wait_ms: value, time: court.now - ago },
        }),
    ...{ at: 60_000, over: 90_000, inside: 57_000, good: 50_000 },
    said: {
      title: 'Tasks wait long in gpu',
      description: 'The oldest task of queue gpu has waited for 1m 30s; the threshold is 1m 00s.',
      ...{ component: 'queue', component_id: 'gpu', metric: 'queue_oldest_wait_ms' },
      ...{ value: 90_000, threshold: 60_000, tags: {} },
    },
    holds: [{ subject: 'gpu' }, { subject: 'g*' }],
    leaves: [{ subject: 'cpu' }],
    words: ['1m 30s', '1m 00s'],
  },
  {
    kind: 'threshold',
    params: {
      ...{ metric: 'temperature', labels: { room: '*' }, group_by: ['room'] },
      ...{ aggregation: 'avg', range_ms: 60_000, direction: 'below', value: 18 },
    },
    range_ms: 60_000,
    feed:
      () =>
      (court, value, ago = 0) =>
        court.hear({
          type: 'metric.recorded',
          ...{ name: 'temperature', unit: '°C', value, time: court.now - ago },
          labels: { room: 'lab', floor: '2' },
        }),
    ...{ at: 18, over: 12, inside: 19, good: 20 },
    said: {
      title: 'temperature{room=lab} is low',
      description:
        'The average of temperature{room=lab} over the last 1m 00s is 12 °C; the threshold is 18 °C.',
      ...{ component: 'metric', component_id: 'temperature{room=lab}', metric: 'temperature' },
      ...{ value: 12, threshold: 18, tags: { room: 'lab' } },
    },
    holds: [{ labels: { floor: '2' } }, { labels: { room: 'l*' } }],
    leaves: [{ labels: { floor: '3' } }, { worker: 'w*' }, { subject: 'lab' }, { pipeline: '*' }],
    words: ['12 °C', '18 °C'],
  },
];
