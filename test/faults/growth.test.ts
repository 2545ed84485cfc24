import assert from 'node:assert/strict';
import { useTempDir } from '../support/tempDir.ts';
import { rowsOf } from './support/answers.ts';
import { QUIET } from './support/config.ts';
import { type TestService, services } from './support/service.ts';

const TASKS = 200_000;
const WORKERS = 20_000;
const ENDPOINTS = 100_000;
const QUEUES = 50_000;
/** What all that is kept of them takes, as the next start shows. */
const GROWTH_MB = 150;
/** With the garbage of the load, which Node lets grow to a multiple of what is kept before it looks. */
const LOAD_MB = 450;
const SENDERS = 3;

interface Summary {
  dropped: Record<string, number>;
}

describe('ids that never come twice', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('growth');

  /** In bodies of 1,000, side by side. */
  async function flood(service: TestService, count: number, make: (n: number) => object) {
    let next = 0;
    const sender = async () => {
      while (next < count) {
        const first = next;
        next += 1000;
        const body = Array.from({ length: Math.min(1000, count - first) }, (_, n) =>
          make(first + n),
        );
        const { status } = await service.post(body);
        assert.equal(status, 202);
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
  }

  it(`take no more than ${GROWTH_MB} MB, are counted where they find no place, and keep out nothing else`, async function () {
    this.timeout(120_000);
    const service = await start(folder(), { env: QUIET });
    const known = [
      { type: 'worker.heartbeat', worker_id: 'known', active_tasks: 1 },
      { type: 'queue.sampled', queue: 'known', pending: 1 },
      { type: 'request.recorded', endpoint: 'known', status_code: 200, duration_ms: 1 },
      { type: 'task.submitted', task_id: 'known', queue: 'known' },
    ];
    const empty = service.memory().now;
    await service.send(known);
    const text = (n: number) => `${n}-${'x'.repeat(40)}`;
    const send = async () => {
      await flood(service, TASKS, (n) => ({
        ...{ type: 'task.submitted', task_id: text(n), queue: 'known' },
      }));
      await flood(service, WORKERS, (n) => ({
        ...{ type: 'worker.heartbeat', worker_id: text(n), active_tasks: 1 },
      }));
      await flood(service, ENDPOINTS, (n) => ({
        ...{ type: 'request.recorded', endpoint: text(n), status_code: 200, duration_ms: 5 },
      }));
      await flood(service, QUEUES, (n) => ({ type: 'queue.sampled', queue: text(n), pending: n }));
    };
    await send();
    const grown = service.memory().peak - empty;
    assert.ok(grown < LOAD_MB, `${grown} MB more`);

    const { dropped } = await service.get<Summary>('/api/v1/monitoring/summary');
    const count = async (list: string) => (await rowsOf(service, list)).length;
    const kept = { workers: await count('workers'), endpoints: await count('endpoints') };
    const queues = await count('queues');
    assert.equal(dropped['workers'], WORKERS + 1 - kept.workers);
    assert.equal(dropped['endpoints'], ENDPOINTS + 1 - kept.endpoints);
    assert.equal(dropped['queues'], QUEUES + 1 - queues);
    assert.equal(dropped['tasks'], TASKS + 1 - (await count('tasks')));
    // What is known goes on, and so do jobs.
    await service.send([
      { type: 'worker.heartbeat', worker_id: 'known', active_tasks: 7 },
      { type: 'queue.sampled', queue: 'known', pending: 9 },
      { type: 'signal.counted', job_id: 'job', signal: 'rows', count: 3 },
    ]);
    const worker = await service.get<{ active_tasks: number }>('/api/v1/workers/known');
    assert.equal(worker.active_tasks, 7);
    assert.equal((await service.export('job')).signals['rows'], 3);
    assert.equal((await service.stop()).code, 0);

    const again = await start(folder(), { env: QUIET });
    const after = await again.get<Summary>('/api/v1/monitoring/summary');
    assert.deepStrictEqual(after.dropped, dropped);
    const { peak } = again.memory();
    assert.ok(peak - empty < GROWTH_MB, `${peak} MB with all of it, ${empty} MB without`);
    console.log(
      `      ${Math.round(empty)} MB empty, ${Math.round(grown)} MB more under load, ` +
        `${Math.round(peak - empty)} MB more in the next start`,
    );
  });
});
