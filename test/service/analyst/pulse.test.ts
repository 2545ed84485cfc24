import assert from 'node:assert/strict';
import { randomOf } from '../../support/random.ts';
import { START, type Value, World } from '../../support/seriesWorld.ts';

/** So many points of one task each, at random about `rate` a second. */
function tasks(metric: string, rate: number, random: () => number): Value[] {
  let [count, passed] = [0, -Math.log(1 - random()) / rate];
  for (; passed < 1; passed -= Math.log(1 - random()) / rate) count++;
  const labels = { queue: 'gpu' };
  return Array.from({ length: count }, () => ({
    ...{ metric, labels, kind: 'histogram' as const, unit: 'tasks', value: 1 },
  }));
}

const seconds = (world: World): number[] =>
  world.all('anomaly').map(({ since }) => (Date.parse(since) - START) / 1000);

describe('what comes to series', () => {
  it('finds that no task is done any more while tasks wait', () => {
    const world = new World();
    const random = randomOf(1);
    world.tell({ type: 'queue.sampled', queue: 'gpu', pending: 40 });
    world.seconds(700, (second) => (second < 600 ? tasks('tasks_completed', 4, random) : []));
    const [found] = world.all('anomaly').filter(({ since }) => Date.parse(since) > START + 600_000);
    assert.ok(found !== undefined && seconds(world).every((second) => second > 600));
    assert.ok(Date.parse(found.since) < START + 650_000, found.since);
    assert.equal(found.value, 0);
    assert.equal(found.unit, 'tasks/s');
    assert.match(found.sentence, /^tasks_completed of gpu .*: 0 tasks\/s now, [34]\.\d+ tasks\/s/);
  });

  it('finds nothing in the end of the work: where nothing waits there is nothing to be done', () => {
    const world = new World();
    const random = randomOf(1);
    world.tell({ type: 'queue.sampled', queue: 'gpu', pending: 40 });
    world.seconds(700, (second) => {
      if (second === 600) world.tell({ type: 'queue.sampled', queue: 'gpu', pending: 0 });
      return second < 600 ? tasks('tasks_completed', 4, random) : [];
    });
    assert.deepEqual(seconds(world), []);
  });

  it('finds that ten times as many tasks fail, and nothing in one that fails now and then', () => {
    const world = new World();
    const random = randomOf(2);
    world.tell({ type: 'queue.sampled', queue: 'gpu', pending: 40 });
    world.seconds(4 * 3600, () => tasks('tasks_failed', 0.05, random));
    assert.deepEqual(seconds(world), []);
    world.seconds(120, () => tasks('tasks_failed', 0.5, random));
    const [found] = world.all('anomaly');
    assert.ok(found !== undefined && Date.parse(found.since) < START + 14_480_000);
  });

  it('finds that requests stay away, beside how long they take', () => {
    const world = new World();
    const random = randomOf(3);
    const request = (): Value => ({
      ...{ metric: 'request_duration_ms', labels: { endpoint: '/search', method: 'GET' } },
      ...{ kind: 'histogram', unit: 'ms', value: 20 + 5 * random() },
    });
    world.seconds(700, (second) =>
      Array.from({ length: second < 600 ? 8 + Math.floor(5 * random()) : 0 }, request),
    );
    const [found, ...others] = world.all('anomaly');
    assert.equal(others.length, 0);
    assert.match(found?.title ?? '', /^requests of \/search, GET: /);
    assert.equal(found?.metric, 'request_duration_ms');
    assert.equal(found.unit, 'requests/s');
    assert.deepEqual(
      world.watch.anomalies.series('request_duration_ms').map((one) => one.of),
      ['request_duration_ms', 'requests'],
    );
  });

  it('passes over points of a counter that come late or twice', () => {
    const world = new World();
    const random = randomOf(4);
    const times: number[] = [];
    const values: number[] = [];
    let total = 1e6;
    for (let second = 0; second <= 900; second++) {
      values.push((total += 10 + random()));
      times.push(START + second * 1000);
    }
    world.seconds(900, (second) => {
      const point = (of: number): Value => ({
        ...{ metric: 'bytes', kind: 'counter', time: times[of] ?? 0, value: values[of] ?? 0 },
      });
      if (second < 500) return [point(second)];
      // Neighbours that change places, and every tenth point twice.
      const here = second % 50 === 0 ? second - 1 : second % 50 === 49 ? second + 1 : second;
      return second % 10 === 0 ? [point(here), point(here)] : [point(here)];
    });
    assert.deepEqual(
      seconds(world).filter((second) => second > 130),
      [],
    );
  });

  it('takes points of a clock that is ahead for points of now, and says of a clock that is behind that it does not look', () => {
    const world = new World();
    const random = randomOf(5);
    world.seconds(300, (second) => {
      const value = second === 280 ? 90 : 20 + random();
      const times = { ahead: world.now + 3_600_000, behind: world.now - 3_600_000 };
      return Object.entries(times).map(([name, time]) => ({
        ...{ metric: 'cpu_percent', labels: { worker_id: name }, time, value },
      }));
    });
    const [found, ...others] = world.all('anomaly');
    assert.equal(others.length, 0);
    assert.equal(found?.worker_id, 'ahead');
    assert.equal(found.since, new Date(START + 280_000).toISOString());
    assert.equal(world.watch.late, 299);
  });

  it('stands that the clock jumps ahead by a day, and counters with it', () => {
    const world = new World();
    const random = randomOf(7);
    let total = 0;
    const values = (): Value[] => [
      { metric: 'bytes', kind: 'counter', value: (total += 10 + random()) },
      { metric: 'cpu_percent', value: 20 + random() },
    ];
    world.seconds(400, values);
    world.now += 86_400_000;
    world.seconds(400, values);
    assert.deepEqual(seconds(world), []);
  });

  it('remembers over a pause of a night, and says nothing of the begin of a run', () => {
    const world = new World();
    const random = randomOf(6);
    const run = (odd: number) =>
      world.seconds(300, (second) => [
        { metric: 'cpu_percent', value: second === odd ? 99 : 50 + random() },
      ]);
    run(-1);
    world.now += 10 * 3_600_000;
    const begun = (world.now - START) / 1000;
    run(begun + 60);
    assert.deepEqual(seconds(world), [begun + 60]);
  });
});
