import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { type Ack, type TestService, eventually, services } from './support/service.ts';
import { TestClient } from './support/socket.ts';

const MB = 1024 * 1024;

describe('a service that gets more than it can take @alone', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('overload');

  let next = 0;
  const rows = (count: number, padding = 0): object[] =>
    Array.from({ length: count }, () => ({
      ...{ id: `row-${next++}`, type: 'signal.counted', job_id: 'load', signal: 'rows' },
      ...(padding > 0 && { note: 'x'.repeat(padding) }),
    }));

  it('keeps its memory bounded under 200 senders of full bodies, refuses with Retry-After, and has all it acknowledged', async function () {
    this.timeout(60_000);
    const service = await start(folder());
    await service.send(rows(1));
    const before = service.memory().now;
    let acknowledged = 1;
    const statuses = new Map<number, number>();
    const end = performance.now() + 6000;
    const sender = async () => {
      while (performance.now() < end) {
        const { status, headers, body } = await service.post(rows(1000, 850));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 202) acknowledged += (body as Ack).accepted;
        else {
          assert.ok([429, 503].includes(status), `${status}`);
          assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
          await sleep(200);
        }
      }
    };
    await Promise.all(Array.from({ length: 200 }, sender));
    const { peak } = service.memory();
    const { signals } = await service.export('load');
    assert.equal(signals['rows'], acknowledged);
    console.log(
      `      ${acknowledged} events acknowledged, answers ${JSON.stringify([...statuses])}; ` +
        `memory ${Math.round(before)} MB before, ${Math.round(peak)} MB at its peak`,
    );
    assert.ok(peak < 1024, `${peak} MB`);
    assert.ok((statuses.get(202) ?? 0) > 0);
  });

  it('spends no more than 4 MiB and a frame on a client that stalls under 5,000 events a second, and lets it catch up', async function () {
    this.timeout(60_000);
    const service = await start(folder());
    const topics = ['jobs', 'alerts', 'job:load'];
    await load(service, 1500);
    const [stalled, quick] = [new TestClient(), new TestClient()];
    await stalled.connect(service, topics);
    await quick.connect(service, topics);
    const before = service.memory().now;
    stalled.socket?.pause();
    const sent = await load(service, 6000);
    const grown = service.memory().now - before;
    await eventually('the quick one', async () => quick.seq === (await service.job('load')).seq);
    const framesBefore = stalled.frames;
    stalled.socket?.resume();
    await eventually('the stalled one', () => stalled.seq === quick.seq);
    assert.deepStrictEqual(stalled.jobs, quick.jobs);
    assert.deepStrictEqual(stalled.phases, quick.phases);
    assert.equal(stalled.closeCode, undefined);
    console.log(
      `      ${sent} events/s; the quick client got ${quick.frames} frames, ${Math.round(quick.bytes / MB)} MB, ` +
        `the stalled one ${stalled.frames - framesBefore} after it went on; memory grew by ${Math.round(grown)} MB`,
    );
    assert.ok(stalled.bytes < 0.7 * quick.bytes, 'states were not skipped');
    assert.ok(grown < 100, `${grown} MB`);
    for (const client of [stalled, quick]) client.close();
  });

  /** About 5,000 events a second for some time; the rate that was reached. */
  async function load(service: TestService, ms: number): Promise<number> {
    const begun = performance.now();
    let sent = 0;
    while (performance.now() - begun < ms) {
      const due = Math.floor((performance.now() - begun) * 5) - sent;
      if (due > 0) sent += await report(service, Math.min(due, 500));
      await sleep(20);
    }
    return Math.round((sent * 1000) / (performance.now() - begun));
  }

  async function report(service: TestService, count: number): Promise<number> {
    const events = Array.from({ length: count }, () => {
      const n = next++;
      const about = { id: `load-${n}`, job_id: 'load', phase_id: `P${n % 40}` };
      return n % 5 === 0
        ? { ...about, type: 'log.recorded', level: 'info', message: `${n} ${'x'.repeat(4000)}` }
        : { ...about, type: 'phase.progress', items_done: n, message: `Row ${n}` };
    });
    await service.send(events);
    return count;
  }

  it('serves 64 clients, tells the next one to come later, and takes it when one has gone', async function () {
    this.timeout(60_000);
    const service = await start(folder());
    const clients = Array.from({ length: 64 }, () => new TestClient());
    await Promise.all(clients.map((client) => client.connect(service, ['jobs'])));
    await assert.rejects(new TestClient().connect(service, ['jobs']), /503/);
    await service.send(rows(100));
    await eventually('all clients', () => clients.every((client) => client.jobs.has('load')));
    clients.pop()?.close();
    const late = new TestClient();
    await eventually('a place', () =>
      late.connect(service, ['jobs']).then(
        () => true,
        () => false,
      ),
    );
    for (const client of [...clients, late]) client.close();
  });
});
