import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { eventually } from '../../support/service.ts';
import { useCli } from '../cli/cli.ts';
import { H200, fakeNvidiaSmi, hangingNvidiaSmi, pathWith } from './fakeNvidiaSmi.ts';

describe('a service that samples its machine', function () {
  this.timeout(40_000);
  const cli = useCli();

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('keeps what is measured as series of the source "host", GPUs too', async () => {
    const [dataDir, folder] = [cli.folder(), cli.folder()];
    fakeNvidiaSmi(folder, [H200]);
    const env = { PATH: pathWith(folder) };
    const { ready } = await cli.serve(dataDir, ['--port', '0'], { env });
    const tokens = readFileSync(join(dataDir, 'tokens.json'), 'utf8');
    const { admin } = JSON.parse(tokens) as { admin: string };
    const ask = async (metric: string, aggregation: string) => {
      const query = `metric=${metric}&label.source=host&range=5m&aggregation=${aggregation}`;
      const response = await fetch(`${ready.url}/api/v1/series?${query}`, {
        headers: { authorization: `Bearer ${admin}` },
      });
      if (!response.ok) return [];
      return ((await response.json()) as SeriesAnswer).series.flatMap(({ points }) => points);
    };
    const count = async (metric: string) =>
      (await ask(metric, 'count')).reduce((sum, [, value]) => sum + value, 0);
    await eventually(async () => (await count('cpu_percent')) >= 20, '20 looks', 10_000);
    await eventually(async () => (await count('gpu_percent')) >= 1, 'The GPU', 10_000);
    assert.deepEqual((await ask('gpu_percent', 'last')).at(-1)?.[1], 87);
    for (const metric of ['memory_mb', 'disk_percent', 'host_load_1', 'host_service_memory_mb'])
      assert.ok((await count(metric)) >= 1, metric);
  });

  it('ends within three seconds while nvidia-smi hangs', async () => {
    const folder = cli.folder();
    const asked = hangingNvidiaSmi(folder);
    const env = { PATH: pathWith(folder) };
    const { service } = await cli.serve(cli.folder(), ['--port', '0'], { env });
    await eventually(() => existsSync(asked), 'The look at the GPU', 15_000);
    const begin = performance.now();
    service.kill('SIGTERM');
    assert.deepEqual(await service.exited, { code: 0, signal: null }, service.stderr);
    assert.ok(performance.now() - begin < 3000, `${performance.now() - begin} ms`);
  });
});
