import assert from 'node:assert/strict';
import { Court } from '../../../support/court.ts';

const RANGE_MS = 60_000;

function courtOf(params: object, rule: object = {}): Court {
  const court = new Court();
  court.only();
  court.define({
    ...{ rule_id: 'r', kind: 'rate_of_change' },
    params: {
      ...{ metric: 'load', labels: {}, group_by: ['host'], aggregation: 'avg' },
      ...{ range_ms: RANGE_MS, direction: 'up', change: 50, unit: 'percent', ...params },
    },
    ...rule,
  });
  return court;
}

const point = (value: number, more: object = {}) => ({
  ...{ type: 'metric.recorded', name: 'load', unit: 'jobs', value, labels: { host: 'h1' } },
  ...more,
});

/** `before` for longer than the range, then `now`. */
async function change(court: Court, before: number, now: number): Promise<void> {
  for (let i = 0; i < 15; i++) {
    court.hear(point(before));
    await court.pass(5000);
  }
  for (let i = 0; i < 15; i++) {
    court.hear(point(now));
    await court.pass(5000);
  }
}

describe('rate_of_change rules', () => {
  const CASES: [object, number, number, boolean][] = [
    [{ direction: 'up' }, 10, 15, false],
    [{ direction: 'up' }, 10, 16, true],
    [{ direction: 'up' }, 16, 1, false],
    [{ direction: 'down' }, 10, 5, false],
    [{ direction: 'down' }, 10, 4, true],
    [{ direction: 'down' }, 4, 10, false],
    [{ direction: 'any' }, 10, 16, true],
    [{ direction: 'any' }, 10, 4, true],
    [{ direction: 'any' }, 10, 12, false],
    [{ direction: 'up', unit: 'value', change: 5 }, 0, 5, false],
    [{ direction: 'up', unit: 'value', change: 5 }, 0, 6, true],
    [{ direction: 'down', unit: 'value', change: 5 }, 3, -3, true],
    // Of less than nothing, its size counts.
    [{ direction: 'up' }, -10, -4, true],
    [{ direction: 'down' }, -10, -16, true],
  ];
  for (const [params, before, now, fires] of CASES) {
    const { direction, unit = 'percent' } = params as { direction: string; unit?: string };
    it(`${direction} in ${unit}: ${before} to ${now} ${fires ? 'fires' : 'does not'}`, async () => {
      const court = courtOf(params);
      await change(court, before, now);
      assert.equal(court.alerts('r').length, fires ? 1 : 0);
    });
  }

  it('have no percentage of nothing', async () => {
    const court = courtOf({});
    for (let i = 0; i < 15; i++) {
      court.hear(point(0));
      await court.pass(5000);
    }
    court.hear(point(1000));
    assert.deepEqual(court.alerts('r'), []);
  });

  it('say what changed by how much, and end when it stays as it is', async () => {
    const court = courtOf({ direction: 'any', aggregation: 'last' });
    for (let i = 0; i < 15; i++) {
      court.hear(point(10));
      await court.pass(5000);
    }
    court.hear(point(4));
    assert.deepEqual(court.said('r'), {
      title: 'load{host=h1} changes much',
      description:
        'The latest value of load{host=h1} went from 10 jobs to 4 jobs within 1m 00s: a change of 60 %; the threshold is 50 %.',
      ...{ component: 'metric', component_id: 'load{host=h1}', metric: 'load' },
      ...{ value: 60, threshold: 50, tags: { host: 'h1' } },
    });
    for (let i = 0; i < 30; i++) {
      court.hear(point(4));
      await court.pass(5000);
    }
    assert.deepEqual(court.states('r'), [['load{host=h1}', false]]);
  });

  it('know no change of a series that has just begun, nor from points that come late', async () => {
    for (const aggregation of ['sum', 'avg']) {
      const court = courtOf({ aggregation });
      court.hear(point(1000));
      await court.pass(RANGE_MS / 2);
      court.hear(point(5000));
      await court.pass(1000);
      assert.deepEqual(court.alerts('r'), [], aggregation);
      court.hear(point(1, { time: court.now - 3_600_000 }));
      await court.pass(1000);
      assert.deepEqual(court.alerts('r'), [], `${aggregation}, late`);
    }
  });

  it('look at their scope, wait until it lasts, and say nothing while they are off', async () => {
    for (const [rule, fires] of [
      [{ scope: { labels: { host: 'h*' } } }, true],
      [{ scope: { labels: { host: 'x*' } } }, false],
      [{ enabled: false }, false],
      [{ for_ms: 30_000 }, true],
      [{ for_ms: 600_000 }, false],
    ] as const) {
      const court = courtOf({}, rule);
      await change(court, 10, 30);
      assert.equal(court.alerts('r').length, fires ? 1 : 0, JSON.stringify(rule));
    }
  });
});

describe('rules with a least number', () => {
  const CASES: [string, object, (i: number) => object][] = [
    [
      'error_rate',
      { threshold_percent: 5 },
      () => ({ type: 'request.recorded', endpoint: '/a', status_code: 500, duration_ms: 1 }),
    ],
    [
      'response_time',
      { threshold_ms: 5, aggregation: 'p95' },
      () => ({ type: 'request.recorded', endpoint: '/a', status_code: 200, duration_ms: 900 }),
    ],
    [
      'task_error_rate',
      { threshold_percent: 5 },
      (i) => ({ type: 'task.failed', task_id: `t${i}`, error: { message: 'no' } }),
    ],
    [
      'cache_hit_rate',
      { threshold_percent: 50 },
      (i) => ({ type: 'cache.sampled', cache: 'c', hits: 0, misses: i }),
    ],
  ];
  for (const [kind, params, event] of CASES) {
    it(`${kind} fires from there on`, () => {
      const court = new Court();
      court.only();
      const all = { range_ms: RANGE_MS, least: 20, ...params };
      court.define({ rule_id: 'r', kind, params: all });
      // A counter says nothing by its first value.
      const first = kind === 'cache_hit_rate' ? 1 : 0;
      for (let i = 0; i < 19 + first; i++) court.hear(event(i));
      assert.deepEqual(court.alerts('r'), []);
      court.hear(event(19 + first));
      assert.equal(court.alerts('r').length, 1);
    });
  }
});
