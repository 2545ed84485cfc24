import assert from 'node:assert/strict';
import { START, type Value, World } from '../../support/seriesWorld.ts';

const labels = { source: 'job', pipeline: 'night', phase_id: 'P01' };
const started = (job_id: string, pid?: number) => ({
  ...{ type: 'job.started' as const, job_id, pipeline: 'night' },
  ...(pid !== undefined && { pid }),
});
const memory = (value: number): Value[] => [{ metric: 'memory_mb', labels, unit: 'MB', value }];
/** Ends whatever memory this machine has. */
const MB_A_SECOND = 30_000;

describe('limits ahead of runs', () => {
  it('are those of this machine where the run named its process, and no others', () => {
    for (const pid of [undefined, 4711]) {
      const world = new World();
      world.tell(started('run-1', pid));
      world.seconds(60, (second) => memory(-1e7 + second * MB_A_SECOND));
      const found = world.all('prediction');
      assert.equal(found.length, pid === undefined ? 0 : 1);
      if (pid === undefined) continue;
      assert.equal(found[0]?.job_id, 'run-1');
      assert.match(found[0].sentence, /all memory of this machine, at about 00:0\d:\d\d/);
    }
  });

  it('end with the run, and the next one begins anew', () => {
    const world = new World();
    world.tell(started('run-1', 4711));
    world.seconds(60, (second) => memory(-1e7 + second * MB_A_SECOND));
    assert.equal(world.findings.open().length, 1);
    world.tell({ type: 'job.completed', job_id: 'run-1' });
    world.seconds(3, () => []);
    assert.equal(world.all('prediction')[0]?.ended_why, 'The run is over.');
    world.tell(started('run-2', 4712));
    // It goes on where the other one ended, and for too short a time to say anything.
    world.seconds(20, (second) => memory(-1e7 + second * MB_A_SECOND));
    assert.equal(world.findings.open().length, 0);
  });

  it('are not foretold while several runs share the values', () => {
    const world = new World();
    world.tell(started('run-1', 4711));
    world.seconds(60, (second) => memory(-1e7 + second * MB_A_SECOND));
    world.tell(started('run-2', 4712));
    world.seconds(60, (second) => memory(-1e7 + second * MB_A_SECOND));
    const [found, ...others] = world.all('prediction');
    assert.equal(others.length, 0);
    assert.equal(found?.ended_why, 'Several runs share these values.');
  });

  it('make room for others when their series are silent, and count who waits for it', () => {
    const world = new World();
    const share = (worker: number, second: number): Value => ({
      ...{ metric: 'worker_memory_percent', labels: { worker_id: `w-${worker}` } },
      ...{ unit: 'percent', value: 20 + second / 10 },
    });
    world.seconds(2, (second) => Array.from({ length: 501 }, (_, i) => share(i, second)));
    assert.deepEqual(world.watch.predictions.counts, { watched: 500, left_out: 1 });
    world.seconds(700, (second) => [share(500, second)]);
    assert.deepEqual(world.watch.predictions.counts, { watched: 500, left_out: 0 });
    const [found] = world.all('prediction');
    assert.equal(found?.worker_id, 'w-500');
    assert.ok(Date.parse(found.since) > START + 600_000);
  });
});
