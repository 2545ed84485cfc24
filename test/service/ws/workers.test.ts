import assert from 'node:assert/strict';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';
import { Client } from './client.ts';

const registered = (worker_id: string, fields: object = {}) => ({
  type: 'worker.registered',
  worker_id,
  ...fields,
});
const task = (what: string, task_id: string, fields: object = {}) => ({
  type: `task.${what}`,
  task_id,
  ...fields,
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the topic workers', () => {
  const start = useServices();
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });
  const watch = async (to: TestService, topics: string[], hello: object = {}) => {
    const client = await Client.watch(to, topics, hello);
    clients.push(client);
    return client;
  };

  it('starts with the workers, queues and tasks there are, and goes on with what changes', async () => {
    const to = await start();
    await send(to, [
      registered('w/1 é', { kind: 'gpu', cpu_percent: 12 }),
      task('submitted', 't1', { queue: 'q' }),
      task('started', 't1', { queue: 'q', worker_id: 'w/1 é' }),
      { type: 'queue.sampled', queue: 'q', kind: 'gpu', pending: 3 },
    ]);
    const client = await watch(to, ['workers']);
    const [first] = client.records;
    assert.equal(first?.reset, true);
    assert.deepEqual([first.workers_total, first.tasks_total], [1, 1]);
    assert.equal(client.worker('w/1 é')?.kind, 'gpu');
    assert.equal(client.task('t1')?.status, 'PROCESSING');
    assert.deepEqual([client.queue('q')?.pending, client.queue('q')?.tasks_processing], [3, 1]);
    await send(to, [
      task('completed', 't1', { worker_id: 'w/1 é' }),
      registered('w2'),
      { type: 'queue.sampled', queue: 'other', pending: 0 },
    ]);
    await eventually(() => client.task('t1')?.status === 'COMPLETED', 'The end of the task');
    await eventually(() => client.worker('w2') && client.queue('other'), 'The other worker');
    assert.equal(client.worker('w/1 é')?.completed_tasks, 1);
    assert.equal(client.records.at(-1)?.workers_total, 2);
    assert.ok(client.records.every(({ jobs, alerts }) => jobs.length + alerts.length === 0));
  });

  it('is not sent to those who did not ask, nor are jobs to those who did', async () => {
    const to = await start();
    const jobs = await watch(to, ['jobs', 'alerts']);
    const workers = await watch(to, ['workers']);
    await send(to, [registered('w'), { type: 'job.started', job_id: 'j' }]);
    await eventually(() => workers.worker('w') && jobs.job('j'), 'Both');
    await pause(80);
    assert.ok(jobs.records.every((frame) => frame.workers === undefined));
    assert.equal(workers.job('j'), undefined);
  });

  it('follows with its state when it is added later, and stops when it is dropped', async () => {
    const to = await start();
    await send(to, registered('w'));
    const client = await watch(to, ['jobs']);
    assert.equal(client.worker('w'), undefined);
    await client.command('topics.set', { topics: ['workers'] });
    await eventually(() => client.worker('w'), 'The worker');
    await client.command('topics.set', { topics: ['jobs'] });
    await send(to, [registered('late'), { type: 'job.started', job_id: 'j' }]);
    await eventually(() => client.job('j'), 'The job');
    assert.equal(client.worker('late'), undefined);
  });

  it('resumes with what changed only', async () => {
    const to = await start();
    await send(to, [registered('a'), registered('b'), task('submitted', 't1')]);
    const first = await watch(to, ['workers']);
    const since = first.records.at(-1)?.seq;
    first.end();
    await send(to, [registered('b', { host: 'h' }), task('submitted', 't2', { queue: 'q' })]);
    await pause(80);
    const { epoch } = to.service.monitor;
    const back = await watch(to, ['workers'], { since, epoch });
    const [frame] = back.records;
    assert.equal(frame?.reset, undefined);
    assert.deepEqual(
      [frame?.workers?.map((w) => w.worker_id), frame?.tasks?.map((t) => t.task_id)],
      [['b'], ['t2']],
    );
    assert.deepEqual(
      frame?.queues?.map(({ queue }) => queue),
      ['q'],
    );
  });

  it('names tasks that had to make room, to those who watch and to those who come back', async () => {
    const to = await start({ config: { retention: { tasks: 3 } } });
    const ended = (id: string) => [task('submitted', id), task('completed', id)];
    await send(to, ['t1', 't2', 't3'].flatMap(ended));
    const client = await watch(to, ['workers']);
    const gone = await watch(to, ['workers']);
    const since = gone.records.at(-1)?.seq;
    gone.end();
    await send(to, ended('t4'));
    await eventually(() => client.removed.length > 0, 'The removal');
    assert.deepEqual(client.removed, [{ kind: 'task', task_id: 't1' }]);
    const back = await watch(to, ['workers'], { since, epoch: to.service.monitor.epoch });
    assert.deepEqual(back.removed, [{ kind: 'task', task_id: 't1' }]);
    assert.deepEqual(
      back.records[0]?.tasks?.map((t) => t.task_id),
      ['t4'],
    );
  });

  it('starts with at most 1,000 workers, those online first, 1,000 active tasks and 200 others, and says how many there are', async function () {
    this.timeout(20_000);
    const to = await start();
    const many = (count: number, make: (i: number) => object) =>
      Array.from({ length: count }, (_, i) => make(i));
    await send(
      to,
      many(600, (i) => registered(`on-${i}`)),
    );
    await send(
      to,
      many(500, (i) => registered(`gone-${i}`)),
    );
    await send(
      to,
      many(500, (i) => ({ type: 'worker.stopped', worker_id: `gone-${i}` })),
    );
    for (let part = 0; part < 2; part++)
      await send(
        to,
        many(600, (i) => task('submitted', `active-${part}-${i}`)),
      );
    await send(
      to,
      many(300, (i) => task('completed', `done-${i}`)),
    );
    const client = await watch(to, ['workers']);
    const { workers = [], tasks = [], workers_total, tasks_total } = client.records[0] ?? {};
    assert.deepEqual([workers_total, tasks_total], [1100, 1500]);
    assert.equal(workers.length, 1000);
    assert.equal(workers.filter((worker) => worker.is_online).length, 600);
    assert.deepEqual(
      ['PENDING', 'COMPLETED'].map((status) => tasks.filter((t) => t.status === status).length),
      [1000, 200],
    );
  });

  it('is cut short for a slow client: it gets the newest states when it reads again', async function () {
    this.timeout(20_000);
    const to = await start();
    const client = await watch(to, ['workers']);
    client.socket.pause();
    const filler = 'x'.repeat(5000);
    for (let round = 0; round < 30; round++) {
      const events = Array.from({ length: 60 }, (_, i) =>
        registered(`w-${i}`, { host: `host ${round}`, labels: { filler: `${filler}${round}` } }),
      );
      await send(to, events);
      await pause(60);
    }
    client.socket.resume();
    await eventually(() => client.worker('w-59')?.host === 'host 29', 'The newest state', 8000);
    for (let i = 0; i < 60; i++) assert.equal(client.worker(`w-${i}`)?.host, 'host 29');
    assert.ok(client.records.length < 30, `${client.records.length} frames: nothing was skipped`);
  });
});
