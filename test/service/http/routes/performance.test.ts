import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import type { Bottleneck } from '../../../../service/protocol/bottleneck.ts';
import type { CurrentMetrics } from '../../../../service/protocol/metricsApi.ts';
import type {
  PerformanceMetrics,
  PerformanceState,
} from '../../../../service/protocol/performance.ts';
import { type Page, read, refusal } from '../../../support/rest.ts';
import { eventually, send, useServices, useSharedService } from '../../../support/service.ts';

interface Bottlenecks extends Page {
  bottlenecks: Bottleneck[];
}

describe('the performance routes', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });

  before(async () => {
    const now = Date.now();
    await send(shared(), [
      ...Array.from({ length: 12 }, (_, i) => [
        { type: 'resource.sampled', cpu_percent: i < 4 ? 30 : 91, time: now - (12 - i) * 1000 },
        {
          type: 'worker.heartbeat',
          worker_id: 'calm',
          cpu_percent: 50,
          time: now - (12 - i) * 1000,
        },
        {
          type: 'worker.heartbeat',
          worker_id: 'bus/y',
          ipc_latency_ms: 30,
          time: now - (12 - i) * 1000,
        },
      ]).flat(),
      { type: 'task.submitted', task_id: 'a', time: now - 3000 },
      { type: 'task.completed', task_id: 'a', time: now - 1000 },
      {
        type: 'optimization.answered',
        optimization_id: 'old',
        outcome: 'refused',
        time: now - 2000,
      },
      {
        type: 'optimization.answered',
        optimization_id: 'new',
        outcome: 'applied',
        time: now - 1000,
      },
      { type: 'alert.raised', title: 'Queue full', severity: 'ERROR', component: 'queue' },
    ]);
    const found = async () => (await read<Bottlenecks>(shared(), '/api/bottlenecks')).total === 2;
    await eventually(found, 'Both bottlenecks');
  });

  it('answer what has been used up for seconds, with kind, impact, confidence and evidence', async () => {
    const { bottlenecks, total } = await read<Bottlenecks>(shared(), '/api/bottlenecks');
    assert.equal(total, 2);
    const [ipc, cpu] = bottlenecks;
    assert.deepEqual(
      bottlenecks.map(({ kind, labels, impact }) => [kind, labels, impact]),
      [
        ['IPC', { source: 'worker', worker_id: 'bus/y' }, 0.5],
        ['CPU', { source: 'host' }, 0.4],
      ],
    );
    assert.match(
      ipc?.sentence ?? '',
      /^IPC latency is 30 ms, at or above 10 ms, for 12 s \(worker bus\/y\)\.$/,
    );
    assert.deepEqual([ipc?.worker_id, ipc?.impact_basis, ipc?.pattern], ['bus/y', 'use', null]);
    assert.deepEqual(
      ipc?.evidence_series.map(({ metric, labels }) => [metric, labels]),
      [['ipc_latency_ms', { source: 'worker', worker_id: 'bus/y' }]],
    );
    assert.ok(cpu && cpu.confidence > 0.8 && cpu.confidence < 1);
    assert.deepEqual(
      [cpu.evidence.average, cpu.evidence.max, cpu.evidence.threshold],
      [91, 91, 85],
    );
    const seconds = (Date.now() - Date.parse(cpu.since)) / 1000;
    assert.ok(seconds >= 7 && seconds < 30, String(seconds));
  });

  it('filter bottlenecks by kind', async () => {
    const { bottlenecks } = await read<Bottlenecks>(
      shared(),
      '/api/bottlenecks?kind=io,cpu&limit=5',
    );
    assert.deepEqual(
      bottlenecks.map(({ kind }) => kind),
      ['CPU'],
    );
    const { code, field } = await refusal(shared(), '/api/bottlenecks?kind=TAPE');
    assert.deepEqual([code, field], ['QUERY_INVALID', '/kind']);
  });

  it('answer the newest values and the totals of all time', async () => {
    const { totals, system } = await read<PerformanceMetrics>(shared(), '/api/metrics');
    assert.deepEqual([totals.tasks_submitted, totals.tasks_completed], [1, 1]);
    assert.deepEqual([system.total_workers, system.completed_tasks], [2, 1]);
  });

  it('answer all of it as the state of the dashboard', async () => {
    const state = await read<PerformanceState>(shared(), '/api/dashboard');
    assert.equal(state.bottlenecks.length, 2);
    assert.equal(state.targets.length, 10, 'those of the document, and two on what was found');
    assert.deepEqual(
      state.optimizations.map(({ optimization_id }) => optimization_id),
      ['new', 'old'],
    );
    assert.deepEqual([state.alerts[0]?.title, state.alerts_total], ['Queue full', 1]);
    const sum = state.health.parts.reduce((total, { points }) => total + (points ?? 0), 0);
    assert.ok(Math.abs(sum - (state.health.score ?? Number.NaN)) < 1e-4);
  });

  describe('with this machine sampled', () => {
    const start = useServices();

    it('have its newest values, and those of it in the metrics routes', async () => {
      const to = await start({ config: { sampling: { host_interval_ms: 100 } } });
      const known = async () => {
        const { host } = await read<PerformanceMetrics>(to, '/api/metrics');
        return typeof host['cpu_percent'] === 'number' && typeof host['memory_mb'] === 'number';
      };
      await eventually(known, 'A look at this machine');
      const { system_metrics } = await read<CurrentMetrics>(to, '/metrics/current');
      const { cpu_percent, memory_usage_mb, uptime_seconds } = system_metrics;
      assert.ok(cpu_percent !== null && cpu_percent >= 0 && cpu_percent <= 100);
      const total = totalmem() / 1024 / 1024;
      assert.ok(memory_usage_mb !== null && memory_usage_mb > 0 && memory_usage_mb <= total);
      assert.ok(uptime_seconds > 0 && uptime_seconds < 60);
    });
  });
});
