import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findTask, queueRecords } from '../../../../service/core/domain/queries.ts';
import type { TaskRecord } from '../../../../service/protocol/domain.ts';
import { events, fold } from './support.ts';

const t = { task_id: 't' };

function task(...values: Parameters<typeof events>): TaskRecord {
  const record = findTask(fold(events(...values)).domain, 't');
  assert.ok(record);
  return record;
}

const submitted = { type: 'task.submitted', time: 0, ...t, queue: 'q' };
const started = { type: 'task.started', time: 3, ...t };
const completed = { type: 'task.completed', time: 10, ...t };
const failed = { type: 'task.failed', time: 10, ...t, error: { message: 'no' } };
const retried = { type: 'task.retried', time: 12, ...t, error: { message: 'again' } };

const times = ({ status, wait_ms, processing_ms, total_ms }: TaskRecord) => [
  status,
  wait_ms,
  processing_ms,
  total_ms,
];

describe('a task', () => {
  it('is the whole record of what was said of it', () => {
    const { seq, ...record } = task(
      { ...submitted, job_id: 'j', phase_id: 'p', content_type: 'audio', input_bytes: 100 },
      { ...started, worker_id: 'w', labels: { lane: '1' } },
      {
        ...completed,
        output_bytes: 7,
        cpu_ms: 6.5,
        gpu_ms: 2,
        memory_peak_mb: 80,
        confidence: 0.75,
        degraded: true,
        words: 99,
      },
    );
    assert.equal(seq, 3);
    assert.deepStrictEqual(record, {
      task_id: 't',
      job_id: 'j',
      phase_id: 'p',
      worker_id: 'w',
      queue: 'q',
      content_type: 'audio',
      status: 'COMPLETED',
      submitted_at: '2026-01-05T10:00:00.000Z',
      started_at: '2026-01-05T10:00:03.000Z',
      completed_at: '2026-01-05T10:00:10.000Z',
      wait_ms: 3000,
      processing_ms: 7000,
      total_ms: 10_000,
      retry_count: 0,
      timed_out: false,
      degraded: true,
      confidence: 0.75,
      input_bytes: 100,
      output_bytes: 7,
      cpu_ms: 6.5,
      gpu_ms: 2,
      memory_peak_mb: 80,
      error: null,
      labels: { lane: '1' },
      extra: { words: 99 },
    });
  });

  it('knows what it can without a submission, a start or an end', () => {
    assert.deepEqual(times(task(submitted)), ['PENDING', null, null, null]);
    assert.deepEqual(times(task(started)), ['PROCESSING', null, null, null]);
    assert.deepEqual(times(task(completed)), ['COMPLETED', null, null, null]);
    assert.deepEqual(times(task(submitted, started)), ['PROCESSING', 3000, null, null]);
    assert.deepEqual(times(task(submitted, completed)), ['COMPLETED', null, null, 10_000]);
    assert.deepEqual(times(task(completed, started)), ['COMPLETED', null, 7000, null]);
  });

  it('is of its newest run when it was retried', () => {
    const waiting = task(submitted, started, failed, retried);
    assert.deepEqual(times(waiting), ['PENDING', null, null, null]);
    assert.deepEqual([waiting.retry_count, waiting.error], [1, { message: 'again' }]);
    const again = { ...started, id: 's2', time: 15 };
    const done = { ...completed, time: 20 };
    const passed = task(submitted, started, { ...failed, timed_out: true }, retried, again, done);
    assert.deepEqual(times(passed), ['COMPLETED', 15_000, 5000, 20_000]);
    assert.deepEqual([passed.retry_count, passed.error, passed.timed_out], [1, null, false]);
  });

  it('starts again elsewhere when its worker was lost, without a word of a retry', () => {
    const elsewhere = { ...started, id: 's2', time: 100, worker_id: 'w2' };
    const record = task(submitted, { ...started, worker_id: 'w1' }, elsewhere);
    assert.deepEqual(
      [record.status, record.worker_id, record.wait_ms],
      ['PROCESSING', 'w2', 100_000],
    );
  });

  it('keeps the first of the same end told twice, and is corrected by a different one', () => {
    assert.equal(
      task(started, completed, { ...completed, id: 'c2', time: 60 }).processing_ms,
      7000,
    );
    assert.equal(task(started, failed, { ...completed, id: 'c2', time: 60 }).status, 'COMPLETED');
  });

  it('never takes less than no time, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4000, max: 4000 }), { minLength: 3, maxLength: 3 }),
        (at) => {
          const [a = 0, b = 0, c = 0] = at;
          const record = task(
            { ...submitted, time: a },
            { ...started, time: b },
            { ...completed, time: c },
          );
          for (const value of [record.wait_ms, record.processing_ms, record.total_ms])
            assert.ok(value === null || value >= 0);
        },
      ),
    );
  });

  it('keeps begin and end of a stack that is very long', () => {
    const stack = `begin ${'x'.repeat(60_000)} end`;
    const kept = task({ ...failed, error: { message: 'no', stack } }).error?.stack ?? '';
    assert.ok(kept.length < 9000 && kept.startsWith('begin') && kept.endsWith('end'));
  });

  it('that is retried without end keeps its latest runs, and every retry is counted', () => {
    const runs = Array.from({ length: 100 }, (_, n) => [
      { ...started, id: `s${n}`, time: n * 10 },
      { ...retried, id: `r${n}`, time: n * 10 + 5 },
    ]).flat();
    const record = task(
      submitted,
      ...runs,
      { ...started, time: 5000 },
      { ...completed, time: 5001 },
    );
    assert.deepEqual([record.retry_count, record.processing_ms], [100, 1000]);
  });

  it('is counted in the queue that the newest event names', () => {
    const queues = (...values: Parameters<typeof events>) =>
      queueRecords(fold(events(...values)).domain).map((queue) => [
        queue.queue,
        queue.tasks_pending,
        queue.tasks_processing,
      ]);
    assert.deepEqual(queues(submitted), [['q', 1, 0]]);
    assert.deepEqual(queues(submitted, started), [['q', 0, 1]]);
    assert.deepEqual(queues(submitted, started, completed), [['q', 0, 0]]);
    assert.deepEqual(queues(submitted, { ...started, queue: 'other' }), [['other', 0, 1]]);
  });
});
