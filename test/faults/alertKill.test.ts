import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../support/processes.ts';
import { useTempDir } from '../support/tempDir.ts';
import { randomFrom } from '../service/storage/support.ts';
import { QUIET_SETTINGS, withConfig } from './support/config.ts';
import { useReceiver, webhookTo } from './support/receiver.ts';
import { type TestService, eventually, services } from './support/service.ts';

/** Each is where something of the way from the event to the receiver's 200 happens: the journal, sockets, threads. */
const CALLS = ['pwritev', 'writev', 'write', 'fdatasync', 'connect', 'read', 'epoll_ctl', 'close'];
/** The n-th of a kind from the event on; those that are reached no more end the kind. */
const WHEN = [1, 2, 3, 5, 8];
const MAX_MS = 60_000;

const SETTINGS = {
  ...QUIET_SETTINGS,
  alerting: { group_wait_ms: 0, rate_per_minute: 1000 },
};

describe('alerts of a service that is killed between the rule and the receiver', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('alert-kill');
  const receiver = useReceiver();
  const env = { ...withConfig(SETTINGS), UV_THREADPOOL_SIZE: '1' };
  const begin = () => start(folder(), { env });

  async function withChannel(): Promise<TestService> {
    const service = await begin();
    const body = JSON.stringify(webhookTo(receiver().url));
    const { status } = await service.ask('POST', '/api/v1/channels', body);
    assert.equal(status, 201);
    return service;
  }

  /** It was told, each time under the same id. */
  async function told(job_id: string): Promise<void> {
    await eventually(`${job_id} is told`, () => receiver().about(job_id)[0], 20_000);
    const ids = new Set(
      receiver()
        .about(job_id)
        .map(({ id }) => id),
    );
    assert.equal(ids.size, 1, `${job_id} was told under ${[...ids].join(', ')}`);
  }

  it('are told at least once and under one id, at whatever system call it dies (strace)', async function () {
    if (!canAttach()) return this.skip();
    this.timeout(MAX_MS + 120_000);
    const end = performance.now() + MAX_MS;
    let service = await withChannel();
    let killed = 0;
    const jobs: string[] = [];
    const survived = new Set<string>();
    for (const when of WHEN) {
      for (const call of CALLS) {
        if (performance.now() > end || survived.has(call)) continue;
        const job_id = `at-${call}-${when}`;
        jobs.push(job_id);
        const tracer = await trace(service.ready.pid, call, when);
        const posted = await post(service, job_id);
        const late = told(job_id)
          .then(() => sleep(200))
          .then(() => false);
        const isDead = await Promise.race([service.tracked.exited.then(() => true), late]);
        await tracer.stop();
        if (isDead) {
          killed++;
          service = await begin();
        } else survived.add(call);
        if (!posted) assert.ok(await post(service, job_id));
        await told(job_id);
      }
    }
    for (const job_id of jobs) await told(job_id);
    assert.ok(killed >= 5, `it died at ${killed} calls only`);
    console.log(
      `      ${killed} kills in ${jobs.length} runs, ${receiver().deliveries.length} deliveries`,
    );
  });

  it('are told at least once and under one id over many kills under load', async function () {
    this.timeout(120_000);
    const random = randomFrom(Date.now() % 100_000);
    let service = await withChannel();
    const jobs: string[] = [];
    for (let round = 0; round < 10; round++) {
      let over = false;
      const load = (async () => {
        for (let n = 0; !over; n++) {
          const job_id = `load-${round}-${n}-end`;
          if (await post(service, job_id)) jobs.push(job_id);
          await sleep(20);
        }
      })();
      await sleep(60 + random() * 300);
      await service.kill();
      over = true;
      await load;
      service = await begin();
    }
    for (const job_id of jobs) await told(job_id);
    await service.settle();
    const before = receiver().deliveries.length;
    await service.stop();
    await begin();
    await sleep(1500);
    assert.equal(receiver().deliveries.length, before, 'a restart told something again');
    console.log(`      ${jobs.length} alerts, ${before} deliveries`);
  });
});

/** True when it was acknowledged. */
async function post(service: TestService, job_id: string): Promise<boolean> {
  const of = { job_id, phase_id: 'P1' };
  const events = [
    { type: 'job.started', job_id },
    { type: 'phase.started', ...of },
    { type: 'phase.failed', ...of, error: { message: `${job_id} broke` } },
  ].map((event, n) => ({ ...event, id: `${job_id}-${n}` }));
  try {
    return (await service.post(events)).status === 202;
  } catch {
    return false;
  }
}

async function trace(pid: number, call: string, when: number) {
  const inject = `inject=${call}:signal=SIGKILL:when=${when}`;
  const args = ['-f', '-p', String(pid), '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject];
  const tracer = startProcess('strace', args, { env: process.env });
  await eventually('strace is attached', () => /attached/.test(tracer.stderr));
  return tracer;
}

function canAttach(): boolean {
  const args = ['-f', '-p', String(process.pid), '-o', '/dev/null', '-e', 'trace=fdatasync'];
  const probe = spawnSync('timeout', ['-s', 'INT', '1', 'strace', ...args], { encoding: 'utf8' });
  return probe.stderr.includes('attached');
}
