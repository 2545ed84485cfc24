import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { read } from '../../support/rest.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';

interface Watching {
  watched: string[];
  watches_machine: boolean;
}

const bottlenecks = async (to: TestService) =>
  (await read<{ bottlenecks: Bottleneck[] }>(to, '/api/bottlenecks')).bottlenecks;
const findings = async (to: TestService, query = '') =>
  (await read<{ findings: Finding[] }>(to, `/api/v1/findings?kind=bottleneck${query}`)).findings;

describe('bottlenecks of a running service', () => {
  const start = useServices();

  it('are findings while they last, by a pattern of the configuration as well', async () => {
    const to = await start({
      config: {
        sampling: { host_interval_ms: 0 },
        bottleneck_patterns: [
          {
            name: 'cold-cache',
            title: 'The cache is cold',
            kind: 'IO',
            conditions: [{ metric: 'cache_hit_rate_percent', below: 40 }],
            for_seconds: 2,
          },
        ],
      },
    });
    const looks = (hits: number) => {
      const now = Date.now();
      return Array.from({ length: 6 }, (_, n) => {
        const time = now - (5 - n) * 1000;
        return { type: 'cache.sampled', cache: 'tokens', hits, misses: 100 - hits, time };
      });
    };
    await send(to, looks(10));
    await eventually(async () => (await bottlenecks(to)).length === 1, 'The bottleneck');
    const [one] = await bottlenecks(to);
    assert.deepEqual(
      [one?.kind, one?.pattern, one?.title],
      ['IO', 'cold-cache', 'The cache is cold'],
    );
    const [finding] = await findings(to, '&open=true');
    assert.equal(finding?.finding_id, `bottleneck:${one?.bottleneck_id ?? ''}`);
    assert.deepEqual([finding?.class, finding?.until], ['IO', null]);
    // No worst value was given: how much it costs is not known, and no number is made up.
    assert.deepEqual([one?.impact, one?.impact_basis], [null, 'unknown']);
    assert.deepEqual([finding?.impact, finding?.measure], [null, 0]);
    await send(to, [{ ...looks(90)[5], time: Date.now() + 1 }]);
    await eventually(async () => (await bottlenecks(to)).length === 0, 'Its end', 15_000);
    const [over] = await findings(to, '&open=false');
    assert.equal(over?.finding_id, finding?.finding_id);
    assert.ok(over?.until !== null && over?.ended_why === 'It is over.');
  });

  it('name a slow worker of four', async () => {
    const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
    const now = Date.now();
    const ended = [0, 1, 2, 3].flatMap((n) =>
      Array.from({ length: 8 }, (_, i) => {
        const about = { job_id: 'run', phase_id: 'P02', queue: 'q', worker_id: `w${n}` };
        const task_id = `t${n}-${i}`;
        const begin = now - 9000 + i * 1000;
        return [
          { type: 'task.started', ...about, task_id, time: begin },
          { type: 'task.completed', ...about, task_id, time: begin + (n === 2 ? 900 : 150 + i) },
        ];
      }),
    );
    await send(to, [
      { type: 'job.started', job_id: 'run', pipeline: 'nightly', time: now - 10_000 },
      { type: 'phase.started', job_id: 'run', phase_id: 'P02', time: now - 10_000 },
      ...ended.flat(),
    ]);
    await eventually(async () => (await bottlenecks(to)).length === 1, 'The slow worker');
    const [one] = await bottlenecks(to);
    assert.deepEqual(
      [one?.kind, one?.worker_id, one?.pipeline, one?.phase_id],
      ['SKEW', 'w2', 'nightly', 'P02'],
    );
  });

  it('are looked for in what is measured and reported, and it is told what that is', async () => {
    const watching = async (to: TestService) => {
      const { watched, watches_machine } = await read<Watching>(to, '/api/bottlenecks');
      return { watched, watches_machine };
    };
    const blind = await start({ config: { sampling: { host_interval_ms: 0 } } });
    const reported = ['QUEUE', 'LOCK', 'SKEW'];
    assert.deepEqual(await watching(blind), { watched: reported, watches_machine: false });
    await send(blind, [{ type: 'worker.heartbeat', worker_id: 'w', ipc_latency_ms: 1 }]);
    assert.deepEqual((await watching(blind)).watched, ['IPC', ...reported]);
    const seldom = await start({ config: { sampling: { host_interval_ms: 2000 } } });
    await eventually(
      async () => {
        const { watched, watches_machine } = await watching(seldom);
        return watches_machine && watched.includes('CPU') && watched.includes('MEMORY');
      },
      'The look at this machine',
      10_000,
    );
  });

  it('show how many tasks came into a queue and how many were done, a second', async () => {
    const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
    const begin = Math.floor(Date.now() / 1000) * 1000 - 20_000;
    const tasks = Array.from({ length: 100 }, (_, i) => {
      const [task_id, second] = [`t${i}`, begin + Math.floor(i / 10) * 1000];
      const about = { task_id, queue: 'q', time: second + (i % 10) * 90 };
      const done = { type: 'task.completed', ...about, time: about.time + 5 };
      return [{ type: 'task.submitted', ...about }, ...(i % 10 < 2 ? [done] : [])];
    });
    await send(to, tasks.flat());
    const rates = async (metric: string) => {
      const query = `metric=${metric}&label.queue=q&aggregation=rate&range=5m&step=1s`;
      const { series } = await read<SeriesAnswer>(to, `/api/v1/series?${query}`);
      return new Set(series.flatMap(({ points }) => points.map(([, value]) => value)));
    };
    assert.deepEqual(await rates('tasks_submitted'), new Set([10]));
    assert.deepEqual(await rates('tasks_completed'), new Set([2]));
  });

  it('are judged by queues whose clocks are hours ahead, for as long as these are heard', async () => {
    const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
    for (let n = 0; n < 6; n++) {
      const time = Date.now() + 36_000_000;
      const waits = { pending: 10 + 10 * n, oldest_wait_ms: 5000 };
      await send(to, [{ type: 'queue.sampled', queue: 'far', ...waits, time }]);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const [one] = await bottlenecks(to);
    assert.deepEqual([one?.kind, one?.labels], ['QUEUE', { queue: 'far' }]);
    assert.ok(one && Date.parse(one.since) <= Date.now(), one?.since);
  });

  if (process.platform !== 'linux') return;

  describe('under real load', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    it('are found from what is measured of this machine, and of the job that does it', async function () {
      const to = await start({ config: { sampling: { host_interval_ms: 100 } } });
      const count = 3 * availableParallelism();
      const burn = 'const end = Date.now() + 15000; while (Date.now() < end);';
      const code = `const { spawn } = require('node:child_process');
        for (let n = 0; n < ${count}; n++) spawn(process.execPath, ['-e', ${JSON.stringify(burn)}]);
        setTimeout(() => process.exit(), 15000);`;
      const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
      children.push(child);
      await send(to, [
        { type: 'job.started', job_id: 'burner', pipeline: 'burning', pid: child.pid },
        { type: 'phase.started', job_id: 'burner', phase_id: 'burn' },
      ]);
      const cpu = async () => (await bottlenecks(to)).find(({ kind }) => kind === 'CPU');
      const found = await eventually(async () => (await cpu()) ?? null, 'The CPU', 14_000);
      assert.ok((found.impact ?? 0) > 0.3, String(found.impact));
      assert.equal(found.evidence_series[0]?.metric, 'cpu_percent');
      // Others may keep this machine as busy: then it is nobody's alone. What it had is measured here as well.
      const before = timesOf(child.pid ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const after = timesOf(child.pid ?? 0);
      const share = (after.tree - before.tree) / (after.machine - before.machine);
      const owner = (await cpu())?.job_id ?? null;
      if (share >= 0.6) assert.equal(owner, 'burner', `share ${share.toFixed(2)}`);
      else if (share <= 0.4) assert.equal(owner, null, `share ${share.toFixed(2)}`);
      else this.skip();
    });
  });
});

/** Ticks that the children of a process and the whole machine have used so far; see proc(5). */
function timesOf(parent: number): { tree: number; machine: number } {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'latin1');
  const pids = children.split(' ').filter((pid) => pid !== '');
  const tree = pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
  const [all = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = all
    .split(/ +/)
    .slice(1)
    .map(Number);
  return { tree, machine: user + nice + system + irq + softirq };
}
