import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { duration, percent } from '../../service/protocol/describe.ts';
import type { PipelinePerformance } from '../../service/protocol/pipelinePerformance.ts';
import { PIPELINE, runEvents, TWELVE_RUNS } from '../fixtures/runs.ts';
import { needsChromium } from '../support/skip.ts';
import { eventually, getJson } from '../support/service.ts';
import { bringIntoView, cellsOf, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const CLUSTER = 6;
const LAST = TWELVE_RUNS.seconds.length - 1;
const REST = `/api/v1/performance?pipeline=${PIPELINE}&last=30`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? NaN) + (sorted[Math.ceil(at)] ?? NaN)) / 2;
}

/** Milliseconds of a phase in the runs before the last one in which it completed. */
function clusterBefore(): number[] {
  const { seconds, failed } = TWELVE_RUNS;
  return seconds
    .slice(0, LAST)
    .flatMap((run, at) => (at === failed.run ? [] : [(run[CLUSTER] ?? NaN) * 1000]));
}

const tab = (region: Locator, name: string) => region.getByRole('tab', { name, exact: true });

describe('the performance of a pipeline, of a real service', () => {
  needsChromium();
  const live = useLive((now) => runEvents(TWELVE_RUNS, now), {
    sampling: { host_interval_ms: 0 },
  });

  it('says what is worse than usual, and leads to the phase', async () => {
    const [region, page] = await live().open('Performance');
    const { phases: rows } = await getJson<PipelinePerformance>(
      live().service,
      `${REST}&job_id=nightly-${LAST}`,
    );
    const usual = rows.find(({ phase_id }) => phase_id === 'P06')?.shown?.usual?.median ?? NaN;
    // Newer runs count more: it is one of the middle ones.
    assert.ok(Math.abs(usual / median(clusterBefore()) - 1) < 0.03, `${usual} ms`);
    const factor = (48_200 / usual).toFixed(1);
    const sentence = `P06 Cluster\u2069 takes 48.2 s, ${factor}x its usual ${duration(usual)} (median of 10 runs).`;
    const found = region.getByRole('button', { name: sentence });
    await found.click();
    const phases = await bringIntoView(page, 'Phases');
    await phases.locator('tr.selected').getByText('P06').waitFor();
  });

  it('shows each run with what was usual before it, as REST has it', async () => {
    const [region] = await live().open('Performance');
    await region.getByText('92 % of the last 12 runs succeeded: 11 completed, 1 failed.').waitFor();
    await region.getByRole('button', { name: 'Show Execution time as table' }).click();
    const rows = await cellsOf(region.getByRole('table', { name: 'Execution time' }));
    const { runs } = await getJson<PipelinePerformance>(live().service, REST);
    assert.equal(runs.length, 12);
    assert.deepEqual(
      rows.map((cells) => cells.slice(2, 8)),
      [...runs].reverse().map(({ value, usual, range }) => {
        const all = [value, usual?.median, usual?.low, usual?.high, range?.low, range?.high];
        return all.map((ms) => duration(ms));
      }),
    );
    const failed = rows[LAST - TWELVE_RUNS.failed.run];
    assert.match(failed?.[1] ?? '', /Nightly 4 · failed/);
    assert.match(rows[LAST - 8]?.[1] ?? '', /Nightly 8 · completed · 2\.0x the usual/);
  });

  it('shows how often runs and phases succeed', async () => {
    const [region] = await live().open('Performance');
    await tab(region, 'Success').click();
    const table = region.getByRole('table');
    await table.waitFor();
    const rows = await cellsOf(table);
    assert.deepEqual(rows[0], [percent(100 * (11 / 12)), '11', '1', '0']);
    const { phases } = await getJson<PipelinePerformance>(live().service, REST);
    const names = await table.locator('tbody th').allInnerTexts();
    assert.equal(names[1]?.trim(), 'P06 Cluster');
    for (const { phase_id, name, completed, failed, success_rate_percent } of phases) {
      const row = rows[names.findIndex((text) => text.trim() === `${phase_id} ${name}`)];
      assert.deepEqual(row?.slice(0, 3), [
        percent(success_rate_percent),
        `${completed}`,
        `${failed}`,
      ]);
    }
  });

  it('leads from a cell of phase and run to both, by the keyboard', async () => {
    const [region, page] = await live().open('Performance');
    await tab(region, 'Over runs').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const grid = region.getByRole('img', { name: /^Execution time of each phase in each run/ });
    await grid.focus();
    for (const key of ['Home', ...Array.from({ length: CLUSTER }, () => 'ArrowDown')])
      await page.keyboard.press(key);
    await region
      .getByText(/P06 Cluster/)
      .last()
      .waitFor();
    await page.keyboard.press('Enter');
    const phases = await bringIntoView(page, 'Phases');
    await phases.locator('tr.selected').getByText('P06').waitFor();
    await region.getByText(/known after five completed runs/).waitFor();
  });

  it('shows spread, phases and hours of another measure, over fewer runs', async () => {
    const [region, page] = await live().open('Performance');
    await region.getByRole('combobox', { name: 'What is measured' }).selectOption('memory_usage');
    await region.getByRole('combobox', { name: 'How many runs' }).selectOption('10');
    await region.getByText('10 runs', { exact: true }).waitFor();
    const { runs } = await getJson<PipelinePerformance>(
      live().service,
      `/api/v1/performance?pipeline=${PIPELINE}&last=10&metric=memory_usage`,
    );
    // Of the phase that used most: the last one, or the one in which the run failed.
    const most = (run: number) =>
      300 + 100 * (run === TWELVE_RUNS.failed.run ? CLUSTER : 7) + 10 * run;
    assert.deepEqual(
      runs.map(({ value }) => value),
      Array.from({ length: 10 }, (_, at) => most(at + 2)),
    );
    for (const [title, role] of [
      ['Phases', 'Memory of each phase as bars'],
      ['Spread', 'Memory of each phase as distributions'],
      ['Hour by day', 'Memory by hour and day as a grid'],
    ] as const) {
      await tab(region, title).click();
      await region.getByRole('img', { name: new RegExp(`^${role}`) }).waitFor();
    }
    await page.reload();
    const again = await bringIntoView(page, 'Performance');
    await again.getByRole('img', { name: /^Memory by hour and day/ }).waitFor();
  });

  it('is accessible in every theme', async () => {
    const [region, page] = await live().open('Performance', { bypassCSP: true });
    for (const name of ['Over runs', 'Phase by run', 'Success']) {
      await region.getByRole('tab', { name, exact: true }).click();
      const found = await inEachTheme(page, () => violationsIn(page, 'Performance'));
      assert.deepEqual(found, [], name);
    }
  }).timeout(IN_EACH_THEME_MS);

  it('shows a run as soon as it has ended, and asks for nothing while one only goes on', async () => {
    const [region, page] = await live().open('Performance');
    await region.getByText('of the last 12 runs').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/performance')) asked.push(request.url());
    });
    const job_id = 'thirteenth';
    const begin = Date.now() - 30_000;
    const at = (time: number) => ({ job_id, time });
    await live().tell([{ type: 'job.started', ...at(begin), pipeline: PIPELINE }]);
    // It is the latest run, which the page follows: that is another question.
    await eventually(
      () => asked.some((url) => url.includes(`job_id=${job_id}`)),
      'The question about the latest run',
    );
    const before = asked.length;
    for (let n = 1; n < 10; n++)
      await live().tell([{ type: 'job.progress', ...at(begin + n), progress: n / 10 }]);
    await page.waitForTimeout(1_000);
    assert.equal(asked.length, before);
    await live().tell([{ type: 'job.completed', ...at(begin + 20_000) }]);
    await region.getByText('of the last 13 runs').waitFor();
    await region.getByText('last 20.0 s').waitFor();
  });

  it('says why it has nothing to show: no second run, or no answer', async () => {
    await live().tell([
      { type: 'job.started', job_id: 'first', pipeline: 'young', time: Date.now() - 1000 },
    ]);
    const [region, page] = await live().open('Performance');
    await region.getByText(/After the second one, its runs stand beside each other/).waitFor();
    await page.route('**/api/v1/performance?*', (route) => route.abort());
    await region.getByRole('combobox', { name: 'Pipeline' }).selectOption(PIPELINE);
    await region.getByRole('button', { name: 'Try Again' }).waitFor();
    await page.unroute('**/api/v1/performance?*');
    await region.getByRole('button', { name: 'Try Again' }).click();
    await region.getByText('of the last 13 runs').first().waitFor();
    // The browser itself complains of what was cut off.
    live().pages.complaints = live().pages.complaints.filter(
      (text) => !text.includes('ERR_FAILED'),
    );
  });
});
