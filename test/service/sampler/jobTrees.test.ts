import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobTrees, parseDiskBytes, parseTimes } from '../../../service/sampler/jobTrees.ts';

describe('what the processes of jobs use', () => {
  it('is read of /proc; other text is nothing', () => {
    const fields = ['R', '1', ...Array<string>(9).fill('0'), '30', '12', '7', '5', '20', '0', '4'];
    assert.deepEqual(parseTimes(`42 (a) b) ${[...fields, '0', '991'].join(' ')}`), {
      ...{ cpu_ms: 420, kernel_ms: 120, waited_ms: 120, waited_kernel_ms: 50 },
      ...{ threads: 4, started: '991' },
    });
    assert.equal(parseTimes('nonsense'), null);
    assert.equal(parseDiskBytes('rchar: 1\nread_bytes: 20\nwrite_bytes: 5\n'), 25);
    assert.equal(parseDiskBytes(''), null);
  });

  if (process.platform !== 'linux') return;

  describe('on this machine', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    it('is that of a process and its threads, from one look to the next', async () => {
      const code = `const { Worker } = require('node:worker_threads');
        const burn = 'const end = Date.now() + 20000; while (Date.now() < end);';
        for (let n = 0; n < 2; n++) new Worker(burn, { eval: true });
        console.log('begin');`;
      const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      await once(child.stdout, 'data');
      const trees = new JobTrees();
      const jobs = new Map([['job', child.pid ?? 0]]);
      assert.equal((await trees.look(jobs, performance.now())).size, 0);
      await sleep(1000);
      const tree = (await trees.look(jobs, performance.now())).get('job');
      // Others may use this machine, too.
      assert.ok(tree && tree.cores > 0.02 && tree.cores <= 3, String(tree?.cores));
      assert.ok(tree.kernel_cores >= 0 && tree.kernel_cores <= tree.cores);
      assert.ok(tree.disk_mb_s === null || tree.disk_mb_s >= 0);
      if (tree.threads === null) return; // It had not about one core.
      const [threads = [], ...others] = tree.threads;
      assert.equal(others.length, 0, 'one list a process');
      assert.ok(threads.length >= 3 && threads.every((used) => used >= 0 && used < 2));
    });

    it('is nothing of a process that is gone', async () => {
      const child = spawn(process.execPath, ['-e', '']);
      await once(child, 'exit');
      const trees = new JobTrees();
      const jobs = new Map([['job', child.pid ?? 0]]);
      await trees.look(jobs, 1000);
      const tree = (await trees.look(jobs, 2000)).get('job');
      assert.deepEqual(tree, { cores: 0, kernel_cores: 0, disk_mb_s: null, threads: null });
    });
  });
});
