import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  countedLanes,
  endOf,
  type LaneTask,
  lanesOf,
  taskAt,
} from '../../../../webview/elements/timeline/lanes.ts';

function task(part: Partial<LaneTask> & { id: string }): LaneTask {
  return {
    ...{ worker: 'w', phase: null, status: 'COMPLETED', submitted: null, start: null, end: null },
    ...{ retries: 0, error: null, seq: 1 },
    ...part,
  };
}

describe('the lanes of workers', () => {
  it('stand in the order of their names, as people count, with what nobody took last', () => {
    const tasks = [null, 'w10', 'w2', 'w1'].map((worker, n) =>
      task({ id: `${n}`, worker, start: 0, end: 1 }),
    );
    assert.deepEqual(
      lanesOf(tasks, 9).map(({ worker }) => worker),
      ['w1', 'w2', 'w10', null],
    );
  });

  it('set tasks that ran at once on tracks below each other, and reuse a free one', () => {
    const [lane] = lanesOf(
      [
        task({ id: 'a', start: 0, end: 10 }),
        task({ id: 'b', start: 5, end: 20, status: 'FAILED' }),
        task({ id: 'c', start: 10, end: 15 }),
        task({ id: 'd', start: 16, end: null, status: 'PROCESSING' }),
      ],
      100,
    );
    assert.deepEqual(
      lane?.placed.map(({ id, track }) => [id, track]),
      [
        ['a', 0],
        ['b', 1],
        ['c', 0],
        ['d', 0],
      ],
    );
    assert.deepEqual([lane?.depth, lane?.failed, lane?.open], [2, 1, 1]);
    assert.equal(lane && taskAt(lane, 7, 1, 100)?.id, 'b');
    assert.equal(lane && taskAt(lane, 50, null, 100)?.id, 'd');
    assert.equal(lane && taskAt(lane, 50, 1, 100), undefined);
  });

  it('join when tasks waited; one that has not started waits until now', () => {
    const [lane] = lanesOf(
      [
        task({ id: 'a', submitted: 0, start: 10, end: 11 }),
        task({ id: 'b', submitted: 5, start: 20, end: 21 }),
        task({ id: 'c', submitted: 50, status: 'PENDING' }),
        task({ id: 'd', submitted: 30, start: 25, end: 26 }),
      ],
      100,
    );
    assert.deepEqual(lane?.waits, [
      { from: 0, to: 20 },
      { from: 50, to: 100 },
    ]);
    assert.equal(lane?.placed.length, 3);
  });

  it('never set two tasks over each other while tracks are free', () => {
    const some = fc.record({ start: fc.nat(50), length: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 10 }), (all) => {
        const tasks = all.map(({ start, length }, n) =>
          task({ id: `${n}`, start, end: start + length }),
        );
        for (const { placed } of lanesOf(tasks, 100))
          for (const [n, a] of placed.entries())
            for (const b of placed.slice(n + 1))
              assert.ok(a.track !== b.track || endOf(a, 100) <= b.start);
      }),
    );
  });

  it('count where there are too many, the others in one', () => {
    const bins = {
      tasks: 9,
      failed: 1,
      open: 0,
      busy: [1, 3.5],
      waiting: [0, 0],
      failures: [0, 1],
    };
    const lanes = countedLanes({
      ...{ from: new Date(0).toISOString(), to: new Date(20).toISOString(), bin_ms: 10, tasks: 99 },
      lanes: [
        { worker_id: 'b', ...bins },
        { worker_id: 'a', ...bins },
      ],
      others: { workers: 7, ...bins },
    });
    assert.deepEqual(
      lanes.map(({ worker, workers, depth }) => [worker, workers, depth]),
      [
        ['a', 1, 3.5],
        ['b', 1, 3.5],
        [null, 7, 3.5],
      ],
    );
    assert.deepEqual(lanes[0]?.bins?.busy, [1, 3.5]);
  });
});
