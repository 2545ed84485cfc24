import assert from 'node:assert/strict';
import { Court } from '../../../support/court.ts';

const MINUTE_MS = 60_000;

describe('queue_wait rules on the tasks that wait', () => {
  const rule = { kind: 'queue_wait', params: { threshold_ms: 5 * MINUTE_MS } };
  const courtOf = (more: object = {}): Court => {
    const court = new Court();
    court.only();
    court.define({ rule_id: 'r', ...rule, ...more });
    return court;
  };
  const task = (type: string, task_id: string, more: object = {}) => ({
    ...{ type: `task.${type}`, task_id, queue: 'gpu', ...more },
  });

  it('fire by time alone, name what waits, and end when the oldest is taken', async () => {
    const court = courtOf();
    court.hear(task('submitted', 't1'));
    await court.pass(2 * MINUTE_MS);
    court.hear(task('submitted', 't2'));
    await court.pass(3 * MINUTE_MS);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(1000);
    assert.deepEqual(court.said('r'), {
      title: 'Tasks wait long in gpu',
      description: 'The oldest task of queue gpu has waited for 5m 01s; the threshold is 5m 00s.',
      ...{ component: 'queue', component_id: 'gpu', metric: 'queue_oldest_wait_ms' },
      ...{ value: 301_000, threshold: 300_000, tags: {} },
    });
    court.hear(task('started', 't1'));
    assert.deepEqual(court.states('r'), [['gpu', false]]);
    // The other is due on its own.
    await court.pass(2 * MINUTE_MS + 1000);
    assert.deepEqual(court.states('r'), [['gpu', true]]);
    court.hear(task('started', 't2'));
    assert.equal(court.alerts('r')[0]?.active, false);
    assert.match(court.alerts('r')[0]?.resolve_reason ?? '', /^No task waits/);
  });

  it('count from a retry, and never while tasks are taken in time', async () => {
    const court = courtOf();
    court.hear(task('submitted', 't1'));
    for (let n = 1; n <= 10; n++) {
      await court.pass(2 * MINUTE_MS);
      court.hear(task('started', `t${n}`), task('submitted', `t${n + 1}`));
    }
    court.hear(task('started', 't11'));
    await court.pass(20 * MINUTE_MS);
    court.hear(task('retried', 't11'));
    await court.pass(5 * MINUTE_MS);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(2000);
    assert.deepEqual(court.states('r'), [['gpu', true]]);
  });

  it('believe the owner of the queue where it tells the wait itself', async () => {
    const court = courtOf();
    court.hear(task('submitted', 't1'));
    court.hear({ type: 'queue.sampled', queue: 'gpu', pending: 1, oldest_wait_ms: 10 });
    await court.pass(10 * MINUTE_MS);
    assert.deepEqual(court.alerts('r'), []);
  });

  it('go on after a restart without an event, once: who took the task meanwhile gets time to tell', async () => {
    for (const taken of [true, false]) {
      const court = courtOf();
      court.hear(task('submitted', 't1'));
      await court.pass(4 * MINUTE_MS);
      court.jump(10 * MINUTE_MS);
      court.restart();
      await court.pass(30_000);
      assert.deepEqual(court.alerts('r'), []);
      if (taken) court.hear(task('started', 't1', { time: court.now - 5 * MINUTE_MS }));
      await court.pass(40_000);
      assert.deepEqual(court.states('r'), taken ? [] : [['gpu', true]]);
      court.restart();
      await court.pass(3 * MINUTE_MS);
      assert.equal(court.alerts('r').length, taken ? 0 : 1);
    }
  });

  it('see what waits already when they are switched on, and wait until it has lasted', async () => {
    const court = courtOf({ enabled: false });
    court.hear(task('submitted', 't1'));
    await court.pass(10 * MINUTE_MS);
    court.define({ rule_id: 'r', enabled: true, for_ms: MINUTE_MS });
    await court.pass(MINUTE_MS - 2000);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(4000);
    assert.deepEqual(court.states('r'), [['gpu', true]]);
  });

  it('end with a queue that was only taken for the one of its tasks', async () => {
    const court = courtOf();
    court.hear(task('submitted', 't1'));
    await court.pass(6 * MINUTE_MS);
    assert.deepEqual(court.states('r'), [['gpu', true]]);
    court.hear(task('submitted', 't1', { queue: 'cpu' }));
    assert.deepEqual(
      court.states('r').filter(([name]) => name === 'gpu'),
      [['gpu', false]],
    );
  });
});
