import assert from 'node:assert/strict';
import type { TaskRecord, WorkerRecord } from '../../service/protocol/domain.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { jobEvents, systemEvents } from '../support/systemEvents.ts';
import { bringIntoView, cellsOf, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const MANY = 1_000;
/** No more rows than a screen has, and some beyond its edges. */
const DRAWN = 40;

describe('the workers of a real service', () => {
  needsChromium();
  const live = useLive(systemEvents, { sampling: { host_interval_ms: 0 } });

  it('shows each worker with its state and its load, as REST has it', async () => {
    const [region] = await live().open('Workers');
    const table = region.getByRole('table', { name: 'Workers' });
    await table.getByRole('button', { name: 'gpu-2' }).waitFor();
    const { workers } = await getJson<{ workers: WorkerRecord[] }>(
      live().service,
      '/api/v1/workers',
    );
    const rows = await cellsOf(table);
    assert.deepEqual(
      rows.map(([id]) => id).sort(),
      workers.map((one) => one.worker_id),
    );
    for (const { worker_id: id, active_tasks, completed_tasks, failed_tasks, host } of workers) {
      const row = rows.find(([name]) => name === id) ?? [];
      assert.equal(row[1], active_tasks > 0 ? 'busy' : 'idle');
      assert.deepEqual(
        [row[3], row[7], row[8], row[9]],
        [...[host, `${active_tasks}`, `${completed_tasks}`, `${failed_tasks}`]],
      );
    }
    await region.getByText('4 workers: 3 busy, 1 idle').waitFor();
  });

  it('shows the tasks of the worker or queue that is chosen, as REST has them', async () => {
    const [region] = await live().open('Workers');
    const tasks = region.getByRole('table', { name: 'Tasks' });
    const shown = async (path: string): Promise<void> => {
      const answer = await getJson<{ tasks: TaskRecord[] }>(live().service, path);
      await tasks.getByText(answer.tasks[0]?.task_id ?? '', { exact: true }).waitFor();
      const rows = await cellsOf(tasks);
      assert.deepEqual(
        rows.map(([id]) => id),
        answer.tasks.map(({ task_id }) => task_id),
      );
    };
    await shown('/api/v1/tasks?limit=50');
    await region.getByRole('button', { name: 'gpu-2' }).click();
    await region.getByRole('heading', { name: 'Tasks of worker gpu-2' }).waitFor();
    await shown('/api/v1/workers/gpu-2/tasks?limit=50');
    await region.getByRole('button', { name: 'gpu-main' }).click();
    await shown('/api/v1/tasks?limit=50&queue=gpu-main');
    await region.getByRole('button', { name: 'Show All Tasks' }).click();
    await shown('/api/v1/tasks?limit=50');
  });

  it('says why a task failed', async () => {
    const [region] = await live().open('Workers');
    const row = region.getByRole('row').filter({ hasText: 'task-59' });
    await row.getByText('ValueError: page 59 has no text').waitFor();
  });

  it('finds workers by text, and by state', async () => {
    const [region] = await live().open('Workers');
    const table = region.getByRole('table', { name: 'Workers' });
    await table.getByRole('button', { name: 'gpu-2' }).waitFor();
    await region.getByRole('textbox').fill('beta');
    await table.getByRole('button', { name: 'cpu-1' }).waitFor({ state: 'detached' });
    assert.deepEqual(
      (await cellsOf(table)).map(([id]) => id),
      ['gpu-2'],
    );
    await region.getByRole('textbox').fill('nobody');
    await region.getByText('No worker matches the filter.').waitFor();
  });

  it('draws what waits and how long tasks waited', async () => {
    const [region] = await live().open('Workers');
    for (const name of ['Waiting tasks by queue', 'How long tasks waited'])
      await region.getByRole('img', { name }).waitFor();
  });

  it('shows a change at once, and follows queues only while they are on the screen', async () => {
    const sent: string[] = [];
    const page = await live().pages.blank();
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => sent.push(String(payload)));
    });
    const { url, tokens } = live().service;
    await page.goto(`${url}/enhanced-monitor#token=${tokens.admin}`);
    const region = await bringIntoView(page, 'Workers');
    await region.getByRole('button', { name: 'gpu-1' }).waitFor();
    const heartbeat = { type: 'worker.heartbeat', worker_id: 'gpu-1', active_tasks: 7 };
    await live().tell([heartbeat]);
    const table = region.getByRole('table', { name: 'Workers' });
    const row = table.getByRole('row').filter({ hasText: 'gpu-1' });
    await row.getByText('busy').waitFor({ timeout: 10_000 });
    await live().tell([{ ...heartbeat, active_tasks: 0 }]);
    await bringIntoView(page, 'Overview');
    const follows = (): boolean => sent.at(-1)?.includes('queue_pending') === true;
    const until = Date.now() + 20_000;
    while (follows() && Date.now() < until) await page.waitForTimeout(100);
    assert.ok(sent.some((frame) => frame.includes('queue_pending')) && !follows());
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    const [region, page] = await live().open('Workers', { bypassCSP: true });
    await region.getByRole('button', { name: 'gpu-2' }).click();
    await region.getByRole('table', { name: 'Tasks' }).waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'Workers'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    await region.getByText(/^gpu · beta · CPU/).waitFor();
    assert.deepEqual(await found(), []);
    const [room, width] = await region.evaluate((one) => [one.clientWidth, one.scrollWidth]);
    assert.equal(width, room, 'something is cut off');
  }).timeout(IN_EACH_THEME_MS);
});

describe('a thousand workers', () => {
  needsChromium();
  const live = useLive((now) => [
    ...jobEvents(now),
    ...Array.from({ length: MANY }, (_, n) => ({
      type: 'worker.heartbeat',
      ...{ worker_id: `worker-${String(n).padStart(4, '0')}`, kind: 'cpu', host: `host-${n % 9}` },
      ...{ active_tasks: n % 4, cpu_percent: n % 100, memory_mb: n },
    })),
  ]);

  it('are all there and can be scrolled through, though only those on the screen are drawn', async () => {
    const [region] = await live().open('Workers');
    const table = region.getByRole('table', { name: 'Workers' });
    await table.getByRole('button', { name: 'worker-0001' }).waitFor();
    assert.equal(await table.getAttribute('aria-rowcount'), String(MANY + 1));
    assert.ok((await table.getByRole('row').count()) < DRAWN);
    await table.getByRole('button', { name: 'Worker', exact: true }).click();
    await region
      .locator('.scroll')
      .first()
      .evaluate((one) => (one.scrollTop = one.scrollHeight));
    await table.getByRole('button', { name: 'worker-0999' }).waitFor();
    assert.ok((await table.getByRole('row').count()) < DRAWN);
  });
});

describe('the workers of a service that knows none', () => {
  needsChromium();
  const live = useLive(jobEvents);

  it('say what to report, and are there as soon as it is', async () => {
    const [region] = await live().open('Workers');
    await region.getByText(/No worker, queue or task was reported so far/).waitFor();
    const example = JSON.parse(await region.locator('code').innerText()) as object;
    await live().tell([example]);
    await region.getByRole('button', { name: 'gpu-1' }).waitFor();
  });
});
