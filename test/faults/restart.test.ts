import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { readJournal } from './support/journalFile.ts';
import { Ledger } from './support/ledger.ts';
import { finishedJob } from './support/seed.ts';
import { eventually, services } from './support/service.ts';
import { TestClient } from './support/socket.ts';

describe('a service that is started again', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('restart');

  const failing = (job_id: string): object[] => [
    { id: `${job_id}-0`, type: 'job.started', job_id, name: job_id },
    { id: `${job_id}-1`, type: 'phase.started', job_id, phase_id: 'P06', name: 'Cluster' },
    { id: `${job_id}-2`, type: 'phase.failed', job_id, phase_id: 'P06', error: { message: 'No.' } },
  ];

  it('alerts once, however often it is killed', async () => {
    let service = await start(folder());
    await service.send(failing('nightly'));
    await eventually('the alert, and who is told', async () => (await service.alerts())[0]?.routed);
    const [alert] = await service.alerts();
    for (let round = 0; round < 2; round++) {
      await service.kill();
      service = await start(folder());
      // Longer than a flush and a tick: both would have alerted again.
      await sleep(1300);
      assert.deepStrictEqual(await service.alerts(), [alert]);
    }
  });

  it('alerts of what was stored but not yet judged when it was killed', async () => {
    let [said, failed] = [0, 0];
    // On a busy machine the kill may come after the alert: then once more.
    while (said === failed && failed < 20) {
      const first = await start(folder());
      const [begin, ...rest] = failing(`nightly-${failed++}`);
      // What follows within 50 ms is judged with it, and so not before they are over.
      await first.send([begin ?? {}]);
      await first.send(rest);
      await first.kill();
      const events = (await readJournal(folder())).map(({ event }) => event.type);
      said = events.filter((type) => type === 'alert.raised').length;
    }
    assert.ok(said < failed, 'killed too late, always');
    const second = await start(folder());
    await eventually('the alert', async () => (await second.alerts()).length === failed, 2000);
  });

  it('goes on with the jobs that ran, its history under the same name, and its acknowledgements', async () => {
    const first = await start(folder());
    await first.send([
      ...failing('failed'),
      { ...failing('failed')[0], id: 'r', job_id: 'running' },
    ]);
    await first.send(finishedJob('done', Date.now() - 1000));
    await eventually('the alert', async () => (await first.alerts()).length > 0);
    const [alert] = await first.alerts();
    const acknowledge = `/api/v1/monitoring/alerts/${encodeURIComponent(alert?.alert_id ?? '')}/acknowledge`;
    assert.equal((await first.ask('POST', acknowledge, '{}')).status, 200);
    const client = new TestClient();
    await client.connect(first, ['jobs']);
    const { epoch } = client;
    const before = await Promise.all(['failed', 'running', 'done'].map((id) => first.job(id)));
    await first.kill();

    const second = await start(folder());
    const after = await Promise.all(['failed', 'running', 'done'].map((id) => second.job(id)));
    assert.deepStrictEqual(after, before);
    assert.deepStrictEqual(
      after.map(({ status }) => status),
      ['RUNNING', 'RUNNING', 'COMPLETED'],
    );
    assert.equal((await second.alerts())[0]?.acknowledged, true);
    await client.connect(second, ['jobs']);
    assert.equal(client.epoch, epoch);
    client.close();
  });

  it('counts silence from its own start, and hears a job that speaks again', async () => {
    const config = join(folder(), 'config.yaml');
    writeFileSync(config, 'stale_after_ms: 1500\n');
    const args = ['--config', config];
    const first = await start(folder(), { args });
    await first.send([{ id: '1', type: 'job.started', job_id: 'quiet' }]);
    await first.kill();
    await sleep(1700);
    const second = await start(folder(), { args });
    assert.equal((await second.job('quiet')).status, 'RUNNING');
    await sleep(500);
    assert.equal((await second.job('quiet')).status, 'RUNNING');
    const status = async () => (await second.job('quiet')).status;
    await eventually('silence', async () => (await status()) === 'STALE', 4000);
    await second.send([{ id: '2', type: 'job.progress', job_id: 'quiet', progress: 0.5 }]);
    assert.equal(await status(), 'RUNNING');
  });

  it('gives a WebSocket client everything it missed', async () => {
    const topics = ['jobs', 'alerts', 'job:nightly'];
    const client = new TestClient();
    const first = await start(folder());
    await client.connect(first, topics);
    await first.send(failing('nightly'));
    await eventually('the alert', () => client.alerts.size === 1);
    const line = (n: number) => ({
      ...{ id: `line-${n}`, type: 'log.recorded', job_id: 'nightly', phase_id: 'P06' },
      ...{ level: 'warning', message: `Line ${n}` },
    });
    const lines = Array.from({ length: 300 }, (_, n) => line(n));
    const sending = first.send(lines.slice(0, 100));
    await sending;
    await first.kill();
    const second = await start(folder());
    await second.send(lines.slice(100, 200));
    await client.connect(second, topics);
    await second.send(lines.slice(200));
    await eventually('all lines', () => client.logs.size === 301, 3000);
    await second.settle();
    const snapshot = await second.export('nightly');
    await eventually('the newest record', () => client.seq === snapshot.seq);
    const { jobs, alerts, phases } = client;
    assert.deepStrictEqual(jobs.get('nightly'), await second.job('nightly'));
    assert.deepStrictEqual([...alerts.values()], await second.alerts());
    const [phase] = snapshot.phases;
    assert.equal(phases.get('nightly/P06')?.warning_count, 300);
    assert.equal(phase?.warning_count, 300);
    client.close();
  });

  it('tells a client that was away of every job that changed, or starts it anew when many did', async () => {
    const service = await start(folder());
    const jobs = Array.from({ length: 700 }, (_, n) => ({
      ...{ type: 'job.started', id: `s${n}`, job_id: `job-${n}`, time: Date.now() - 1000 + n },
    }));
    await service.send(jobs);
    const client = new TestClient();
    await client.connect(service, ['jobs']);
    await eventually('the newest jobs', () => client.jobs.size === 500);
    assert.ok(!client.jobs.has('job-0'), 'the oldest ones are a question of REST');
    await service.settle();
    client.close();

    await service.send([{ type: 'job.progress', job_id: 'job-0', progress: 0.5 }]);
    const { resets } = client;
    await client.connect(service, ['jobs']);
    await eventually('the old job', () => client.jobs.get('job-0')?.progress === 0.5);
    assert.equal(client.resets, resets);
    client.close();

    const progress = { type: 'job.progress', progress: 0.7 };
    await service.send(jobs.map(({ job_id }) => ({ ...progress, job_id })));
    // Else the changes themselves would follow, as they do to all who are connected.
    await service.settle();
    await client.connect(service, ['jobs']);
    await eventually('a new start', () => client.resets === resets + 1);
    assert.equal(client.jobs.size, 500);
    assert.ok([...client.jobs.values()].every((job) => job.progress === 0.7));
    client.close();
  });

  it('ends by SIGTERM under load with code 0 within 3 s, and loses nothing acknowledged', async () => {
    const ledger = new Ledger(['load-a', 'load-b']);
    let service = await start(folder());
    for (let round = 0; round < 3; round++) {
      const client = new TestClient();
      await client.connect(service, ['jobs']);
      const done = () => !service.tracked.isRunning;
      const writers = [
        ...Array.from({ length: 4 }, () => ledger.writeHttp(service, done)),
        ledger.writeSocket(client, done),
      ];
      await sleep(250);
      const begun = performance.now();
      const exit = await service.stop();
      const ms = performance.now() - begun;
      await Promise.all(writers);
      assert.deepStrictEqual(exit, { code: 0, signal: null });
      assert.ok(ms < 3000, `${ms} ms`);
      const ids = new Set((await readJournal(folder())).map(({ event }) => event.id));
      assert.ok([...ledger.acknowledged].every((id) => ids.has(id)));
      service = await start(folder());
    }
    await ledger.settle(service);
    for (const [job_id, { signal }] of ledger.expected)
      assert.equal((await service.export(job_id)).signals['rows'], signal);
  });
});
