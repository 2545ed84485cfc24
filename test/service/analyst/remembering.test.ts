import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '../../../service/protocol/finding.ts';
import { SeriesFiles } from '../../../service/storage/seriesFiles.ts';
import { randomOf } from '../../support/random.ts';
import { LIMITS, START, type Value, World } from '../../support/seriesWorld.ts';
import { eventually, getJson, send, useServices } from '../../support/service.ts';
import { useTempDir } from '../../support/tempDir.ts';

const TEN_MINUTES = 600;

/** Milliseconds of the processor between two turns of others: a loaded machine makes no difference. */
async function longestBlock(work: Promise<unknown>): Promise<number> {
  let [longest, at] = [0, process.cpuUsage()];
  const look = () => {
    const { user, system } = process.cpuUsage(at);
    longest = Math.max(longest, (user + system) / 1000);
    at = process.cpuUsage();
  };
  const watcher = setInterval(look, 1);
  await work;
  clearInterval(watcher);
  look();
  return longest;
}

describe('what series did before a start', () => {
  const dataDir = useTempDir('remembering');
  const startService = useServices();
  /** The longest that nobody else had a turn while series were taught. */
  let blocked = 0;

  /** A world whose points are written to disk every ten minutes, and at its end. */
  async function live(begin: number, seconds: number, values: (second: number) => Value[]) {
    const clock = { now: () => begin };
    const warn = (sentence: string) => assert.fail(sentence);
    const files = await SeriesFiles.open(dataDir(), { ...LIMITS, warn, clock: () => clock.now() });
    const world = new World(begin, () => files.store);
    clock.now = () => world.now;
    for (let left = seconds; left > 0; left -= TEN_MINUTES) {
      world.seconds(Math.min(left, TEN_MINUTES), values);
      blocked = await longestBlock(world.watch.remembering.idle());
      await files.write(files.collect(), 0);
    }
    await files.close();
    return world;
  }

  it('is known again after it, from the files: the odd is found 10 s later, and only that', async () => {
    const random = randomOf(1);
    let bytes = 0;
    const odd = 4800 + 10;
    const values = (second: number): Value[] => {
      bytes += 1000 + 100 * random() + (second === odd ? 1000 : 0);
      const cpu = { metric: 'cpu_percent', labels: { source: 'worker', worker_id: 'w-1' } };
      return [
        { ...cpu, value: second === odd ? 95 : 20 + 2 * random() },
        { metric: 'wave', value: 50 + 10 * Math.sin(second / 15) + (second === odd ? 60 : 0) },
        { metric: 'bytes', kind: 'counter', value: bytes },
        { metric: 'calm', value: 20 + 2 * random() },
      ];
    };
    // Beyond the hour after which points in memory become files.
    await live(START, 4800, values);
    const world = await live(START + 4_800_000, 3, values);
    assert.ok(world.watch.anomalies.series('calm')[0]?.state === 'WATCHED');
    world.seconds(297, values);
    const found = world.all('anomaly').map(({ metric, since }) => [metric, since]);
    const since = new Date(START + odd * 1000).toISOString();
    assert.deepEqual(found.sort(), [
      ['bytes', since],
      ['cpu_percent', since],
      ['wave', since],
    ]);
  });

  it('is not told twice: neither what was odd and is over, nor what goes on', async () => {
    const random = randomOf(2);
    const values = (second: number): Value[] => [
      { metric: 'over', value: 20 + 2 * random() + (second === 1500 ? 70 : 0) },
      { metric: 'lasting', value: 20 + 2 * random() + (second >= 1750 ? 70 : 0) },
      { metric: 'just now', value: 20 + 2 * random() + (second >= 1797 ? 70 : 0) },
    ];
    const before = await live(START, 1800, values);
    assert.equal(before.all('anomaly').length, 3);
    const world = await live(START + 1_801_000, 2, values);
    world.seconds(300, values);
    assert.deepEqual(world.all('anomaly'), []);
  });

  it('is looked up a day back where a pipeline runs by night', async () => {
    const random = randomOf(3);
    const values = (): Value[] => [{ metric: 'cpu_percent', value: 50 + 2 * random() }];
    await live(START, TEN_MINUTES, values);
    const world = await live(START + 23 * 3_600_000, 2, values);
    const [series] = world.watch.anomalies.series('cpu_percent');
    assert.equal(series?.state, 'WATCHED');
    assert.ok(series.points > 500, String(series.points));
  });

  it('does not keep the service from its work: hundreds of series in short pieces', async () => {
    const random = randomOf(4);
    const values = (): Value[] =>
      Array.from({ length: 300 }, (_, i) => ({
        ...{ metric: `m${i % 10}`, labels: { worker_id: String(i) }, value: random() },
      }));
    await live(START, 300, values);
    const world = await live(START + 301_000, 2, values);
    assert.equal(world.watch.anomalies.counts.learning, 0);
    assert.equal(world.watch.anomalies.counts.watched, 300);
    // What a loaded machine adds is not ours.
    assert.ok(blocked > 0 && blocked < 100, `${blocked} ms`);
  });

  it('is known to a service that was stopped and started again', async () => {
    const first = await startService();
    const now = Date.now();
    const random = randomOf(5);
    const point = (time: number, value: number) => ({
      ...{ type: 'metric.recorded', name: 'queue_depth', kind: 'gauge', value },
      time: new Date(time).toISOString(),
    });
    const past = Array.from({ length: TEN_MINUTES }, (_, i) =>
      point(now - (TEN_MINUTES - i) * 1000, 20 + 2 * random()),
    );
    await send(first, past);
    await first.stop();
    const second = await startService({ dataDir: first.dataDir });
    for (let i = 0; i < 8; i++) {
      await send(second, point(Date.now(), i === 7 ? 95 : 20 + 2 * random()));
      await wait(1000);
    }
    const path = '/api/v1/findings?kind=anomaly';
    const read = () => getJson<{ findings: Finding[] }>(second, path);
    const [found, ...others] = await eventually(async () => {
      const { findings } = await read();
      const own = findings.filter(({ metric }) => metric === 'queue_depth');
      return own.length > 0 ? own : undefined;
    }, 'The anomaly');
    assert.equal(found?.value, 95);
    assert.equal(others.length, 0);
  });
});
