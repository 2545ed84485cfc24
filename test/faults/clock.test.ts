import assert from 'node:assert/strict';
import { useTempDir } from '../support/tempDir.ts';
import type { Monitor } from '../../service/monitor.ts';
import { jobSnapshot } from '../../service/core/queries.ts';
import { findWorker } from '../../service/core/domain/queries.ts';
import { listAlerts } from '../../service/core/list.ts';
import { readJournal } from './support/journalFile.ts';
import { HandClock, openMonitor } from './support/seed.ts';
import { eventually } from './support/service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JOBS = 50;

describe('a clock that jumps', () => {
  const open: Monitor[] = [];
  // Ended before its folder goes.
  afterEach(async () => {
    for (const monitor of open.splice(0)) await monitor.close();
  });
  const folder = useTempDir('clock');

  async function start(clock: HandClock, staleAfterMs?: number): Promise<Monitor> {
    const { monitor } = await openMonitor(folder(), {
      clock,
      ...(staleAfterMs !== undefined && { staleAfterMs }),
    });
    open.push(monitor);
    return monitor;
  }

  /** Events without a time of their own: they happen when they arrive. */
  const started = (job_id: string) => [
    { type: 'job.started', job_id },
    { type: 'phase.started', job_id, phase_id: 'P00' },
  ];
  const ended = (job_id: string) => [
    { type: 'phase.completed', job_id, phase_id: 'P00' },
    { type: 'job.completed', job_id },
  ];
  const ids = Array.from({ length: JOBS }, (_, n) => `job-${n}`);

  async function snapshot(monitor: Monitor, job_id: string) {
    return jobSnapshot(await monitor.job(job_id), []);
  }

  /** Two ticks of the real timer, and the flush after them. */
  const ticks = () => new Promise((resolve) => setTimeout(resolve, 2300));

  it('back by an hour gives no negative duration, no wrong state, no alert, and keeps the order', async () => {
    const clock = new HandClock();
    const monitor = await start(clock);
    for (const id of ids) await monitor.ingest(started(id));
    clock.pass(5000);
    clock.wall -= HOUR;
    await ticks();
    clock.pass(5000);
    for (const id of ids.slice(0, 10)) await monitor.ingest(ended(id));
    for (const id of ids.slice(0, 10)) {
      const { status, duration_ms, phases } = await snapshot(monitor, id);
      assert.equal(status, 'COMPLETED');
      assert.equal(duration_ms, 10_000);
      assert.equal(phases[0]?.execution_time_ms, 10_000);
    }
    assert.deepStrictEqual(listAlerts(monitor.model), []);
    await monitor.close();
    open.length = 0;
    const entries = await readJournal(folder());
    assert.ok(entries.every(({ seq }, n) => seq === n + 1));
    const times = entries.map(({ received_at }) => received_at);
    assert.deepStrictEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('back by an hour while no service runs is no trouble either', async () => {
    const clock = new HandClock();
    const first = await start(clock, 5000);
    await first.ingest(started('job-0'));
    await first.close();
    open.length = 0;
    const later = new HandClock(clock.wall - HOUR);
    const second = await start(later, 5000);
    later.pass(6000);
    const status = async () => (await snapshot(second, 'job-0')).status;
    await eventually('silence', async () => (await status()) === 'STALE', 4000);
    await second.ingest(ended('job-0'));
    const { duration_ms } = await snapshot(second, 'job-0');
    assert.equal(await status(), 'COMPLETED');
    assert.ok(duration_ms !== null && duration_ms >= 0 && duration_ms <= 10_000, `${duration_ms}`);
  });

  it('forward by a day makes no running job silent or slow, and no storm of alerts', async () => {
    const clock = new HandClock();
    const monitor = await start(clock);
    for (const id of ids) await monitor.ingest(started(id));
    clock.pass(1000);
    clock.wall += DAY;
    await ticks();
    for (const id of ids) assert.equal((await snapshot(monitor, id)).status, 'RUNNING');
    assert.deepStrictEqual(listAlerts(monitor.model), []);
    for (const id of ids.slice(0, 10)) await monitor.ingest(ended(id));
    await ticks();
    assert.deepStrictEqual(listAlerts(monitor.model), []);
  });

  it('does not keep jobs from going silent or slow in time', async () => {
    const clock = new HandClock();
    const monitor = await start(clock, 1_200_000);
    await monitor.ingest(started('slow'));
    clock.wall += DAY;
    await ticks();
    clock.pass(700_000);
    await eventually('the alert', () => listAlerts(monitor.model).length === 1, 4000);
    clock.wall -= HOUR;
    clock.pass(600_000);
    const status = async () => (await snapshot(monitor, 'slow')).status;
    await eventually('silence', async () => (await status()) === 'STALE', 4000);
    assert.equal(listAlerts(monitor.model).length, 1);
    await monitor.ingest([{ type: 'job.progress', job_id: 'slow', progress: 0.5 }]);
    assert.equal(await status(), 'RUNNING');
  });

  for (const { what, jump } of [
    { what: 'forward', jump: HOUR },
    { what: 'back', jump: -HOUR },
  ]) {
    it(`${what} by an hour loses no worker and leaves no hole in a series that was not there`, async () => {
      const clock = new HandClock();
      const begin = clock.wall;
      const { monitor } = await openMonitor(folder(), { clock, worker_offline_ms: 3000 });
      open.push(monitor);
      const beat = async () => {
        await monitor.ingest([{ type: 'worker.heartbeat', worker_id: 'w', active_tasks: 2 }]);
      };
      const states = new Set<string | undefined>();
      for (let n = 0; n < 40; n++) {
        if (n === 20) clock.wall += jump;
        await beat();
        // A tick of the real timer right after the jump, and one later.
        if (n === 20 || n === 22) await new Promise((resolve) => setTimeout(resolve, 1200));
        states.add(findWorker(monitor.model.domain, 'w')?.state);
        clock.pass(1000);
      }
      assert.deepStrictEqual([...states], ['ONLINE']);
      const { series } = await monitor.series.query({
        ...{ metric: 'worker_active_tasks', labels: {}, group_by: [], aggregation: 'count' },
        ...{ from: begin - HOUR, to: begin + 2 * HOUR, step_ms: 10_000 },
      });
      const points = series[0]?.points ?? [];
      const counted = points.reduce((sum, [, count]) => sum + count, 0);
      assert.equal(counted, 40);
      const gaps = points.slice(1).map(([time], n) => time - (points[n]?.[0] ?? 0));
      const holes = gaps.filter((gap) => gap > 10_000);
      // Only the hour that the clock says has passed.
      assert.equal(holes.length, jump > 0 ? 1 : 0);
    });
  }
});
