import assert from 'node:assert/strict';
import { findWorker, workerRecords } from '../../../../service/core/domain/queries.ts';
import { retainWorkers } from '../../../../service/core/domain/retention.ts';
import { silentWorkers } from '../../../../service/core/silence.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import type { Model } from '../../../../service/core/fold.ts';
import type { WorkerRecord } from '../../../../service/protocol/domain.ts';
import { T0, events, fold, foldInto } from './support.ts';

const w = { worker_id: 'w' };
const HOUR = 3600;
const AFTER = 300_000;

function worker(model: Model, id = 'w'): WorkerRecord {
  const record = findWorker(model.domain, id);
  assert.ok(record);
  return record;
}

/** Failing and passing tasks of the worker, one a second. */
function ends(pattern: string) {
  return [...pattern].map((letter, n) => ({
    id: `end${n}`,
    type: letter === 'x' ? 'task.failed' : 'task.completed',
    time: n,
    task_id: `t${n}`,
    ...w,
  }));
}

describe('a worker', () => {
  it('is the whole record, of what it told and what its tasks did', () => {
    const id = 'rack/7/ナノ #1?';
    const stream = events(
      { type: 'worker.registered', time: 0, worker_id: id, kind: 'hybrid', host: 'box', slots: 2 },
      {
        type: 'worker.heartbeat',
        time: 5,
        worker_id: id,
        cpu_percent: 55.5,
        latency_ms: 1.5,
        labels: { zone: 'b' },
      },
      { type: 'task.started', time: 6, worker_id: id, task_id: 'a' },
      { type: 'task.completed', time: 8, worker_id: id, task_id: 'a' },
      { type: 'task.started', time: 8, worker_id: id, task_id: 'b' },
      { type: 'task.failed', time: 9, worker_id: id, task_id: 'b', timed_out: true },
      { type: 'task.started', time: 9, worker_id: id, task_id: 'c' },
      { type: 'log.recorded', time: 10, worker_id: id, level: 'error', message: 'xid' },
      { type: 'resource.sampled', time: 11, worker_id: id, memory_mb: 900 },
    );
    const { seq, ...record } = worker(fold(stream), id);
    assert.equal(seq, 9);
    assert.deepStrictEqual(record, {
      worker_id: id,
      kind: 'hybrid',
      host: 'box',
      state: 'ONLINE',
      is_online: true,
      is_healthy: true,
      health_reason: null,
      registered_at: '2026-01-05T10:00:00.000Z',
      last_heartbeat: '2026-01-05T10:00:11.000Z',
      offline_since: null,
      active_tasks: 1,
      completed_tasks: 1,
      failed_tasks: 1,
      total_processing_ms: 3000,
      average_task_ms: 1500,
      cpu_percent: 55.5,
      memory_mb: 900,
      gpu_percent: null,
      gpu_memory_mb: null,
      disk_percent: null,
      disk_read_mb_s: null,
      disk_write_mb_s: null,
      net_in_mb_s: null,
      net_out_mb_s: null,
      ipc_latency_ms: null,
      latency_ms: 1.5,
      bytes_transferred: null,
      error_count: 2,
      timeout_count: 1,
      consecutive_failures: 1,
      labels: { zone: 'b' },
      extra: { slots: 2 },
    });
  });

  it('is offline when nothing has arrived for long, and online again by any sign of life', () => {
    const signs = [
      { type: 'worker.heartbeat', ...w },
      { type: 'task.completed', task_id: 't', ...w },
      { type: 'resource.sampled', cpu_percent: 1, ...w },
      { type: 'log.recorded', level: 'info', message: 'here', ...w },
    ];
    for (const sign of signs) {
      const model = fold(events({ type: 'worker.registered', time: 0, ...w }));
      const limits = { startedAt: T0 - 1e9, after: AFTER };
      assert.deepEqual(silentWorkers(model, { ...limits, now: T0 + AFTER - 1 }), []);
      const lost = silentWorkers(model, { ...limits, now: T0 + AFTER });
      assert.equal(lost.length, 1);
      foldInto(model, lost);
      const offline = worker(model);
      assert.equal(offline.state, 'OFFLINE');
      assert.equal(offline.offline_since, '2026-01-05T10:00:00.000Z');
      assert.match(
        offline.health_reason ?? '',
        /^Nothing has been heard of it since 2026-01-05T10:00:00/,
      );
      assert.deepEqual(silentWorkers(model, { ...limits, now: T0 + 2 * AFTER }), []);
      foldInto(model, events({ ...sign, id: 'later', time: 400 }));
      assert.deepEqual([worker(model).state, worker(model).offline_since], ['ONLINE', null]);
    }
  });

  it('whose clock is an hour wrong is as alive as any other', () => {
    for (const wrong of [-HOUR, HOUR]) {
      const receivedAt = ({ time }: { time: number }) => time - wrong * 1000;
      const model = fold(
        events(
          { type: 'worker.registered', time: wrong, ...w },
          { type: 'worker.heartbeat', time: wrong + 100, ...w, cpu_percent: 3 },
        ),
        { receivedAt },
      );
      const limits = { startedAt: T0 - 1e9, after: AFTER };
      assert.deepEqual(silentWorkers(model, { ...limits, now: T0 + 200_000 }), []);
      assert.equal(worker(model).last_heartbeat, '2026-01-05T10:01:40.000Z');
      assert.equal(silentWorkers(model, { ...limits, now: T0 + 100_000 + AFTER }).length, 1);
      foldInto(model, events({ id: 's', type: 'worker.stopped', time: wrong + 120, ...w }), {
        receivedAt,
      });
      assert.equal(worker(model).state, 'STOPPED');
    }
  });

  it('is not called silent for the time in which nobody listened', () => {
    const model = fold(events({ type: 'worker.heartbeat', time: 0, ...w }));
    const startedAt = T0 + 3_600_000;
    assert.deepEqual(silentWorkers(model, { startedAt, now: startedAt + 1000, after: AFTER }), []);
    assert.equal(
      silentWorkers(model, { startedAt, now: startedAt + AFTER, after: AFTER }).length,
      1,
    );
  });

  it('that was stopped stays so until it is there again, whatever its tasks still say', () => {
    const model = fold(
      events(
        { type: 'worker.registered', time: 0, ...w },
        { type: 'worker.stopped', time: 10, ...w },
        { type: 'task.completed', time: 11, task_id: 't', ...w },
        { type: 'worker.heartbeat', time: 9, ...w },
      ),
    );
    assert.deepEqual(
      [worker(model).state, worker(model).offline_since],
      ['STOPPED', '2026-01-05T10:00:10.000Z'],
    );
    const limits = { startedAt: 0, now: T0 + 1e8, after: AFTER };
    assert.deepEqual(silentWorkers(model, limits), []);
    foldInto(model, events({ id: 'again', type: 'worker.registered', time: 20, ...w }));
    assert.deepEqual([worker(model).state, worker(model).is_healthy], ['ONLINE', true]);
  });

  it('is unhealthy after three failures in a row, by the times of the ends', () => {
    const failures = (pattern: string) =>
      worker(fold(events(...ends(pattern)))).consecutive_failures;
    assert.deepEqual(
      ['', 'x', 'xx.', 'x.xx', '.xxx', 'x'.repeat(100)].slice(1).map(failures),
      [1, 0, 2, 3, 64],
    );
    const late = fold(events(...ends('.xxx')).reverse());
    assert.equal(worker(late).is_healthy, false);
    assert.equal(worker(late).health_reason, 'Its last 3 tasks failed. Look at their errors.');
    // One of them is retried, so it did not fail for good.
    foldInto(late, events({ id: 'r', type: 'task.retried', time: 5, task_id: 't2' }));
    assert.deepEqual(
      [worker(late).consecutive_failures, worker(late).failed_tasks, worker(late).is_healthy],
      [2, 2, true],
    );
  });

  it('says itself how many tasks it has, else its running ones are counted', () => {
    const model = fold(
      events(
        { type: 'worker.heartbeat', time: 0, ...w, active_tasks: 5 },
        { type: 'task.started', time: 1, task_id: 't', ...w },
      ),
    );
    assert.equal(worker(model).active_tasks, 5);
    foldInto(model, events({ id: 'h2', type: 'worker.heartbeat', time: 2, ...w }));
    assert.equal(worker(model).active_tasks, 1);
  });

  it('loses a task to the worker that a later event names', () => {
    const model = fold(
      events(
        { type: 'task.started', time: 1, task_id: 't', worker_id: 'first' },
        { type: 'task.started', time: 5, task_id: 't', worker_id: 'second' },
        { type: 'task.completed', time: 7, task_id: 't' },
      ),
    );
    assert.deepEqual(
      workerRecords(model.domain).map((r) => [
        r.worker_id,
        r.completed_tasks,
        r.total_processing_ms,
      ]),
      [
        ['first', 0, 0],
        ['second', 1, 2000],
      ],
    );
  });

  it('leaves when nobody has heard of it for days and none of its tasks is known', () => {
    const model = fold(
      events(
        { type: 'worker.stopped', time: 0, worker_id: 'gone' },
        { type: 'worker.stopped', time: 0, worker_id: 'busy' },
        { type: 'task.started', time: 0, task_id: 't', worker_id: 'busy' },
        { type: 'worker.heartbeat', time: 0, worker_id: 'silent' },
      ),
    );
    const touched = newTouched();
    const now = T0 + 8 * 86_400_000;
    assert.equal(retainWorkers(model.domain, 9, now, touched), 0);
    assert.equal(retainWorkers(model.domain, 7, now, touched), 1);
    assert.deepEqual([...touched.removedWorkers], ['gone']);
    assert.deepEqual([...model.domain.workers.rows.keys()], ['busy', 'silent']);
  });
});
