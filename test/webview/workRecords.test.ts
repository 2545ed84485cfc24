import assert from 'node:assert/strict';
import { WorkRecords } from '../../webview/workRecords.ts';
import { emptyFrame } from '../fixtures/frames.ts';
import { queue, task, worker } from '../src/wire/records.ts';

describe('workers, queues and tasks in the page', () => {
  it('are the newest of each id, with how many the service holds', () => {
    const work = new WorkRecords();
    const frame = {
      workers: [worker({ worker_id: 'w' })],
      queues: [queue({ queue: 'q' })],
      tasks: [task({ task_id: 't' })],
    };
    assert.equal(work.apply(emptyFrame({ ...frame, workers_total: 7, tasks_total: 9 })), true);
    assert.deepEqual([work.workers.size, work.queues.size, work.tasks.size], [1, 1, 1]);
    assert.deepEqual([work.workersTotal, work.tasksTotal, work.loaded], [7, 9, true]);
  });

  it('say that they changed when they did, and only then', () => {
    const work = new WorkRecords();
    assert.equal(work.apply(emptyFrame({ workers: [] })), true, 'the first word of the service');
    assert.equal(work.apply(emptyFrame({ workers: [] })), false);
    assert.equal(work.apply(emptyFrame()), false);
    assert.equal(work.apply(emptyFrame({ workers: [worker({ worker_id: 'w' })] })), true);
    const removed = [{ kind: 'worker', worker_id: 'w' } as const];
    assert.equal(work.apply(emptyFrame({ removed })), true);
    assert.equal(work.apply(emptyFrame({ removed })), false);
    work.apply(emptyFrame({ tasks: [task({ task_id: 't' })] }));
    assert.equal(work.apply(emptyFrame({ removed: [{ kind: 'task', task_id: 't' }] })), true);
  });

  it('are forgotten with a reset, which is a change', () => {
    const work = new WorkRecords();
    work.apply(emptyFrame({ workers: [worker({ worker_id: 'w' })] }));
    assert.equal(work.apply(emptyFrame({ reset: true })), true);
    assert.deepEqual([work.workers.size, work.loaded], [0, false]);
  });

  it('are bounded', () => {
    const work = new WorkRecords();
    const tasks = Array.from({ length: 6_000 }, (_, n) => task({ task_id: `t${n}`, seq: n }));
    work.apply(emptyFrame({ tasks }));
    assert.ok(work.tasks.size <= 5_000);
  });
});
