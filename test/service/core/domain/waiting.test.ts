import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Domain } from '../../../../service/core/domain/domain.ts';
import { queueRecords } from '../../../../service/core/domain/queries.ts';
import { readText } from '../../../../service/core/registers.ts';
import { waitsSince } from '../../../../service/core/domain/waiting.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import { T0, events, fold, restored } from './support.ts';

const QUEUES = ['a', 'b'];
const TYPES = ['submitted', 'started', 'completed', 'failed', 'retried'].map((t) => `task.${t}`);

/** A look at every task. */
function bySearch(domain: Domain, queue: string): number | null {
  let oldest: number | null = null;
  for (const task of domain.tasks.rows.values()) {
    const since = readText(task.fields, 'queue') === queue ? waitsSince(task) : null;
    if (since !== null) oldest = Math.min(oldest ?? since, since);
  }
  return oldest;
}

describe('the tasks that wait in a queue', () => {
  it('have the oldest that a look at all tasks finds, whatever came and went, in any order', () => {
    const step = fc.record({
      type: fc.constantFrom(...TYPES),
      task_id: fc.integer({ min: 0, max: 25 }).map((n) => `t${n}`),
      time: fc.integer({ min: 0, max: 1000 }),
      queue: fc.option(fc.constantFrom(...QUEUES), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const domain = new Domain({ tasks: 12 });
        steps.forEach((value, n) => {
          const [event] = events({ ...value, id: `e${n}` });
          assert.ok(event);
          domain.apply({ seq: n + 1, received_at: value.time, event }, newTouched());
          for (const queue of QUEUES)
            assert.equal(domain.waiting.since(queue), bySearch(domain, queue));
        });
      }),
    );
  });

  const submitted = (n: number) => ({
    ...{ id: `s${n}`, type: 'task.submitted', time: n, task_id: `t${n}`, queue: 'q' },
  });

  it('are known again after a restart, and cost little where 20,000 wait', () => {
    const model = fold(events(...Array.from({ length: 20_000 }, (_, n) => submitted(n + 1))));
    const again = restored(model).domain;
    const begin = performance.now();
    assert.equal(again.waiting.since('q'), T0 + 1000);
    const built = performance.now() - begin;
    for (let n = 0; n < 10_000; n++) again.waiting.since('q');
    const asked = performance.now() - begin - built;
    assert.ok(asked < built + 50, `${built} ms to build, ${asked} ms for 10,000 questions`);
  });

  it('make the wait of the record where its owner tells none, and nothing where none waits', () => {
    const of = (...values: Parameters<typeof events>) => {
      const [record] = queueRecords(fold(events(...values)).domain, T0 + 61_000);
      return [record?.oldest_wait_ms, record?.waiting_since];
    };
    const since = new Date(T0 + 1000).toISOString();
    const sample = { type: 'queue.sampled', id: 'q', time: 2, queue: 'q', pending: 7 };
    assert.deepEqual(of(submitted(1), submitted(2)), [60_000, since]);
    assert.deepEqual(of(submitted(1), sample), [60_000, since]);
    assert.deepEqual(of(submitted(1), { ...sample, oldest_wait_ms: 5 }), [5, null]);
    const started = { id: 'b', type: 'task.started', time: 2, task_id: 't1' };
    assert.deepEqual(of(submitted(1), started), [null, null]);
    const retried = { id: 'r', type: 'task.retried', time: 21, task_id: 't1' };
    assert.deepEqual(of(submitted(1), started, retried), [
      40_000,
      new Date(T0 + 21_000).toISOString(),
    ]);
  });
});
