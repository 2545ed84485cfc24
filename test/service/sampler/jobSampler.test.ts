import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../service/config.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { startProcess } from '../../support/processes.ts';
import { eventually, getJson, send, useServices } from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

interface Usage {
  total: number;
  resource_usage: { time: string; cpu_percent: number; memory_mb: number }[];
}

describe('jobs that gave their process', () => {
  const start = useServices();

  it('are sampled every 100 ms where so configured, and no more when they ended', async () => {
    const to = await start({ config: { sampling: { interval_ms: 100 } } });
    const worker = startProcess(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await send(to, { type: 'job.started', job_id: 'a', pid: worker.pid });
      const usage = () => getJson<Usage>(to, '/api/v1/monitoring/jobs/a/resource-usage?limit=1000');
      const begin = performance.now();
      await eventually(async () => (await usage()).total >= 10, 'Ten samples', 4000);
      assert.ok(performance.now() - begin < 3000);
      const { resource_usage } = await usage();
      assert.ok(resource_usage.every(({ memory_mb }) => memory_mb > 5 && memory_mb < 500));
      await send(to, { type: 'job.completed', job_id: 'a' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { total } = await usage();
      await new Promise((resolve) => setTimeout(resolve, 400));
      assert.equal((await usage()).total, total);
    } finally {
      await worker.stop();
    }
  });

  it('whose process is gone, or never was, cost nothing and harm nobody', async () => {
    const to = await start({ config: { sampling: { interval_ms: 100 } } });
    await send(to, { type: 'job.started', job_id: 'gone', pid: 4_194_303 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { total } = await getJson<Usage>(to, '/api/v1/monitoring/jobs/gone/resource-usage');
    assert.equal(total, 0);
    assert.ok(!to.log.some((line) => line.includes('could not be sampled')));
  });
});

describe('silent jobs', () => {
  const start = useServices();

  it('become STALE after the time in the file, and come back with the next event', async () => {
    const folder = makeTempDir('stale');
    const file = join(folder, 'c.yaml');
    writeFileSync(file, 'stale_after_ms: 1000\n');
    const { stale_after_ms } = loadConfig({ flags: {}, env: {}, file });
    removeTempDir(folder);
    const to = await start({ config: { stale_after_ms } });
    await send(to, [
      { type: 'job.started', job_id: 'quiet' },
      { type: 'job.started', job_id: 'done' },
      { type: 'job.completed', job_id: 'done' },
    ]);
    const status = async (id: string) =>
      (await getJson<JobRecord>(to, `/api/v1/jobs/${id}`)).status;
    const begin = performance.now();
    await eventually(async () => (await status('quiet')) === 'STALE', 'STALE', 4000);
    assert.ok(performance.now() - begin > 900);
    assert.equal(await status('done'), 'COMPLETED');
    await send(to, { type: 'log.recorded', level: 'info', message: 'still here', job_id: 'quiet' });
    assert.equal(await status('quiet'), 'RUNNING');
    await eventually(async () => (await status('quiet')) === 'STALE', 'STALE again', 4000);
    await send(to, { type: 'job.completed', job_id: 'quiet' });
    assert.equal(await status('quiet'), 'COMPLETED');
  });
});
