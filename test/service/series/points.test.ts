import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_TARGETS } from '../../../service/analysis/targets.ts';
import { type Event, PUBLIC_EVENTS } from '../../../service/protocol/event.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';
import { HOST_METRICS } from '../../../service/sampler/hostMetrics.ts';
import { type PointLookup, pointsOf } from '../../../service/series/points.ts';

const T = Date.UTC(2026, 0, 5, 10);

function event(value: { type: string } & Record<string, unknown>): Event {
  const { events, rejected } = parseEvents([{ id: 'e', time: T, ...value }], {
    now: T,
    newId: () => 'never',
  });
  assert.deepEqual(rejected, []);
  return events[0] ?? assert.fail();
}

const lookup: PointLookup = {
  pipelineOf: (job_id) => (job_id === 'run-17' ? 'nightly' : undefined),
  task: (task_id) =>
    task_id === 'task-9'
      ? {
          ...{ ended_at: T, wait_ms: 5, processing_ms: 20, total_ms: 25 },
          ...{ queue: 'gpu', content_type: 'image', worker_id: 'w1' },
        }
      : task_id === 'open'
        ? {
            ...{ ended_at: null, wait_ms: null, processing_ms: null, total_ms: null },
            ...{ queue: 'gpu', content_type: null, worker_id: null },
          }
        : undefined,
  phaseTime: (job_id, phase_id) => (job_id === 'run-17' && phase_id === 'A' ? 1500 : undefined),
};

/** `metric{label=value} value kind unit`, one a point. */
function told(value: { type: string } & Record<string, unknown>): string[] {
  return pointsOf(event(value), lookup).map((point) => {
    assert.equal(point.time, T);
    const labels = Object.entries(point.labels).map(([name, text]) => `${name}=${text}`);
    const of = `${point.metric}{${labels.join(',')}}`;
    return [of, point.value, point.kind, point.unit ?? '-'].join(' ');
  });
}

const JOB = { job_id: 'run-17' };

