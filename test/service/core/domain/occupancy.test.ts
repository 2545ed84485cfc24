import assert from 'node:assert/strict';
import fc from 'fast-check';
import { occupancy } from '../../../../service/core/domain/occupancy.ts';
import { Model } from '../../../../service/core/fold.ts';
import { T0, events, fold, foldInto } from './support.ts';

interface Plan {
  worker: string;
  submitted: number;
  wait: number;
  run: number;
  failed: boolean;
}
const plan = fc.record({
  worker: fc.constantFrom('w1', 'w2', 'w3'),
  submitted: fc.integer({ min: 0, max: 50 }),
  wait: fc.integer({ min: 0, max: 20 }),
  run: fc.integer({ min: 0, max: 30 }),
  failed: fc.boolean(),
});

function modelOf(plans: readonly Plan[]) {
  const model = new Model();
  for (let at = 0; at < plans.length; at += 1000)
    foldInto(model, eventsOf(plans.slice(at, at + 1000), at));
  return model.domain;
}

function eventsOf(plans: readonly Plan[], first: number) {
  return events(
    ...plans.flatMap(({ worker, submitted, wait, run, failed }, n) => {
      const task_id = `t${first + n}`;
      const who = { task_id, job_id: 'j' };
      const start = submitted + wait;
      const end = { id: `${task_id} c`, ...who, worker_id: worker, time: start + run };
      return [
        { type: 'task.submitted', id: `${task_id} a`, ...who, time: submitted },
        { type: 'task.started', id: `${task_id} b`, ...who, worker_id: worker, time: start },
        failed
          ? { type: 'task.failed', ...end, error: { message: 'no' } }
          : { type: 'task.completed', ...end },
      ];
    }),
  );
}
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const of = (plans: readonly Plan[], more: { bins?: number; lanes?: number } = {}) =>
  occupancy(modelOf(plans), { filter: {}, bins: 20, lanes: 10, now: T0 + 1e9, ...more });

describe('the occupancy of workers', () => {
  it('says how many tasks ran and waited at once, and where they failed', () => {
    const answer = of(
      [
        { worker: 'w1', submitted: 0, wait: 5, run: 5, failed: false },
        { worker: 'w1', submitted: 0, wait: 5, run: 15, failed: true },
        { worker: 'w2', submitted: 0, wait: 0, run: 10, failed: false },
      ],
      { bins: 4 },
    );
    assert.deepEqual([answer.from, answer.bin_ms], [new Date(T0).toISOString(), 5000]);
    const [w1, w2] = answer.lanes;
    assert.deepEqual([w1?.worker_id, w1?.tasks, w1?.failed, w1?.open], ['w1', 2, 1, 0]);
    assert.deepEqual(w1?.busy, [0, 2, 1, 1]);
    assert.deepEqual(w1?.waiting, [2, 0, 0, 0]);
    assert.deepEqual(w1?.failures, [0, 0, 0, 1]);
    assert.deepEqual(w2?.busy, [1, 1, 0, 0]);
  });

  it('neither loses nor invents time, whatever the bins and workers', () => {
    fc.assert(
      fc.property(
        fc.array(plan, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (plans, bins, lanes) => {
          const answer = of(plans, { bins, lanes });
          const all = [...answer.lanes, ...(answer.others ? [answer.others] : [])];
          const time = (of: 'busy' | 'waiting') =>
            sum(all.map((lane) => sum(lane[of]))) * answer.bin_ms;
          // Each bin is rounded to a thousandth.
          const slack = all.length * bins * answer.bin_ms * 0.0006 + 1;
          assert.ok(Math.abs(time('busy') - 1000 * sum(plans.map(({ run }) => run))) < slack);
          assert.ok(Math.abs(time('waiting') - 1000 * sum(plans.map(({ wait }) => wait))) < slack);
          assert.equal(sum(all.map((lane) => lane.tasks)), plans.length);
          const failed = plans.filter((one) => one.failed).length;
          assert.equal(sum(all.flatMap((lane) => lane.failures)), failed);
        },
      ),
    );
  });

  it('counts what is open up to now, and answers without any task', () => {
    const { domain } = fold(
      events(
        { type: 'task.submitted', task_id: 'a', time: 0 },
        { type: 'task.started', task_id: 'b', worker_id: 'w', time: 0 },
      ),
    );
    const request = { filter: {}, bins: 2, lanes: 5, now: T0 + 10_000 };
    const { lanes } = occupancy(domain, request);
    const open = lanes.map(({ worker_id, busy, waiting, open }) => [
      worker_id,
      busy,
      waiting,
      open,
    ]);
    assert.deepEqual(open, [
      [null, [0, 0], [1, 1], 1],
      ['w', [1, 1], [0, 0], 1],
    ]);
    const none = occupancy(domain, { ...request, filter: { job_id: 'no' } });
    assert.deepEqual([none.tasks, none.lanes, none.others], [0, [], null]);
  });

  it('takes a part of the time by itself', () => {
    const model = modelOf([{ worker: 'w', submitted: 0, wait: 0, run: 100, failed: true }]);
    const range = { from: T0 + 90_000, to: T0 + 110_000 };
    const { lanes } = occupancy(model, { filter: {}, bins: 4, lanes: 5, now: 0, ...range });
    assert.deepEqual(
      [lanes[0]?.busy, lanes[0]?.failures],
      [
        [1, 1, 0, 0],
        [0, 0, 1, 0],
      ],
    );
  });

  it('answers 20,000 tasks in less than 150 ms @alone', function () {
    this.timeout(60_000);
    const plans = Array.from({ length: 20_000 }, (_, n) => {
      return {
        worker: `w${n % 40}`,
        submitted: Math.floor(n / 20),
        wait: n % 7,
        run: n % 60,
        failed: n % 50 === 0,
      };
    });
    const model = modelOf(plans);
    const began = performance.now();
    const answer = occupancy(model, { filter: { job_id: 'j' }, bins: 200, lanes: 50, now: T0 });
    const took = performance.now() - began;
    assert.equal(sum(answer.lanes.map((lane) => lane.tasks)), 20_000);
    assert.ok(JSON.stringify(answer).length < 500_000);
    assert.ok(took < 150, `${took} ms`);
  });
});
