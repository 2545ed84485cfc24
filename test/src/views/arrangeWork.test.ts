import assert from 'node:assert/strict';
import type { RecordsFrame } from '../../../service/protocol/frame.ts';
import {
  activeOnly,
  activeThenEnded,
  arrangeWork,
  otherTasks,
  workersIn,
} from '../../../src/views/arrangeWork.ts';
import { WorkMirror } from '../../../src/workMirror.ts';
import { at, offline, queue, task, worker } from '../wire/records.ts';

function workOf(fields: Partial<RecordsFrame>): WorkMirror {
  const work = new WorkMirror();
  work.apply({ type: 'records', seq: 1, jobs: [], phases: [], alerts: [], removed: [], ...fields });
  return work;
}
const many = (n: number) => Array.from({ length: n }, (_, i) => worker({ worker_id: `w${i}` }));

describe('the first level of the Workers view', () => {
  it('is the workers by name, those in trouble first, then the queues', () => {
    const work = workOf({
      workers: [
        worker({ worker_id: 'gpu-10' }),
        worker({ worker_id: 'gpu-2' }),
        worker({ worker_id: 'sick', is_healthy: false }),
        worker({ worker_id: 'done', state: 'STOPPED' }),
        offline({ worker_id: 'away' }),
      ],
      queues: [queue({ queue: 'q' })],
    });
    assert.deepEqual(
      arrangeWork(work).map((entry) => (entry.kind === 'worker' ? entry.workerId : entry.kind)),
      ['away', 'sick', 'gpu-2', 'gpu-10', 'done', 'queues'],
    );
  });

  it('groups more than 20 workers by their condition', () => {
    const work = workOf({ workers: [...many(20), offline({ worker_id: 'away' })] });
    assert.deepEqual(arrangeWork(work), [
      { kind: 'condition', condition: 'offline' },
      { kind: 'condition', condition: 'online' },
    ]);
    assert.equal(workersIn(work.workers.values(), 'online').length, 20);
    assert.equal(arrangeWork(workOf({ workers: many(20) })).length, 20);
  });

  it('says how many workers the service did not send', () => {
    const work = workOf({ workers: many(1), workers_total: 5 });
    assert.deepEqual(arrangeWork(work)[1], { kind: 'more', hidden: 4 });
  });

  it('has other tasks only where a task has no row above', () => {
    const workers = [worker({ worker_id: 'w' })];
    const placed = [task({ task_id: '1', worker_id: 'w' })];
    assert.deepEqual(arrangeWork(workOf({ workers, tasks: placed })).at(-1)?.kind, 'worker');
    const lost = [task({ task_id: '2' }), task({ task_id: '3', worker_id: 'unknown', queue: 'q' })];
    const work = workOf({ workers, tasks: [...placed, ...lost] });
    assert.equal(arrangeWork(work).at(-1)?.kind, 'others');
    assert.deepEqual(
      otherTasks(work).map(({ task_id }) => task_id),
      ['2', '3'],
    );
  });

  it('is empty where nothing was reported', () => {
    assert.deepEqual(arrangeWork(workOf({})), []);
  });
});

describe('the tasks of a row', () => {
  it('are those that run, those that wait, each the longest first, then the last 20 that ended', () => {
    const ended = Array.from({ length: 30 }, (_, n) =>
      task({ task_id: `e${n}`, status: n % 2 ? 'FAILED' : 'COMPLETED', completed_at: at(n) }),
    );
    const active = [
      task({ task_id: 'waits', submitted_at: at(5) }),
      task({ task_id: 'waits longer', submitted_at: at(1) }),
      task({ task_id: 'runs', status: 'PROCESSING', started_at: at(8) }),
      task({ task_id: 'runs longer', status: 'PROCESSING', started_at: at(7) }),
    ];
    const { tasks, hidden } = activeThenEnded([...ended, ...active]);
    const ids = tasks.map(({ task_id }) => task_id);
    assert.deepEqual(ids.slice(0, 5), ['runs longer', 'runs', 'waits longer', 'waits', 'e29']);
    assert.deepEqual([ids.length, ids.at(-1), hidden], [24, 'e10', 0]);
  });

  it('are at most 100 active ones, and how many more there are', () => {
    const active = Array.from({ length: 130 }, (_, n) => task({ task_id: `${n}` }));
    assert.deepEqual([activeOnly(active).tasks.length, activeOnly(active).hidden], [100, 30]);
    assert.equal(activeOnly(active, 5000).hidden, 4900);
  });
});
