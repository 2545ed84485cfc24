import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  HOST_METRICS,
  type HostMetric,
  type HostPart,
  type HostPoint,
  type HostValues,
} from '../../../service/sampler/hostMetrics.ts';
import { portableParts } from '../../../service/sampler/hostPortable.ts';
import { HostSampler } from '../../../service/sampler/hostSampler.ts';
import { RESOURCE_FIELDS } from '../../../service/protocol/event.ts';
import { root } from '../../support/paths.ts';
import { startProcess } from '../../support/processes.ts';
import { makeTempDir, removeTempDir, useTempDir } from '../../support/tempDir.ts';
import { hangingNvidiaSmi, pathWith } from './fakeNvidiaSmi.ts';

interface Sampled {
  sampler: HostSampler;
  points: HostPoint[];
  warnings: string[];
  of: (metric: HostMetric) => HostPoint[];
}

/** In a `describe`: samplers that end with the test. */
function useSamplers() {
  const open: HostSampler[] = [];
  afterEach(() => open.splice(0).forEach((sampler) => sampler.close()));
  return (intervalMs: number, parts?: readonly HostPart[]): Sampled => {
    const points: HostPoint[] = [];
    const warnings: string[] = [];
    const sampler = new HostSampler({
      intervalMs,
      sink: (more) => points.push(...more),
      logger: { warn: (sentence) => warnings.push(sentence) },
      dataDir: root,
      ...(parts && { parts }),
    });
    open.push(sampler);
    const of = (metric: HostMetric) => points.filter((point) => point.metric === metric);
    return { sampler, points, warnings, of };
  };
}

const part = (take: HostPart['take'], more: Partial<HostPart> = {}): HostPart => {
  return { name: 'thing', everyMs: 0, take, ...more };
};

describe('the names of the machine’s metrics', () => {
  it('are those of the resource fields, or begin with host_', () => {
    const fields = new Set<string>(RESOURCE_FIELDS);
    for (const name of Object.keys(HOST_METRICS))
      assert.ok(fields.has(name) || name.startsWith('host_'), name);
  });
});

describe('sampling this machine @alone', function () {
  this.timeout(20_000);
  const start = useSamplers();

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('tells more than 20 metrics in their ranges, each in its rhythm', async () => {
    const { sampler, points, warnings, of } = start(100);
    sampler.start();
    await sleep(3200);
    sampler.close();
    assert.deepEqual(warnings, []);
    const metrics = new Set(points.map(({ metric }) => metric));
    assert.ok(metrics.size > 20, `${metrics.size}: ${[...metrics].join()}`);
    for (const { metric, value, unit, time } of points) {
      const most = unit === 'percent' ? 100 : unit === 'MB' ? 1e9 : 1e6;
      assert.ok(value >= 0 && value <= most, `${metric}: ${value} ${unit}`);
      assert.ok(Math.abs(Date.now() - time) < 20_000);
    }
    // 31 ticks; other tests may take the cores for a while.
    const ticks = of('cpu_percent').length;
    assert.ok(ticks >= 20 && ticks <= 32, `${ticks} fast looks`);
    assert.equal(of('memory_mb').length, ticks + 1);
    assert.equal(of('host_service_event_loop_delay_ms').length, ticks + 1);
    for (const metric of ['host_load_1', 'host_service_memory_mb'] as const)
      assert.ok([3, 4].includes(of(metric).length), `${metric}: ${of(metric).length} looks`);
    assert.equal(of('disk_percent').length, 1);
    const latest = sampler.latest();
    assert.deepEqual(Object.keys(latest), Object.keys(HOST_METRICS));
    for (const metric of metrics) assert.equal(latest[metric], of(metric).at(-1)?.value, metric);
  });

  it('agrees with what Node and df tell', async () => {
    const { sampler } = start(0);
    sampler.look();
    await sleep(300);
    const latest = sampler.latest();
    const total = totalmem() / 1024 ** 2;
    const close = (metric: HostMetric, wanted: number, within: number) => {
      const value = latest[metric] ?? Number.NaN;
      assert.ok(Math.abs(value - wanted) <= within, `${metric}: ${value}, not ${wanted}`);
    };
    const available = /MemAvailable: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    close('memory_mb', total - Number(available) / 1024, total / 20);
    close('host_memory_percent', ((latest.memory_mb ?? 0) / total) * 100, 0.01);
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    close('host_load_1', one, 0.5);
    close('host_load_5', five, 0.2);
    close('host_load_15', fifteen, 0.1);
    close('host_service_memory_mb', process.memoryUsage.rss() / 1024 ** 2, 100);
    const df = execFileSync('df', ['-kP', root], { encoding: 'utf8' }).split('\n')[1] ?? '';
    const [, , , free, percent] = df.split(/ +/);
    // df rounds up to whole percents.
    close('disk_percent', Number.parseInt(percent ?? '', 10) - 0.5, 1);
    close('host_disk_free_mb', Number(free) / 1024, 2000);
    const processes = execFileSync('sh', ['-c', 'ls -d /proc/[0-9]* | wc -l'], {
      encoding: 'utf8',
    });
    close('host_processes', Number(processes), 30);
  });

  it('counts the same CPU time as Node does, and sees a busy core', async () => {
    const { sampler, of } = start(100);
    const idleAndAll = () => {
      const all = cpus().flatMap(({ times }) => Object.values(times));
      const idle = cpus().reduce((sum, { times }) => sum + times.idle, 0);
      return { idle, all: all.reduce((sum, time) => sum + time, 0) };
    };
    const busy = startProcess(process.execPath, ['-e', 'for (;;);']);
    try {
      await sleep(300);
      const before = idleAndAll();
      sampler.start();
      await sleep(4000);
      const after = idleAndAll();
      sampler.close();
      const points = of('cpu_percent');
      const average = points.reduce((sum, { value }) => sum + value, 0) / points.length;
      const wanted = 100 - ((after.idle - before.idle) / (after.all - before.all)) * 100;
      // Node does not count waiting for disks as idle time.
      assert.ok(Math.abs(average - wanted) < 10, `${average} %, not ${wanted} %`);
      assert.ok(average > 80 / cpus().length, `${average} % with a busy core`);
    } finally {
      await busy.stop();
    }
  });

  it('counts the bytes that reach the disk', async function () {
    const disks = () => {
      const lines = readFileSync('/proc/diskstats', 'utf8').trim().split('\n');
      const rows = lines.map((line) => line.trim().split(/ +/));
      const whole = rows.filter(([, , name]) =>
        /^(vd[a-z]+|sd[a-z]+|nvme\d+n\d+|xvd[a-z]+)$/.test(name ?? ''),
      );
      return whole.reduce((sum, row) => sum + Number(row[9]) / 2048, 0);
    };
    const { sampler, of } = start(100);
    const folder = makeTempDir('disk');
    sampler.start();
    await sleep(1300);
    const before = disks();
    const file = openSync(join(folder, 'data'), 'w');
    for (let mb = 0; mb < 64; mb++) writeSync(file, Buffer.alloc(1024 ** 2, mb + 1));
    fsyncSync(file);
    closeSync(file);
    await sleep(2500);
    const written = disks() - before;
    sampler.close();
    removeTempDir(folder);
    if (written < 60) this.skip();
    const points = of('disk_write_mb_s');
    const seen = points.slice(1).reduce((sum, { value, time }, n) => {
      return sum + (value * (time - (points[n]?.time ?? time))) / 1000;
    }, 0);
    assert.ok(Math.abs(seen - written) < 15, `${seen} MB, not ${written} MB`);
  });
});

