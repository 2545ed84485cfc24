import assert from 'node:assert/strict';
import type { PeriodStatistics } from '../../../../service/protocol/domain.ts';
import type { DashboardDocument, SystemMetrics } from '../../../../service/protocol/system.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import { send, useSharedService } from '../../../support/service.ts';

const HOUR = 3_600_000;
const NOW = Date.now();
/** Begin of the hour that was three hours ago. */
const H0 = Math.floor(NOW / HOUR) * HOUR - 3 * HOUR;
/** Within the last hour, whatever the minute. */
const RECENT = NOW - 20 * 60_000;

interface Wanted {
  begin: number;
  completed: number;
  failed: number;
  timedOut?: number;
  retried?: number;
  prefix: string;
}

/** Tasks that each wait 500 ms and then run 100, 200, 300... ms; the failed ones are the last. */
function tasks({ begin, completed, failed, timedOut = 0, retried = 0, prefix }: Wanted): object[] {
  return Array.from({ length: completed + failed }, (_, i) => {
    const task_id = `${prefix}-${i}`;
    const submitted = begin + i * 1000;
    const started = submitted + 500;
    const ended = started + (i + 1) * 100;
    const isFailed = i >= completed;
    const events: object[] = [
      { type: 'task.submitted', task_id, queue: 'q', time: submitted },
      { type: 'task.started', task_id, worker_id: 'w1', time: started },
      {
        type: isFailed ? 'task.failed' : 'task.completed',
        task_id,
        worker_id: 'w1',
        time: ended,
        ...(isFailed && i - completed < timedOut && { timed_out: true }),
      },
    ];
    // Retried before the run that counts: it is started again.
    if (i < retried) events.splice(1, 0, { type: 'task.retried', task_id, time: submitted + 100 });
    return events;
  }).flat();
}

