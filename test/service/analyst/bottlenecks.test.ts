import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import { read } from '../../support/rest.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';

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
    assert.deepEqual([finding?.class, finding?.measure, finding?.until], ['IO', 50, null]);
    assert.equal(finding?.evidence['impact_basis'], 'use');
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

  if (process.platform !== 'linux') return;

  describe('under real load', () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    it('are found from what is measured of this machine, and of the job that does it', async () => {
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
      await eventually(async () => (await cpu()) !== undefined, 'The CPU', 14_000);
      const found = await cpu();
      assert.ok(found && found.impact > 0.3, String(found?.impact));
      assert.equal(found.evidence_series[0]?.metric, 'cpu_percent');
      // Where others keep this machine as busy as that, it is nobody's alone.
      assert.ok(found.job_id === 'burner' || found.job_id === null, String(found.job_id));
    });
  });
});
