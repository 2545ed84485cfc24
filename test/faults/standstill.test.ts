import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { QUIET_SETTINGS, withConfig } from './support/config.ts';
import { readJournal } from './support/journalFile.ts';
import { type TestService, eventually, services } from './support/service.ts';

const OFFLINE_MS = 3000;
const STOPPED_MS = 10_000;
const WORKERS = 20;

describe('a service that is stopped for a while, and goes on', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('standstill');
  const env = withConfig({ ...QUIET_SETTINGS, worker_offline_ms: OFFLINE_MS });

  interface Worker {
    worker_id: string;
    state: string;
  }
  const states = async (service: TestService) => {
    const { workers } = await service.get<{ workers: Worker[] }>('/api/v1/workers');
    return new Map(workers.map(({ worker_id, state }) => [worker_id, state]));
  };
  const heartbeats = (names: readonly string[]) =>
    names.map((worker_id) => ({ type: 'worker.heartbeat', worker_id }));

  it('takes no worker for lost that spoke meanwhile, and finds the one that did not in time', async function () {
    this.timeout(40_000);
    const names = Array.from({ length: WORKERS }, (_, n) => `worker-${n}`);
    const service = await start(folder(), { env });
    await service.send(heartbeats([...names, 'gone']));
    await sleep(1500);
    process.kill(service.ready.pid, 'SIGSTOP');
    // They wait for the answer, as workers do.
    const waiting = sleep(STOPPED_MS - 500).then(() => service.send(heartbeats(names)));
    await sleep(STOPPED_MS);
    process.kill(service.ready.pid, 'SIGCONT');
    await waiting;
    const end = performance.now() + OFFLINE_MS + 3000;
    let lostAt = 0;
    while (performance.now() < end) {
      await service.send(heartbeats(names));
      const now = await states(service);
      assert.ok(names.every((name) => now.get(name) === 'ONLINE'));
      if (now.get('gone') === 'OFFLINE') lostAt ||= performance.now();
      await sleep(300);
    }
    assert.ok(lostAt > 0, 'who is really gone is found');
    await eventually('the end', async () => (await service.stop()).code === 0);
    const lost = (await readJournal(folder())).flatMap(({ event }) =>
      event.type === 'worker.lost' ? [event.worker_id] : [],
    );
    assert.deepStrictEqual(lost, ['gone']);
  });
});
