import assert from 'node:assert/strict';
import type { HealthScore, TargetRecord } from '../../../../service/protocol/targets.ts';
import { type Page, read, refusal } from '../../../support/rest.ts';
import { send, useServices, useSharedService } from '../../../support/service.ts';

const MINUTE = 60_000;

interface Targets extends Page {
  targets: TargetRecord[];
}

describe('the routes of targets and health', () => {
  const shared = useSharedService({
    sampling: { host_interval_ms: 0 },
    targets: [
      {
        target_id: 'queue',
        title: 'Queue',
        metric: 'queue_pending',
        unit: 'tasks',
        direction: 'at_most',
        target: 50,
        critical: 150,
        weight: 2,
      },
      { target_id: 'python_memory', weight: 0 },
    ],
  });

  before(async () => {
    const now = Date.now();
    const metric = (name: string, value: number, minutes: number, more: object = {}) => ({
      type: 'metric.recorded',
      name,
      value,
      time: now - minutes * MINUTE,
      ...more,
    });
    await send(shared(), [
      // 5 documents each 10 minutes for 50 minutes.
      ...[0, 1, 2, 3, 4, 5].map((i) =>
        metric('documents_processed', 100 + i * 5, 50 - i * 10, { kind: 'counter' }),
      ),
      metric('rust_memory_gb', 66, 4),
      metric('rust_memory_gb', 65, 3),
      metric('rust_memory_gb', 12, 2, { worker_id: 'small' }),
      metric('python_memory_gb', 99, 1),
      // Too old to count.
      metric('shared_memory_gb', 99, 30),
      ...Array.from({ length: 200 }, (_, i) => ({
        type: 'resource.sampled',
        worker_id: 'w',
        ipc_latency_ms: (i + 1) / 10,
        time: now - MINUTE + i,
      })),
      ...[80, 90, 100].map((cpu_percent, i) => ({
        type: 'resource.sampled',
        cpu_percent,
        time: now - 30_000 + i * 1000,
      })),
      // A worker's CPU is not that of the machine.
      { type: 'resource.sampled', worker_id: 'w', cpu_percent: 1, time: now - 20_000 },
      // 60 tasks and 40 requests of which 3 failed.
      ...Array.from({ length: 60 }, (_, i) => ({
        type: i < 2 ? 'task.failed' : 'task.completed',
        task_id: `t${i}`,
        queue: 'q',
        time: now - 5 * MINUTE,
      })),
      ...Array.from({ length: 40 }, (_, i) => ({
        type: 'request.recorded',
        endpoint: '/a',
        status_code: i === 0 ? 500 : 200,
        duration_ms: 1,
        time: now - 10 * MINUTE,
      })),
      { type: 'queue.sampled', queue: 'a', pending: 10 },
      { type: 'queue.sampled', queue: 'b', pending: 100 },
    ]);
  });

  it('read each value from its series, the worst of several', async () => {
    const { targets } = await read<Targets>(shared(), '/api/v1/targets');
    const seen = new Map(targets.map((one) => [one.target_id, one]));
    const valueOf = (id: string) => seen.get(id)?.value;
    assert.equal(seen.size, 11);
    assert.equal(valueOf('rust_memory'), 65);
    assert.equal(valueOf('shared_memory'), null);
    assert.equal(valueOf('cpu_utilization'), 90);
    assert.ok(Math.abs((valueOf('error_rate') ?? 0) - 3) < 1e-9);
    assert.ok(Math.abs((valueOf('ipc_latency_p99') ?? 0) - 19.8) <= 0.198);
    assert.equal(valueOf('queue'), 100);
    // 25 documents in 50 minutes.
    assert.ok(
      Math.abs((valueOf('document_processing_rate') ?? 0) - 30) <= 1,
      String(valueOf('document_processing_rate')),
    );
    assert.deepEqual(
      ['rust_memory', 'python_memory', 'shared_memory', 'document_processing_rate'].map(
        (id) => seen.get(id)?.status,
      ),
      ['WARNING', 'CRITICAL', 'UNKNOWN', 'OK'],
    );
  });

  it('are filtered by status', async () => {
    const { targets, total } = await read<Targets>(
      shared(),
      '/api/v1/targets?status=unknown,CRITICAL&limit=1',
    );
    assert.equal(total, 2);
    assert.deepEqual(
      targets.map(({ target_id }) => target_id),
      ['python_memory'],
    );
    const { field, code } = await refusal(shared(), '/api/v1/targets?status=FINE');
    assert.deepEqual([code, field], ['QUERY_INVALID', '/status']);
  });

  it('make a score that shows what it is made of', async () => {
    const health = await read<HealthScore>(shared(), '/api/v1/health-score');
    const parts = new Map(health.parts.map((part) => [part.target_id, part]));
    // What is not counted is no part.
    assert.deepEqual([...parts.keys()].sort(), [
      'cpu_utilization',
      'document_processing_rate',
      'error_rate',
      'ipc_latency_p99',
      'open_bottlenecks',
      'predicted_limits',
      'queue',
      'rust_memory',
      'shared_memory',
    ]);
    // Seven of weight 1 and the queue with 2: documents 1, rust 0.5, IPC about 0.755, CPU 0.5, errors 0.5, queue 0.5, and
    // what is open.
    const open = ['open_bottlenecks', 'predicted_limits'].map((id) => parts.get(id)?.value ?? 4);
    const found = open.reduce((sum, value) => sum + Math.max(0, 1 - value / 4), 0);
    const ipc = 1 - ((parts.get('ipc_latency_p99')?.value ?? 0) - 10) / 40;
    const exact = ((1 + 0.5 + ipc + 0.5 + 0.5 + found + 2 * 0.5) / 9) * 100;
    assert.ok(Math.abs((health.score ?? 0) - exact) < 1e-3, `${health.score} ${exact}`);
    const sum = health.parts.reduce((total, { points }) => total + (points ?? 0), 0);
    assert.ok(Math.abs(sum - (health.score ?? 0)) < 1e-4);
    assert.equal(health.status, 'WARNING');
    assert.match(parts.get('shared_memory')?.sentence ?? '', /not known/);
    assert.match(
      parts.get('queue')?.sentence ?? '',
      /^Queue is 100 tasks, between its target of at most 50 and the critical 150: 11\.1 of 22\.2 points\.$/,
    );
  });

  describe('with nothing heard', () => {
    const start = useServices();

    it('know nothing, and say so', async () => {
      const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
      const health = await read<HealthScore>(to, '/api/v1/health-score');
      assert.deepEqual([health.score, health.status], [null, 'UNKNOWN']);
      assert.match(health.sentence, /not known/);
      const { targets } = await read<Targets>(to, '/api/v1/targets');
      assert.ok(targets.every(({ value, status }) => value === null && status === 'UNKNOWN'));
      assert.equal((await read(to, '/health'))['status'], 'HEALTHY');
    });
  });
});
