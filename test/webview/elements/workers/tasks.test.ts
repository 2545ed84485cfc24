import assert from 'node:assert/strict';
import { listQueues } from '../../../../webview/elements/workers/queues.ts';
import { tasksPath } from '../../../../webview/elements/workers/tasks.ts';
import { queue } from '../../../fixtures/work.ts';

describe('the tasks of the workers region', () => {
  it('are asked of the service, which knows all of them', () => {
    assert.equal(tasksPath(null, 'all'), '/api/v1/tasks?limit=50');
    assert.equal(tasksPath(null, 'FAILED'), '/api/v1/tasks?limit=50&status=FAILED');
    assert.equal(
      tasksPath({ kind: 'worker', id: 'a/b ü' }, 'all'),
      '/api/v1/workers/a%2Fb%20%C3%BC/tasks?limit=50',
    );
    assert.equal(
      tasksPath({ kind: 'queue', id: 'q&x' }, 'PENDING'),
      '/api/v1/tasks?limit=50&status=PENDING&queue=q%26x',
    );
  });
});

describe('the queues of the workers region', () => {
  it('stand in the order of what waits, as their owner told or as tasks named them', () => {
    const queues = [
      queue('b', { pending: 2 }),
      queue('c', { pending: null, tasks_pending: 7 }),
      queue('a', { pending: 2 }),
    ];
    assert.deepEqual(
      listQueues(queues).map((one) => one.queue),
      ['c', 'a', 'b'],
    );
  });
});
