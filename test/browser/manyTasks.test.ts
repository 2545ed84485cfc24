import assert from 'node:assert/strict';
import type { Occupancy } from '../../service/protocol/occupancy.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { useLive } from './support/livePages.ts';

const TASKS = 100_000;
const WORKERS = 40;
/** A wait of the page that a person notices. */
const LONGEST_MS = 200;
/** Other programs on the machine hold the page up, too: once in so many rounds it has to be quick. */
const ROUNDS = 5;

function* events(now: number): Generator<object> {
  const job_id = 'many';
  const begin = now - 600_000;
  yield { type: 'job.started', job_id, name: 'many', time: begin };
  yield { type: 'phase.started', job_id, phase_id: 'P0', time: begin };
  for (let n = 0; n < TASKS; n++) {
    const task = { job_id, task_id: `t${n}`, worker_id: `w${n % WORKERS}`, phase_id: 'P0' };
    const time = begin + Math.floor((n / TASKS) * 500_000);
    yield { type: 'task.started', ...task, time };
    yield { type: n % 1000 === 7 ? 'task.failed' : 'task.completed', ...task, time: time + 150 };
  }
  yield { type: 'phase.completed', job_id, phase_id: 'P0', time: begin + 501_000 };
  yield { type: 'job.completed', job_id, time: begin + 501_000 };
}

describe('a job of a hundred thousand tasks, from a real service', function () {
  needsChromium();
  this.timeout(240_000);
  const live = useLive((now) => [...events(now)]);

  it('is counted as REST counts it, and scrolls without a long wait', async () => {
    const { service, pages } = live();
    const page = await pages.blank();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    const timeline = page.getByRole('region', { name: 'Timeline', exact: true });
    await timeline.getByRole('button', { name: 'Workers' }).click();
    const counts = await getJson<Occupancy>(service, '/api/v1/task-occupancy?job_id=many');
    // The service keeps the newest; those are fetched and drawn one by one.
    const words = `${counts.tasks.toLocaleString('en')} tasks by worker.`;
    await timeline.getByText(words).waitFor({ timeout: 60_000 });
    await timeline.getByRole('option').first().waitFor();
    const rows = await timeline.getByRole('option').allInnerTexts();
    assert.ok(rows.length > 5);
    for (const row of rows) {
      const lane = counts.lanes.find(({ worker_id }) => row.startsWith(`${worker_id ?? '?'}\n`));
      assert.ok(lane && row.includes(lane.tasks.toLocaleString('en')), row);
    }

    const waits: number[] = [];
    for (let round = 0; round < ROUNDS && !waits.some((one) => one <= LONGEST_MS); round++)
      waits.push(
        await timeline.locator('.rows').evaluate(async (list) => {
          let longest = 0;
          const observer = new PerformanceObserver((all) => {
            for (const { duration } of all.getEntries()) longest = Math.max(longest, duration);
          });
          observer.observe({ type: 'longtask' });
          for (let step = 0; step <= 40; step++) {
            list.scrollTop = (list.scrollHeight * step) / 40;
            await new Promise(requestAnimationFrame);
          }
          await new Promise((done) => setTimeout(done, 100));
          observer.disconnect();
          return longest;
        }),
      );
    assert.ok(Math.min(...waits) <= LONGEST_MS, `the page waited ${waits.join(', ')} ms`);
  });
});
