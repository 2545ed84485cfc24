import assert from 'node:assert/strict';
import { parseRule } from '../../../service/alerts/parseRule.ts';
import { randomOf } from '../../support/random.ts';
import { START, World } from '../../support/seriesWorld.ts';

describe('the watch over all series', () => {
  it('finds an anomaly, says where and what, and ends it when the values are usual again', () => {
    const world = new World();
    const random = randomOf(1);
    const labels = { source: 'worker', worker_id: 'w-1' };
    world.seconds(600, (second) => [
      {
        metric: 'cpu_percent',
        labels,
        unit: 'percent',
        value: second === 500 ? 95 : 20 + random(),
      },
    ]);
    const [found, ...others] = world.all('anomaly');
    assert.ok(found !== undefined);
    assert.equal(others.length, 0);
    assert.equal(found.class, 'spike');
    assert.equal(found.worker_id, 'w-1');
    assert.equal(found.since, new Date(START + 500_000).toISOString());
    assert.match(found.sentence, /^cpu_percent of worker w-1 went to 95 %/);
    assert.ok(found.measure >= 90 && found.measure <= 100);
    assert.equal(found.ended_why, 'The values are usual again.');
  });

  it('says nothing of the past: neither of what is imported nor of what came before a restart', () => {
    const world = new World();
    world.seconds(5, () => []);
    for (let i = 0; i < 3000; i++) {
      const time = START - 3_600_000 + i * 1000;
      world.store.append({
        metric: 'old',
        labels: {},
        kind: 'gauge',
        time,
        value: i === 2500 ? 99 : i % 3,
      });
      world.watch.tick(world.now);
    }
    assert.equal(world.watch.anomalies.counts.watched, 0);
    assert.equal(world.all('anomaly').length, 0);
  });

  it('judges a counter by how fast it grows, and stands that it begins anew', () => {
    const world = new World();
    const random = randomOf(2);
    let total = 0;
    world.seconds(700, (second) => {
      total += 10 + random() + (second === 600 ? 500 : 0);
      if (second === 300) total = 0;
      return [{ metric: 'bytes', kind: 'counter', value: total }];
    });
    const all = world.all('anomaly');
    assert.deepEqual(
      all.map(({ since }) => (Date.parse(since) - START) / 1000).filter((second) => second > 310),
      [600],
    );
  });

  it('counts what it watches and learns', () => {
    const world = new World();
    world.seconds(60, () => [{ metric: 'young', value: 1 }]);
    assert.deepEqual(world.watch.anomalies.counts, {
      ...{ watched: 1, learning: 1, silenced: 0, left_out: 0 },
    });
    world.seconds(100, () => [{ metric: 'young', value: 1 }]);
    assert.equal(world.watch.anomalies.counts.learning, 0);
    const [series] = world.watch.anomalies.series('young');
    assert.equal(series?.state, 'WATCHED');
    assert.equal(world.watch.anomalies.series('other').length, 0);
  });

  it('foretells when memory is used up, in words, and takes it back when the growth stops', () => {
    const world = new World();
    const labels = { source: 'host' };
    const grow = (second: number) => 40 + Math.min(second, 150) / 6;
    world.seconds(140, (second) => [
      { metric: 'host_memory_percent', labels, unit: 'percent', value: grow(second) },
    ]);
    const [found] = world.findings.open().filter(({ kind }) => kind === 'prediction');
    assert.ok(found !== undefined);
    assert.match(
      found.sentence,
      /^host_memory_percent of this machine reaches 100 %, all memory of this machine, at about 00:0[56]:\d\d (\([^)]+\) )?UTC if it goes on/,
    );
    assert.equal(found.threshold, 100);
    // 100 % after 360 s: 220 s from now.
    assert.ok(Math.abs(found.measure - 220_000) < 15_000, String(found.measure));
    assert.ok(found.confidence > 0.8);
    world.seconds(120, (second) => [
      { metric: 'host_memory_percent', labels, unit: 'percent', value: grow(second) },
    ]);
    assert.equal(world.all('prediction')[0]?.ended_why, 'The trend does not go on.');
  });

  it('takes the thresholds of rules as limits, as they are now', () => {
    const world = new World();
    const labels = { queue: 'gpu' };
    const values = (second: number) => [
      { metric: 'queue_pending', labels, unit: 'tasks', value: 2 * second },
    ];
    world.seconds(60, values);
    assert.equal(world.all('prediction').length, 0);
    const rule = parseRule({
      ...{ rule_id: 'q', kind: 'queue_size', name: 'Long queue', enabled: true, scope: {} },
      ...{ severity: 'WARNING', for_ms: 0, recovery: null, cooldown_ms: null, channels: null },
      ...{ message: null, params: { threshold: 500 } },
    });
    world.rules.rules = [rule];
    world.rules.version++;
    world.seconds(60, values);
    const [found] = world.findings.open().filter(({ kind }) => kind === 'prediction');
    assert.match(
      found?.sentence ?? '',
      /reaches 500 tasks, the threshold of the rule "Long queue"/,
    );
    assert.equal(found?.evidence.rule_id, 'q');
    world.seconds(200, values);
    assert.equal(world.all('prediction')[0]?.ended_why, 'The limit is reached.');
  });
});
