import assert from 'node:assert/strict';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NvidiaSmi, parseNvidiaSmi } from '../../../service/sampler/gpu.ts';
import { findGpus, gpuPart, gpuValues } from '../../../service/sampler/gpuPart.ts';
import { useTempDir } from '../../support/tempDir.ts';
import {
  H200,
  fakeNvidiaSmi,
  hangingNvidiaSmi,
  install,
  pathWith,
  useSearchPath,
} from './fakeNvidiaSmi.ts';

const h200 = {
  index: 0,
  name: 'NVIDIA H200',
  gpu_percent: 87,
  memory_used_mb: 71234,
  memory_total_mb: 143771,
  temperature_celsius: 61,
  power_watts: 512.34,
};

describe('the answer of nvidia-smi', () => {
  it('is one line a GPU', () => {
    const text =
      '0, 87, 71234, 143771, 61, 512.34, NVIDIA H200\n1, 0, 3, 143771, 28, 76.10, NVIDIA H200\n';
    const [first, second] = parseNvidiaSmi(text);
    assert.deepEqual(first, h200);
    assert.deepEqual([second?.index, second?.gpu_percent, second?.power_watts], [1, 0, 76.1]);
  });

  it('holds what a model does not tell in words: not known, never 0', () => {
    for (const words of [
      '[N/A]',
      '[Not Supported]',
      '[Unknown Error]',
      'ERR!',
      '[GPU requires reset]',
      '',
    ]) {
      const [gpu] = parseNvidiaSmi(`0, ${words}, 100, 200, ${words}, ${words}, Tesla M40\r\n`);
      assert.deepEqual(
        [gpu?.gpu_percent, gpu?.memory_used_mb, gpu?.temperature_celsius, gpu?.power_watts],
        [null, 100, null, null],
      );
    }
  });

  it('may name a GPU with a comma, and no GPU at all', () => {
    assert.equal(parseNvidiaSmi('3, 1, 2, 4, 5, 6, Card, Mk 2')[0]?.name, 'Card, Mk 2');
    assert.deepEqual(parseNvidiaSmi('\n'), []);
  });

  it('is refused when it is another text', () => {
    for (const text of ['No devices were found', 'index, name\n', '0, 1, 2'])
      assert.throws(() => parseNvidiaSmi(text), /nvidia-smi answered "/);
  });
});

describe('several GPUs as one machine', () => {
  it('use on average, memory and power summed, the hottest one', () => {
    const cold = { ...h200, index: 1, gpu_percent: 13, temperature_celsius: 30, power_watts: 100 };
    assert.deepEqual(gpuValues([h200, cold]), {
      gpu_percent: 50,
      gpu_memory_mb: 142468,
      host_gpu_memory_percent: (71234 / 143771) * 100,
      host_gpu_temperature_celsius: 61,
      host_gpu_power_watts: 612.34,
    });
  });

  it('leave out what one does not tell; nothing told is not known', () => {
    const silent = { ...h200, gpu_percent: null, power_watts: null, temperature_celsius: null };
    assert.equal(gpuValues([h200, silent]).gpu_percent, 87);
    const values = gpuValues([{ ...silent, memory_used_mb: null, memory_total_mb: null }]);
    assert.deepEqual(new Set(Object.values(values)), new Set([null]));
    assert.deepEqual(new Set(Object.values(gpuValues([]))), new Set([null]));
  });
});

describe('nvidia-smi as a program', () => {
  const folder = useTempDir('gpu');
  const setPath = useSearchPath();

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('is asked for the columns that are read', async () => {
    fakeNvidiaSmi(folder(), [H200, { ...H200, index: 1, 'power.draw': '[N/A]' }]);
    setPath(pathWith(folder()));
    assert.deepEqual(await new NvidiaSmi().look(), [
      h200,
      { ...h200, index: 1, power_watts: null },
    ]);
  });

  it('runs in no project: its folder is the home of the user', async () => {
    const where = join(folder(), 'where');
    install(folder(), `require('fs').writeFileSync(${JSON.stringify(where)}, process.cwd());`);
    setPath(pathWith(folder()));
    await new NvidiaSmi().look();
    assert.equal(readFileSync(where, 'utf8'), realpathSync(homedir()));
  });

  it('that is not there is no GPU', async () => {
    setPath(folder());
    assert.equal(await new NvidiaSmi().look(), null);
  });

  it('that fails says why', async () => {
    const words = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
    install(folder(), `console.log(${JSON.stringify(words)}); process.exitCode = 9;`);
    setPath(pathWith(folder()));
    await assert.rejects(new NvidiaSmi().look(), (error: Error) => error.message.includes(words));
  });

  it('that hangs is let go by close', async () => {
    const asked = hangingNvidiaSmi(folder());
    setPath(pathWith(folder()));
    const nvidia = new NvidiaSmi();
    const looking = assert.rejects(nvidia.look(), /nvidia-smi did not answer/);
    while (!existsSync(asked)) await new Promise((resolve) => setTimeout(resolve, 20));
    const begin = performance.now();
    nvidia.close();
    await looking;
    assert.ok(performance.now() - begin < 1000);
  });

  it('is asked at every look while there is a GPU, and rarely while there is none', async () => {
    const asked = join(folder(), 'asked');
    const count = `require('fs').appendFileSync(${JSON.stringify(asked)}, 'x');`;
    install(folder(), `${count} process.exitCode = 0;`);
    setPath(pathWith(folder()));
    const part = gpuPart();
    const none = await part.take(1000, null);
    assert.deepEqual(new Set(Object.values(none)), new Set([null]));
    assert.ok(existsSync(asked));
    assert.deepEqual([part.take(20_000, null), part.take(590_000, null)], [{}, {}]);
    fakeNvidiaSmi(folder(), [H200]);
    assert.equal((await part.take(602_000, null)).gpu_percent, 87);
    fakeNvidiaSmi(folder(), [{ ...H200, 'utilization.gpu': 12 }]);
    assert.equal((await part.take(612_000, null)).gpu_percent, 12);
    writeFileSync(join(folder(), 'nvidia-smi'), `#!${process.execPath}\nprocess.exit(9)`);
    await assert.rejects(Promise.resolve(part.take(622_000, null)));
    assert.deepEqual(part.take(632_000, null), {});
  });

  it('beside systeminformation finds the GPUs that tell their use', async () => {
    fakeNvidiaSmi(folder(), [H200]);
    setPath(pathWith(folder()));
    const found = await findGpus(new NvidiaSmi());
    assert.deepEqual(found, [h200]);
  });
});