describe('the statistics', () => {
  const shared = useSharedService();

  before(async () => {
    const to = shared();
    await send(to, [
      ...tasks({ prefix: 'new', begin: RECENT, completed: 8, failed: 2, timedOut: 1, retried: 5 }),
      ...tasks({ prefix: 'old', begin: H0, completed: 4, failed: 0 }),
      // An hour late: it lands in its own hour.
      ...tasks({ prefix: 'late', begin: H0 + HOUR, completed: 1, failed: 1 }),
    ]);
    await send(to, [
      { type: 'task.submitted', task_id: 'waits', queue: 'gpu-main', time: NOW },
      { type: 'task.submitted', task_id: 'runs', queue: 'gpu-main', time: NOW },
      { type: 'task.started', task_id: 'runs', worker_id: 'g', time: NOW },
      { type: 'worker.registered', worker_id: 'g', kind: 'gpu' },
      {
        type: 'worker.heartbeat',
        worker_id: 'g',
        cpu_percent: 40,
        memory_mb: 1000,
        gpu_percent: 90,
        gpu_memory_mb: 500,
      },
      { type: 'worker.heartbeat', worker_id: 'c', kind: 'cpu', cpu_percent: 20, memory_mb: 500 },
      {
        type: 'worker.heartbeat',
        worker_id: 'h',
        kind: 'hybrid',
        cpu_percent: 99,
        memory_mb: 9999,
      },
      { type: 'worker.stopped', worker_id: 'h', time: Date.now() + 1000 },
      { type: 'queue.sampled', queue: 'gpu-main', kind: 'gpu', pending: 7 },
      { type: 'queue.sampled', queue: 'slow cpu', pending: 3 },
      { type: 'queue.sampled', queue: 'x', kind: 'fallback', pending: 2 },
      { type: 'alert.raised', title: 'Queue full', severity: 'ERROR', component: 'queue' },
    ]);
  });

  interface Answer extends Page {
    statistics: PeriodStatistics[];
  }
  const hour = (begin: number) => new Date(begin).toISOString();

  it('of hours count each event in its own hour, however late it comes', async () => {
    const { statistics } = await read<Answer>(
      shared(),
      `/api/v1/statistics/hourly?from=${H0}&to=${H0 + 2 * HOUR}`,
    );
    const seen = statistics.map((one) => [
      one.from,
      one.tasks_submitted,
      one.tasks_completed,
      one.tasks_failed,
      one.throughput_per_hour,
      one.error_rate,
    ]);
    assert.deepEqual(seen, [
      [hour(H0), 4, 4, 0, 4, 0],
      [hour(H0 + HOUR), 2, 1, 1, 1, 0.5],
    ]);
    const [old] = statistics;
    assert.equal(old?.average_task_duration_ms, 250);
    assert.equal(old.average_queue_wait_ms, 500);
    const isNear = (value: number | null, exact: number) =>
      assert.ok(value !== null && Math.abs(value - exact) <= exact / 100, `${value} ${exact}`);
    isNear(old.p50_task_duration_ms, 250);
    isNear(old.p99_task_duration_ms, 400);
  });

  it('of days add up to the same tasks', async () => {
    const { statistics } = await read<Answer>(shared(), '/api/v1/statistics/daily');
    const sum = (field: 'tasks_completed' | 'tasks_failed' | 'tasks_retried' | 'tasks_timed_out') =>
      statistics.reduce((total, one) => total + one[field], 0);
    assert.deepEqual(
      [sum('tasks_completed'), sum('tasks_failed'), sum('tasks_retried'), sum('tasks_timed_out')],
      [13, 3, 5, 1],
    );
  });

  it('come in pages that go back in time, each oldest first', async () => {
    const path = '/api/v1/statistics/hourly';
    const whole = (await read<Answer>(shared(), path)).statistics.map(({ from }) => from);
    assert.deepEqual(whole, [...whole].sort());
    assert.ok(whole.length >= 3);
    const page = await read<Answer>(shared(), `${path}?limit=2`);
    assert.deepEqual(
      page.statistics.map(({ from }) => from),
      whole.slice(-2),
    );
    const paged = await allPages<PeriodStatistics>(shared(), path, {
      name: 'statistics',
      limit: 1,
    });
    assert.deepEqual(paged.map(({ from }) => from).reverse(), whole);
  });

  it('refuse ranges that are none', async () => {
    for (const [query, field] of [
      ['from=soon', '/from'],
      ['to=1', '/to'],
      [`from=${NOW}&to=${H0}`, '/from'],
    ] as const) {
      const problem = await refusal(shared(), `/api/v1/statistics/daily?${query}`);
      assert.deepEqual([problem.code, problem.field], ['QUERY_INVALID', field], query);
    }
  });

  it('of the system are in the dashboard document, with workers, tasks and alerts', async () => {
    const document = await read<DashboardDocument>(shared(), '/api/v1/dashboard');
    const { system_metrics: system } = document;
    const { time, statistics_from, throughput_per_hour, ...numbers } = system;
    assert.deepEqual(numbers satisfies Partial<SystemMetrics>, {
      total_workers: 4,
      online_workers: 3,
      offline_workers: 0,
      stopped_workers: 1,
      healthy_workers: 3,
      gpu_workers: 1,
      cpu_workers: 1,
      hybrid_workers: 1,
      total_tasks: 18,
      pending_tasks: 1,
      processing_tasks: 1,
      completed_tasks: 13,
      failed_tasks: 3,
      gpu_queue_size: 7,
      cpu_queue_size: 3,
      fallback_queue_size: 2,
      any_queue_size: 12,
      queue_sizes: { 'gpu-main': 7, q: 0, 'slow cpu': 3, x: 2 },
      average_task_duration_ms: 550,
      // Ten waited 500 ms, one nothing.
      average_queue_wait_ms: 5000 / 11,
      average_cpu_percent: 30,
      total_memory_mb: 1500,
      average_gpu_percent: 90,
      total_gpu_memory_mb: 500,
      error_rate: 0.2,
      timeout_rate: 0.1,
      retry_rate: 5 / 12,
    });
    const hours = (Date.parse(time) - Date.parse(statistics_from)) / HOUR;
    assert.ok(hours > 0.98 && hours <= 1, String(hours));
    assert.ok(Math.abs(throughput_per_hour - 8 / hours) < 1e-9);
    assert.deepEqual(
      document.worker_metrics.map(({ worker_id }) => worker_id),
      ['c', 'g', 'h', 'w1'],
    );
    assert.equal(document.recent_tasks.length, 18);
    assert.deepEqual(
      new Set(document.recent_tasks.slice(0, 2).map(({ task_id }) => task_id)),
      new Set(['waits', 'runs']),
    );
    assert.deepEqual(
      document.active_alerts.map(({ title }) => title),
      ['Queue full'],
    );
    assert.ok(document.hourly_stats.some(({ from }) => from === hour(H0 + HOUR)));
    assert.ok(document.daily_stats.length >= 1);
    assert.equal(document.truncated, false);
  });
});