describe('points of events', () => {
  it('are the resources of a job, a worker or the machine', () => {
    const sample = { type: 'resource.sampled', cpu_percent: 50, net_in_mb_s: 2 };
    assert.deepEqual(told({ ...sample, ...JOB, phase_id: 'A', worker_id: 'w1' }), [
      'cpu_percent{source=job,pipeline=nightly,phase_id=A} 50 gauge percent',
      'net_in_mb_s{source=job,pipeline=nightly,phase_id=A} 2 gauge MB/s',
    ]);
    assert.deepEqual(
      told({ ...sample, job_id: 'gone' })[0],
      'cpu_percent{source=job} 50 gauge percent',
    );
    assert.deepEqual(
      told({ ...sample, worker_id: 'w1' })[1],
      'net_in_mb_s{source=worker,worker_id=w1} 2 gauge MB/s',
    );
    assert.deepEqual(told(sample)[0], 'cpu_percent{source=host} 50 gauge percent');
  });

  it('are what a worker tells with its heartbeat', () => {
    const beat = { worker_id: 'w/ü', active_tasks: 3, latency_ms: 4, gpu_memory_mb: 900 };
    for (const type of ['worker.registered', 'worker.heartbeat', 'worker.stopped'])
      assert.deepEqual(told({ type, ...beat }), [
        'worker_latency_ms{worker_id=w/ü} 4 gauge ms',
        'worker_active_tasks{worker_id=w/ü} 3 gauge tasks',
        'gpu_memory_mb{source=worker,worker_id=w/ü} 900 gauge MB',
      ]);
    assert.deepEqual(told({ type: 'worker.heartbeat', worker_id: 'w1' }), []);
  });

  it('are the length and the wait of a queue', () => {
    const queue = { type: 'queue.sampled', queue: 'q', pending: 12 };
    assert.deepEqual(told({ ...queue, kind: 'gpu', oldest_wait_ms: 70 }), [
      'queue_pending{queue=q,kind=gpu} 12 gauge tasks',
      'queue_oldest_wait_ms{queue=q,kind=gpu} 70 gauge ms',
    ]);
    assert.deepEqual(told(queue), ['queue_pending{queue=q} 12 gauge tasks']);
  });

  it('are the time of a request and whether the service failed', () => {
    const request = { type: 'request.recorded', endpoint: '/v1/x', method: 'GET', duration_ms: 8 };
    const of = '{endpoint=/v1/x,method=GET}';
    for (const [status_code, error] of [
      [200, 0],
      [404, 0],
      [499, 0],
      [500, 1],
      [503, 1],
    ] as const)
      assert.deepEqual(told({ ...request, status_code }), [
        `request_duration_ms${of} 8 histogram ms`,
        `request_errors${of} ${error} histogram errors`,
      ]);
  });

  it('are what a prediction was worth', () => {
    const prediction = { type: 'prediction.recorded', model: 'm' };
    assert.deepEqual(told({ ...prediction, absolute_error: 0.5, confidence: 0.9, r2: -0.2 }), [
      'prediction_absolute_error{model=m} 0.5 histogram -',
      'prediction_confidence{model=m} 0.9 histogram -',
      'prediction_r2{model=m} -0.2 gauge -',
    ]);
    assert.deepEqual(told(prediction), []);
  });

  it('are hits and misses of a cache, and their rate once it was asked', () => {
    const cache = { type: 'cache.sampled', cache: 'c' };
    assert.deepEqual(told({ ...cache, hits: 3, misses: 1, size_mb: 2 }), [
      'cache_hits{cache=c} 3 counter hits',
      'cache_misses{cache=c} 1 counter misses',
      'cache_hit_rate_percent{cache=c} 75 gauge percent',
      'cache_size_mb{cache=c} 2 gauge MB',
    ]);
    assert.equal(told({ ...cache, hits: 0, misses: 0 }).length, 2);
  });

  it('count tasks, and time them at their end', () => {
    const task = { task_id: 'task-9' };
    const count = (name: string) => `${name}{queue=gpu} 1 histogram tasks`;
    const open = { task_id: 'open' };
    assert.deepEqual(told({ type: 'task.submitted', ...open }), [count('tasks_submitted')]);
    assert.deepEqual(told({ type: 'task.started', ...open }), []);
    assert.deepEqual(told({ type: 'task.retried', ...open }), [count('tasks_retried')]);
    const of = '{queue=gpu,content_type=image,worker_id=w1}';
    const times = [
      `task_wait_ms${of} 5 histogram ms`,
      `task_processing_ms${of} 20 histogram ms`,
      `task_total_ms${of} 25 histogram ms`,
    ];
    assert.deepEqual(told({ type: 'task.completed', ...task }), [
      count('tasks_completed'),
      ...times,
    ]);
    assert.deepEqual(told({ type: 'task.failed', ...task, timed_out: true }), [
      count('tasks_failed'),
      count('tasks_timed_out'),
      ...times,
    ]);
    // What is heard of it only after its end makes its times known, at its end.
    assert.deepEqual(told({ type: 'task.started', ...task }), times);
    assert.deepEqual(told({ type: 'task.submitted', ...task }), [
      count('tasks_submitted'),
      ...times,
    ]);
  });

  it('take what the event of a task says before what is known of it, and do without both', () => {
    assert.deepEqual(
      told({ type: 'task.completed', task_id: 'task-9', queue: 'q', worker_id: 'w2' })[1],
      'task_wait_ms{queue=q,content_type=image,worker_id=w2} 5 histogram ms',
    );
    assert.deepEqual(told({ type: 'task.failed', task_id: 'new' }), [
      'tasks_failed{} 1 histogram tasks',
    ]);
  });

  it('are the time of a phase that ended, where it is known', () => {
    const of = { ...JOB, phase_id: 'A' };
    const point = 'phase_execution_time_ms{pipeline=nightly,phase_id=A} 1500 histogram ms';
    assert.deepEqual(told({ type: 'phase.completed', ...of }), [point]);
    assert.deepEqual(told({ type: 'phase.failed', ...of, error: { message: 'no' } }), [point]);
    assert.deepEqual(told({ type: 'phase.completed', ...of, phase_id: 'B' }), []);
  });

  it('are signals by their count', () => {
    assert.deepEqual(told({ type: 'signal.counted', ...JOB, signal: 's', count: 4 }), [
      'signals{signal=s,pipeline=nightly} 4 histogram signals',
    ]);
    assert.deepEqual(told({ type: 'signal.counted', ...JOB, signal: 's' })[0]?.split(' ')[1], '1');
  });

  it('are metrics of a name of their own, with their labels but for ids of runs', () => {
    const metric = { type: 'metric.recorded', name: 'loss', value: -1.5 };
    assert.deepEqual(
      told({
        ...{ ...metric, ...JOB, phase_id: 'A', worker_id: 'w1', kind: 'histogram', unit: 'nats' },
        labels: { split: 'test', job_id: 'run-17', worker_id: 'other' },
      }),
      ['loss{split=test,worker_id=w1,phase_id=A,pipeline=nightly} -1.5 histogram nats'],
    );
    assert.deepEqual(told(metric), ['loss{} -1.5 gauge -']);
  });

  it('share one list that nobody can change where an event makes none', () => {
    const silent = [
      { type: 'job.progress', ...JOB },
      { type: 'log.recorded', level: 'info', message: 'm' },
      { type: 'phase.started', ...JOB, phase_id: 'A' },
    ].map((value) => pointsOf(event(value), lookup));
    assert.ok(silent.every((points) => points === silent[0] && points.length === 0));
    assert.ok(Object.isFrozen(silent[0]));
  });

  it('never carry an id of a job or task, whatever the event', () => {
    const fields = {
      ...{ ...JOB, phase_id: 'A', task_id: 'task-9', worker_id: 'w1', model: 'm', queue: 'q' },
      ...{ pending: 1, endpoint: '/', status_code: 200, duration_ms: 1, cache: 'c', hits: 1 },
      ...{ misses: 1, signal: 's', name: 'n', value: 1, cpu_percent: 1, absolute_error: 1 },
      ...{ labels: { run_id: 'run-17', job_id: 'run-17', task_id: 'task-9' }, level: 'info' },
      ...{ message: 'm', action: 'a', title: 't', optimization_id: 'o', outcome: 'applied' },
      ...{ parameter: 'workers', minimum: 1, maximum: 8 },
      ...{ severity: 'INFO', component: 'c', path: 'p', error: { message: 'm' } },
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(PUBLIC_EVENTS)), (type) => {
        const kind = /^(worker|metric|parameter)/.test(type) ? {} : { kind: 'gpu' };
        for (const { labels } of pointsOf(event({ ...fields, ...kind, type }), lookup))
          assert.ok(
            Object.values(labels).every((text) => !/run-17|task-9/.test(text)),
            type,
          );
      }),
    );
  });
});

describe('A metric that several sources measure', () => {
  it('has the same unit, whoever measures it', () => {
    const every = { cpu_percent: 1, memory_mb: 1, gpu_percent: 1, gpu_memory_mb: 1 };
    const more = { disk_percent: 1, disk_read_mb_s: 1, disk_write_mb_s: 1 };
    const sampled = {
      type: 'resource.sampled',
      ...every,
      ...more,
      net_in_mb_s: 1,
      net_out_mb_s: 1,
    };
    const units = [
      ...pointsOf(event(sampled), lookup).map(({ metric, unit }) => [metric, unit] as const),
      ...Object.entries(HOST_METRICS).map(([metric, [unit]]) => [metric, unit] as const),
      ...DEFAULT_TARGETS.map(({ metric, unit }) => [metric, unit] as const),
    ];
    for (const [metric, unit] of units) {
      const others = units.filter(([name]) => name === metric).map(([, other]) => other);
      assert.deepEqual([...new Set(others)], [unit], metric);
      if (metric.endsWith('_percent')) assert.equal(unit, 'percent', metric);
    }
    assert.equal(units.filter(([metric]) => metric === 'cpu_percent').length, 3);
  });
});