describe('sampling as on platforms without /proc', function () {
  this.timeout(20_000);
  const start = useSamplers();

  it('tells the metrics that Node and systeminformation have, in their ranges', async () => {
    const { sampler, points, warnings, of } = start(100, portableParts());
    sampler.start();
    await sleep(2500);
    sampler.close();
    assert.deepEqual(warnings, []);
    const latest = sampler.latest();
    const known = Object.entries(latest).filter(([, value]) => value !== null);
    const names = new Set(known.map(([name]) => name));
    for (const name of ['cpu_percent', 'memory_mb', 'host_memory_available_mb', 'host_processes'])
      assert.ok(names.has(name), `${name} is not among ${[...names].join()}`);
    for (const { metric, value, unit } of points)
      assert.ok(value >= 0 && (unit !== 'percent' || value <= 100), `${metric}: ${value} ${unit}`);
    assert.ok(of('cpu_percent').length >= 10, `${of('cpu_percent').length} looks`);
    // Programs are started for these: once at first.
    assert.equal(of('host_processes').length, 1);
    // Rates need two looks.
    assert.equal(of('net_in_mb_s').length, 0);
  });
});

describe('the rhythm of the sampler', () => {
  const start = useSamplers();

  it('one part that fails is said once and its value forgotten; the others go on', async () => {
    let looks = 0;
    const { sampler, points, warnings } = start(50, [
      part(
        () => {
          if (looks++ > 1) throw new Error('no such file');
          return { host_load_1: looks };
        },
        { name: 'load' },
      ),
      part(() => Promise.reject(new Error('gone.')), { name: 'disk' }),
      part(() => ({ host_load_5: 5 })),
    ]);
    sampler.start();
    await sleep(400);
    assert.deepEqual(warnings.sort(), [
      'The disk of this machine cannot be read: gone. The others can.',
      'The load of this machine cannot be read: no such file. The others can.',
    ]);
    assert.equal(looks, 3);
    const { host_load_1, host_load_5, disk_percent } = sampler.latest();
    assert.deepEqual([host_load_1, host_load_5, disk_percent], [null, 5, null]);
    assert.ok(points.filter(({ metric }) => metric === 'host_load_5').length >= 4);
  });

  it('a sink that fails is said once and ends nothing', async () => {
    let calls = 0;
    const warnings: string[] = [];
    const sampler = new HostSampler({
      intervalMs: 50,
      sink: () => {
        calls++;
        throw new Error('full');
      },
      logger: { warn: (sentence) => warnings.push(sentence) },
      dataDir: root,
      parts: [part(() => ({ host_load_1: 1 }))],
    });
    sampler.start();
    await sleep(300);
    sampler.close();
    assert.ok(calls >= 3);
    assert.deepEqual(warnings, ['Measured values could not be kept: full.']);
  });

  it('a slow look never overlaps with itself, holds up no other, and comes again by its cost', async () => {
    let under = 0;
    let most = 0;
    let slow = 0;
    const { sampler, of } = start(50, [
      part(async () => {
        slow++;
        most = Math.max(most, ++under);
        await sleep(200);
        under--;
        return { host_processes: slow };
      }),
      part(() => ({ host_load_1: 1 })),
    ]);
    sampler.start();
    await sleep(1000);
    // 200 ms of one core are allowed every 40 s on 2 cores.
    assert.deepEqual([most, slow, of('host_processes').length], [1, 1, 1]);
    assert.ok(of('host_load_1').length >= 12, `${of('host_load_1').length} ticks`);
  });

  it('ticks that were slept through are not caught up on, and those after stay on their times', async () => {
    const at: number[] = [];
    const delays: number[] = [];
    const { sampler } = start(100, [
      part((_, lateMs) => {
        at.push(performance.now());
        delays.push(lateMs ?? 0);
        return {};
      }),
    ]);
    const begin = performance.now();
    sampler.start();
    await sleep(250);
    const end = performance.now() + 400;
    while (performance.now() < end);
    await sleep(450);
    const longest = Math.max(...delays);
    assert.ok(longest > 250 && longest < 600, `${longest} ms late`);
    // 100, 200, one for all that were slept through, then on multiples of 100 again.
    assert.ok(at.length >= 5 && at.length <= 8, at.join());
    const late = at.slice(-2).map((time) => (time - begin) % 100);
    assert.ok(
      late.every((ms) => ms < 60 || ms > 98),
      late.join(),
    );
  });

  it('another interval is taken at once; 0 is off, and forgets; after close nothing comes', async () => {
    let looks = 0;
    let closed = 0;
    const counted = part(() => ({ host_load_1: ++looks }), { close: () => closed++ });
    const { sampler, points } = start(60_000, [counted]);
    sampler.start();
    await sleep(150);
    assert.equal(looks, 0);
    sampler.setInterval(50);
    await sleep(400);
    assert.ok(looks >= 3, `${looks} looks`);
    sampler.setInterval(0);
    const off = looks;
    await sleep(200);
    assert.deepEqual([looks, closed, sampler.latest().host_load_1], [off, 1, null]);
    sampler.setInterval(1);
    await sleep(250);
    // 50 ms is the shortest.
    assert.ok(looks > off && looks <= off + 5, `${looks - off} looks`);
    sampler.close();
    const end = points.length;
    sampler.look();
    await sleep(150);
    assert.equal(points.length, end);
  });

  it('a look that answers after it was switched off, or closed, reaches nobody', async () => {
    for (const end of ['off', 'close'] as const) {
      let answer: (values: HostValues) => void = () => undefined;
      const waiting = part(() => new Promise<HostValues>((resolve) => (answer = resolve)));
      const { sampler, points, warnings } = start(50, [waiting]);
      sampler.start();
      await sleep(120);
      if (end === 'off') sampler.setInterval(0);
      else sampler.close();
      answer({ host_processes: 7 });
      await sleep(20);
      assert.deepEqual([points, warnings, sampler.latest().host_processes], [[], [], null]);
    }
  });
});

