import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countTasks, taskRecords } from '../../../../service/core/domain/queries.ts';
import { retainTasks } from '../../../../service/core/domain/retention.ts';
import { periodStatistics, totals } from '../../../../service/core/domain/statistics.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import { queueRecords, workerRecords } from '../../../../service/core/domain/queries.ts';
import { ALL_TIME, T0, events, fold, foldInto } from './support.ts';

const HOUR = 3600;
const DAY_MS = 86_400_000;

/** The life of a task: submitted, then started and ended some seconds later. */
function life(task_id: string, at: number, end = 'task.completed', wait = 1, processing = 2) {
  const fields = { task_id, queue: 'q', worker_id: 'w' };
  return [
    { id: `${task_id}-1`, type: 'task.submitted', time: at, task_id, queue: 'q' },
    { id: `${task_id}-2`, type: 'task.started', time: at + wait, ...fields },
    { id: `${task_id}-3`, type: end, time: at + wait + processing, ...fields },
  ];
}

describe('the statistics of hours and days', () => {
  it('say what happened in each, with its rates', () => {
    const stream = events(
      ...life('a', 0),
      ...life('b', 60, 'task.failed', 3, 4),
      { id: 'x', type: 'task.failed', time: 100, task_id: 'c', timed_out: true },
      { id: 'r', type: 'task.retried', time: 200, task_id: 'a' },
      { id: 's', type: 'task.started', time: 210, task_id: 'a' },
      { id: 'c', type: 'task.completed', time: HOUR + 10, task_id: 'a' },
    );
    const [first, second, ...more] = periodStatistics(fold(stream).domain, 'hour', ALL_TIME);
    assert.deepEqual(more, []);
    assert.deepStrictEqual(first, {
      from: '2026-01-05T10:00:00.000Z',
      to: '2026-01-05T11:00:00.000Z',
      tasks_submitted: 2,
      tasks_completed: 0,
      tasks_failed: 2,
      tasks_retried: 1,
      tasks_timed_out: 1,
      average_task_duration_ms: 4000,
      p50_task_duration_ms: first?.p50_task_duration_ms,
      p95_task_duration_ms: first?.p95_task_duration_ms,
      p99_task_duration_ms: first?.p99_task_duration_ms,
      average_queue_wait_ms: 106_500,
      p95_queue_wait_ms: first?.p95_queue_wait_ms,
      throughput_per_hour: 0,
      error_rate: 1,
      timeout_rate: 0.5,
      retry_rate: 0.5,
    });
    assert.ok(Math.abs((first?.p50_task_duration_ms ?? 0) - 4000) <= 40);
    assert.deepEqual(
      [second?.tasks_completed, second?.average_task_duration_ms, second?.retry_rate],
      [1, 3_400_000, null],
    );
  });

  it('put an event that comes an hour late into its own hour, and correct what its start changes', () => {
    const [, start, end] = life('a', 0, 'task.completed', 10, 20);
    const [late] = life('a', 0);
    assert.ok(start && end && late);
    const model = fold(events(end, ...life('b', 2 * HOUR)));
    const hour = () => periodStatistics(model.domain, 'hour', { from: T0, to: T0 + 1 })[0];
    assert.equal(hour()?.average_task_duration_ms, null);
    const now = { receivedAt: () => T0 + 3 * HOUR * 1000 };
    foldInto(model, events(start), now);
    foldInto(model, events(late), now);
    assert.deepEqual(
      [hour()?.average_task_duration_ms, hour()?.average_queue_wait_ms, hour()?.tasks_submitted],
      [20_000, 10_000, 1],
    );
    assert.equal(periodStatistics(model.domain, 'hour', ALL_TIME).length, 2);
  });

  it('add up to the totals and to the known tasks, and each task is in the hour of its times', () => {
    const someLife = fc.record({
      at: fc.integer({ min: 0, max: 5 * HOUR }),
      end: fc.constantFrom('task.completed', 'task.failed'),
      wait: fc.integer({ min: 0, max: 500 }),
      processing: fc.integer({ min: 0, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.array(someLife, { maxLength: 30 }), fc.nat(), (lives, turn) => {
        const all = events(
          ...lives.flatMap(({ at, end, wait, processing }, n) =>
            life(`t${n}`, at, end, wait, processing),
          ),
        );
        const from = all.length > 0 ? turn % all.length : 0;
        const { domain } = fold([...all.slice(from), ...all.slice(0, from)]);
        for (const period of ['minute', 'hour', 'day'] as const) {
          const sum = (pick: (one: ReturnType<typeof totals>) => number) =>
            periodStatistics(domain, period, ALL_TIME).reduce((held, one) => held + pick(one), 0);
          assert.equal(
            sum((one) => one.tasks_submitted),
            lives.length,
          );
          assert.equal(
            sum((one) => one.tasks_failed),
            lives.filter((l) => l.end === 'task.failed').length,
          );
        }
        for (const one of periodStatistics(domain, 'hour', ALL_TIME)) {
          const ended = taskRecords(domain, { status: ['COMPLETED'] }).filter(
            ({ completed_at }) =>
              completed_at !== null && completed_at >= one.from && completed_at < one.to,
          );
          assert.equal(one.tasks_completed, ended.length);
        }
        assert.equal(totals(domain).tasks_submitted, lives.length);
      }),
      { numRuns: 60 },
    );
  });

  it('tell quantiles that are right to 1 %', () => {
    const durations = Array.from({ length: 500 }, (_, n) => 1 + ((n * 7919) % 900));
    const stream = durations.flatMap((seconds, n) =>
      life(`t${n}`, n, 'task.completed', 1, seconds),
    );
    const all = totals(fold(events(...stream)).domain);
    durations.sort((a, b) => a - b);
    const exact = (q: number) => {
      const rank = q * (durations.length - 1);
      const low = durations[Math.floor(rank)] ?? 0;
      return 1000 * (low + ((durations[Math.ceil(rank)] ?? 0) - low) * (rank % 1));
    };
    for (const [told, q] of [
      [all.p50_task_duration_ms, 0.5],
      [all.p95_task_duration_ms, 0.95],
      [all.p99_task_duration_ms, 0.99],
    ] as const)
      assert.ok(
        told !== null && Math.abs(told - exact(q)) <= exact(q) * 0.01,
        `${told}, ${exact(q)}`,
      );
  });

  it('keep the latest hours that they have room for, in whatever order they come', () => {
    const hours = Array.from({ length: 800 }, (_, n) => life(`t${n}`, n * HOUR)).flat();
    const { domain } = fold(events(...hours));
    const kept = periodStatistics(domain, 'hour', ALL_TIME);
    assert.equal(kept.length, 720);
    assert.equal(kept[0]?.from, new Date(T0 + 80 * HOUR * 1000).toISOString());
    assert.deepEqual(
      periodStatistics(fold(events(...hours).reverse()).domain, 'hour', ALL_TIME),
      kept,
    );
    assert.equal(totals(domain).tasks_completed, 800);
  });
});

describe('tasks', () => {
  it('leave by the oldest end when there are too many, and their statistics stay', () => {
    const lives = Array.from({ length: 250 }, (_, n) => life(`t${n}`, n)).flat();
    const open = {
      id: 'open',
      type: 'task.started',
      time: -50,
      task_id: 'open',
      worker_id: 'w',
      queue: 'q',
    };
    const model = fold(events(open, ...lives), { limits: { tasks: 40 } });
    assert.equal(countTasks(model.domain), 40);
    assert.deepEqual(model.domain.dropped(), { tasks: 211 });
    assert.deepEqual(
      taskRecords(model.domain).map(({ task_id }) => task_id),
      [...Array.from({ length: 39 }, (_, n) => `t${249 - n}`), 'open'],
    );
    assert.equal(totals(model.domain).tasks_completed, 250);
    assert.deepEqual(
      workerRecords(model.domain).map((r) => [r.completed_tasks, r.active_tasks]),
      [[250, 1]],
    );
  });

  it('that wait leave when nothing has ended, then those that run; nobody counts them any more', () => {
    const open = (type: string, first: number, length: number) =>
      Array.from({ length }, (_, n) => ({
        ...{ id: `${type}${first + n}`, type, time: first + n, task_id: `t${first + n}` },
        ...{ queue: 'q', worker_id: 'w' },
      }));
    const model = fold(events(...open('task.started', 0, 30), ...open('task.submitted', 30, 30)), {
      limits: { tasks: 40 },
    });
    const counts = () => {
      const [queue] = queueRecords(model.domain);
      const [worker] = workerRecords(model.domain);
      return [queue?.tasks_pending, queue?.tasks_processing, worker?.active_tasks];
    };
    assert.deepEqual(counts(), [10, 30, 30]);
    foldInto(model, events(...open('task.started', 100, 15)));
    assert.deepEqual(counts(), [0, 40, 40]);
    assert.equal(taskRecords(model.domain).at(-1)?.task_id, 't5');
    assert.equal(totals(model.domain).tasks_submitted, 30);
  });

  it('leave some days after their end, at most 500 at a time, and what has not ended stays', () => {
    const lives = Array.from({ length: 600 }, (_, n) => life(`t${n}`, n)).flat();
    const model = fold(events({ type: 'task.started', time: 0, task_id: 'open' }, ...lives));
    const touched = newTouched();
    const pass = (days: number) =>
      retainTasks(model.domain, { tasks: 20_000, task_days: 7 }, T0 + days * DAY_MS, touched);
    assert.equal(pass(6.9), 0);
    assert.deepEqual([pass(8), pass(8), pass(8)], [500, 100, 0]);
    assert.deepEqual(
      taskRecords(model.domain).map(({ task_id }) => task_id),
      ['open'],
    );
    assert.equal(touched.removedTasks.size, 600);
    assert.equal(totals(model.domain).tasks_completed, 600);
  });

  it('of long ago stay for some days after they were imported', () => {
    const receivedAt = () => T0 + 100 * DAY_MS;
    const model = fold(events(...life('old', 0)), { receivedAt });
    const pass = (days: number) =>
      retainTasks(model.domain, { tasks: 9, task_days: 7 }, T0 + days * DAY_MS, newTouched());
    assert.deepEqual([pass(106.9), pass(107.1)], [0, 1]);
  });

  it('are brought down to a smaller limit by and by', () => {
    const model = fold(events(...Array.from({ length: 700 }, (_, n) => life(`t${n}`, n)).flat()));
    const limits = { tasks: 100, task_days: 7 };
    assert.equal(retainTasks(model.domain, limits, T0, newTouched()), 500);
    assert.equal(retainTasks(model.domain, limits, T0, newTouched()), 100);
    assert.equal(countTasks(model.domain), 100);
  });

  it('are found by worker, job, queue, kind, status and time, newest first', () => {
    const { domain } = fold(
      events(
        { type: 'task.submitted', time: 1, task_id: 'a', queue: 'x', job_id: 'j' },
        { type: 'task.started', time: 2, task_id: 'b', worker_id: 'w/1', content_type: 'pdf' },
        { type: 'task.completed', time: 3, task_id: 'c', worker_id: 'w/1', queue: 'x' },
      ),
    );
    const found = (
      ...query: Parameters<typeof taskRecords> extends [unknown, ...infer R] ? R : never
    ) =>
      taskRecords(domain, ...query)
        .map(({ task_id }) => task_id)
        .join('');
    assert.equal(found(), 'cba');
    assert.equal(found({ worker_id: 'w/1' }), 'cb');
    assert.equal(found({ job_id: 'j' }), 'a');
    assert.equal(found({ queue: 'x' }), 'ca');
    assert.equal(found({ content_type: 'pdf' }), 'b');
    assert.equal(found({ status: ['PENDING', 'PROCESSING'] }), 'ba');
    assert.equal(found({ from: T0 + 2000 }), 'cb');
    assert.equal(found({ from: T0 + 2000, to: T0 + 2000 }), 'b');
    assert.equal(found({}, { offset: 1, limit: 1 }), 'b');
    assert.equal(countTasks(domain, { queue: 'x' }), 2);
  });
});
