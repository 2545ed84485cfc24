import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TaskRecord } from '../../service/protocol/domain.ts';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import { type Change, Mirror } from '../../src/mirror.ts';
import { WorkMirror } from '../../src/workMirror.ts';
import { at, queue, task, worker } from './wire/records.ts';

function frame(fields: Partial<RecordsFrame>): RecordsFrame {
  return { type: 'records', seq: 1, jobs: [], phases: [], alerts: [], removed: [], ...fields };
}

const idsOf = (tasks: TaskRecord[]): string[] => tasks.map(({ task_id: id }) => id).sort();

describe('the mirror of workers', () => {
  it('keeps the newest record of each id and tells which ids changed', () => {
    const mirror = new Mirror();
    const changes: Change[] = [];
    mirror.onDidChange((change) => changes.push(change));
    mirror.apply(
      frame({
        workers: [worker({ worker_id: 'a', seq: 5, active_tasks: 2 })],
        queues: [queue({ queue: 'q' })],
      }),
    );
    mirror.apply(frame({ workers: [worker({ worker_id: 'a', seq: 4, active_tasks: 9 })] }));
    assert.equal(mirror.work.workers.get('a')?.active_tasks, 2);
    const [first, second] = changes.map(({ work }) => [[...work.workers], [...work.queues]]);
    assert.deepEqual(
      [first, second],
      [
        [['a'], ['q']],
        [[], []],
      ],
    );
  });

  it('counts a worker and a queue as changed with their tasks, the old ones too', () => {
    const work = new WorkMirror();
    work.apply(frame({ tasks: [task({ task_id: 't', worker_id: 'a', queue: 'q' })] }));
    const { workers, queues, tasks } = work.apply(
      frame({ tasks: [task({ task_id: 't', worker_id: 'b', queue: 'q', seq: 2 })] }),
    );
    assert.deepEqual([[...workers], [...queues], [...tasks]], [['a', 'b'], ['q'], ['t']]);
    assert.deepEqual([work.hasTasks('a'), work.hasTasks('b')], [false, true]);
    assert.deepEqual(idsOf(work.tasksOfWorker('b')), ['t']);
  });

  it('keeps active tasks and the 500 that ended last', () => {
    const work = new WorkMirror();
    const ended = Array.from({ length: 700 }, (_, n) =>
      task({ task_id: `e${n}`, worker_id: 'w', status: 'COMPLETED', completed_at: at(n) }),
    );
    const active = Array.from({ length: 700 }, (_, n) => task({ task_id: `a${n}`, queue: 'q' }));
    const change = work.apply(frame({ tasks: [...ended, ...active] }));
    assert.equal(work.tasks.size, 1200);
    assert.deepEqual([work.tasks.has('e199'), work.tasks.has('e200')], [false, true]);
    assert.equal(work.tasksOfWorker('w').length, 500);
    assert.ok(change.tasks.has('e0'));
  });

  it('keeps at most 5,000 active tasks, those that wait the longest, and lets a few more in between', () => {
    const work = new WorkMirror();
    const waiting = (from: number, to: number): TaskRecord[] =>
      Array.from({ length: to - from }, (_, n) =>
        task({ task_id: `${from + n}`, submitted_at: at(from + n) }),
      );
    work.apply(frame({ tasks: waiting(0, 5500) }));
    assert.equal(work.tasks.size, 5500);
    work.apply(frame({ tasks: waiting(5500, 5501) }));
    assert.equal(work.tasks.size, 5000);
    assert.deepEqual([work.tasks.has('4999'), work.tasks.has('5000')], [true, false]);
  });

  it('lets go of what is removed', () => {
    const work = new WorkMirror();
    work.apply(
      frame({
        workers: [worker({ worker_id: 'a' })],
        tasks: [task({ task_id: 't', worker_id: 'a', queue: 'q' })],
      }),
    );
    const { workers, tasks, queues } = work.apply(
      frame({
        removed: [
          { kind: 'worker', worker_id: 'a' },
          { kind: 'task', task_id: 't' },
          { kind: 'task', task_id: 'never heard of' },
        ],
      }),
    );
    assert.deepEqual([work.workers.size, work.tasks.size], [0, 0]);
    assert.deepEqual([[...workers], [...tasks], [...queues]], [['a'], ['t'], ['q']]);
    assert.deepEqual([work.tasksOfWorker('a'), work.tasksOfQueue('q')], [[], []]);
  });

  it('knows nothing until the service has told, and again after a reset', () => {
    const mirror = new Mirror();
    mirror.apply(frame({}));
    assert.equal(mirror.work.known, false);
    mirror.apply(frame({ workers: [], tasks: [task({ task_id: 't' })] }));
    assert.equal(mirror.work.known, true);
    mirror.apply(frame({ reset: true }));
    assert.deepEqual([mirror.work.known, mirror.work.tasks.size], [false, 0]);
  });

  it('knows how many workers it was not sent', () => {
    const work = new WorkMirror();
    work.apply(frame({ workers: [worker({ worker_id: 'a' })], workers_total: 3 }));
    assert.equal(work.hiddenWorkers, 2);
    work.apply(frame({ workers: [worker({ worker_id: 'b' })] }));
    assert.equal(work.hiddenWorkers, 1);
    work.apply(frame({ removed: [{ kind: 'worker', worker_id: 'c' }] }));
    assert.equal(work.hiddenWorkers, 0);
    work.apply(frame({ removed: [{ kind: 'worker', worker_id: 'a' }] }));
    assert.deepEqual([work.hiddenWorkers, work.workers.size], [0, 1]);
  });

  it('finds the tasks of a worker or queue whatever happened before', () => {
    const place = fc.constantFrom('a', 'b', null);
    const step = fc.record({
      id: fc.constantFrom('1', '2', '3'),
      worker_id: place,
      queue: place,
      removed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const work = new WorkMirror();
        steps.forEach(({ id, worker_id, queue: name, removed }, seq) =>
          work.apply(
            removed
              ? frame({ removed: [{ kind: 'task', task_id: id }] })
              : frame({ tasks: [task({ task_id: id, worker_id, queue: name, seq })] }),
          ),
        );
        const all = [...work.tasks.values()];
        for (const key of ['a', 'b']) {
          const ofWorker = all.filter(({ worker_id }) => worker_id === key);
          const ofQueue = all.filter(({ queue: name }) => name === key);
          assert.deepEqual(idsOf(work.tasksOfWorker(key)), idsOf(ofWorker));
          assert.deepEqual(idsOf(work.tasksOfQueue(key)), idsOf(ofQueue));
        }
      }),
    );
  });
});