describe('a process with a sampler', function () {
  this.timeout(20_000);
  const folder = useTempDir('sampling');
  const script = (more: string) => `
    import { HostSampler } from ${JSON.stringify(join(root, 'service/sampler/hostSampler.ts'))};
    const sampler = new HostSampler({
      intervalMs: 50, sink: () => {}, logger: { warn: console.error }, dataDir: process.cwd(),
    });
    sampler.start();
    ${more}`;
  const run = (more: string, path = process.env['PATH'] ?? '') =>
    startProcess(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script(more)], {
      cwd: root,
      env: { ...process.env, PATH: path },
    });

  it('ends by itself when there is nothing else to do', async () => {
    const child = run('console.log("started");');
    await child.waitForOutput(/started/);
    const begin = performance.now();
    assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
    assert.ok(performance.now() - begin < 2000);
  });

  it('ends when it closes the sampler, also while nvidia-smi hangs', async function () {
    if (process.platform === 'win32') this.skip();
    const asked = hangingNvidiaSmi(folder());
    const wait = `const { existsSync } = await import('node:fs');
      while (!existsSync(${JSON.stringify(asked)})) await new Promise((r) => setTimeout(r, 50));
      console.log('hangs'); sampler.close();`;
    const child = run(wait, pathWith(folder()));
    await child.waitForOutput(/hangs/);
    const begin = performance.now();
    assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
    assert.ok(performance.now() - begin < 2000, `${performance.now() - begin} ms`);
    assert.equal(child.stderr, '');
  });
});
