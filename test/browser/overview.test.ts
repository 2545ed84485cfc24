import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { SeriesAnswer } from '../../service/protocol/series.ts';
import type { HealthScore, TargetRecord } from '../../service/protocol/targets.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { systemEvents } from '../support/systemEvents.ts';
import { cellsOf, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

describe('the overview of a real service', () => {
  needsChromium();
  // The sampled CPU would change the score between two looks.
  const live = useLive(systemEvents, { sampling: { host_interval_ms: 0 } });

  it('says the health score as REST does, and what it is made of', async () => {
    const [overview] = await live().open('Overview');
    const health = await getJson<HealthScore>(live().service, '/api/v1/health-score');
    const { targets } = await getJson<{ targets: TargetRecord[] }>(
      live().service,
      '/api/v1/targets',
    );
    const tile = overview.locator('.tile').filter({ hasText: 'Health score' });
    await tile.getByText(String(Math.round(health.score ?? -1)), { exact: true }).waitFor();
    const missed = targets.filter(
      ({ status, metric }) =>
        metric !== 'health_score' && (status === 'WARNING' || status === 'CRITICAL'),
    );
    const other = overview.locator('.tile').filter({ hasText: 'Targets missed' });
    assert.equal(await other.locator('.amount').innerText(), String(missed.length));
    await overview.getByRole('button', { name: 'Health score' }).click();
    const rows = await cellsOf(overview.getByRole('table'));
    assert.equal(rows.length, targets.length - 1);
    const error = rows.find(([title]) => title === 'Error rate');
    const part = health.parts.find(({ target_id }) => target_id === 'error_rate');
    assert.equal(error?.[1], 'missed');
    const [points, possible] = [part?.points, part?.points_possible].map((n) => n?.toFixed(1));
    assert.equal(error?.[4], `${points} of ${possible}`);
  });

  it('leads from a part of the score to the region that shows more of it', async () => {
    const [overview, page] = await live().open('Overview');
    await overview.getByRole('button', { name: 'Health score' }).click();
    await overview.getByRole('button', { name: 'Error rate' }).last().click();
    const api = page.getByRole('region', { name: 'API', exact: true });
    await api.getByRole('table', { name: 'Endpoints' }).waitFor();
    await page.waitForFunction(() => window.scrollY > 500);
  });

  it('lists running jobs with their phase and progress, and shows one that is chosen', async () => {
    const [overview] = await live().open('Overview');
    const job = overview.getByRole('listitem').filter({ hasText: 'nightly report' });
    await job.getByText('55 %').waitFor();
    await job.getByText('split The split').waitFor();
    await overview.getByText('1 of 3 phases done').waitFor();
  });

  it('says how much was finished, with a small line, and goes on while more is', async () => {
    const [overview] = await live().open('Overview');
    const tile = overview.locator('.tile').filter({ hasText: 'Throughput' });
    await tile.getByText('tasks/min').waitFor();
    await tile.getByRole('button', { name: /^Over time: last / }).waitFor();
  });

  it('opens the small line as a chart, with the values that REST has, by keys and as a table', async () => {
    const [overview, page] = await live().open('Overview');
    const line = overview.getByRole('button', { name: /^Over time: last / });
    assert.match((await line.getAttribute('title')) ?? '', /last [\d.]+ tasks\/min, highest/);
    await line.press('Enter');
    const chart = overview.getByRole('img', { name: /^Throughput in tasks\/min against time/ });
    await chart.focus();
    await page.keyboard.press('Home');
    await overview
      .getByText(/^[\d.]+ \/min$/)
      .last()
      .waitFor();
    await overview.getByRole('button', { name: 'Show Throughput in tasks/min as table' }).click();
    const download = page.waitForEvent('download');
    await overview.getByRole('button', { name: 'Save Throughput in tasks/min' }).click();
    await overview.getByRole('menuitem', { name: 'Save as CSV table' }).click();
    const [, ...rows] = (await readFile(await (await download).path(), 'utf8'))
      .trim()
      .split('\r\n');
    const read = rows.map((row) => row.split(','));
    const [newest, before] = read.map(([time = '']) => Date.parse(time));
    const minutes = ((newest ?? NaN) - (before ?? NaN)) / 60_000;
    const shown = read.reduce((sum, [, value]) => sum + Number(value) * minutes, 0);
    const { jobs } = await getJson<{ jobs: JobRecord[] }>(live().service, '/api/v1/jobs');
    const { series } = await getJson<SeriesAnswer>(
      live().service,
      `/api/v1/series?metric=tasks_completed&aggregation=count&from=${jobs[0]?.started_at}`,
    );
    const counted = series.flatMap(({ points }) => points).reduce((sum, [, n]) => sum + n, 0);
    assert.ok(counted > 10);
    assert.equal(Math.round(shown), counted);
    await line.click();
    await chart.waitFor({ state: 'detached' });
  });

  it('shows within a second that a job failed and which alerts are open', async () => {
    const [overview] = await live().open('Overview');
    const alerts = overview.locator('.tile').filter({ hasText: 'Active alerts' });
    await alerts.getByText('0 acknowledged').waitFor();
    await live().tell([
      { type: 'job.started', job_id: 'broken', name: '<b>broken</b> \u202Erun' },
      { type: 'job.failed', job_id: 'broken', error: { message: 'no disk' } },
      { type: 'alert.raised', title: 'Full', severity: 'CRITICAL', component: 'disk' },
    ]);
    await alerts.getByText(/1 critical/).waitFor({ timeout: 2_000 });
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    const [overview, page] = await live().open('Overview', { bypassCSP: true });
    await overview.getByRole('button', { name: 'Health score' }).click();
    await overview.getByRole('table').waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'Overview'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await found(), []);
    const [room, width] = await overview.evaluate((one) => [one.clientWidth, one.scrollWidth]);
    assert.equal(width, room, 'something is cut off');
  }).timeout(IN_EACH_THEME_MS);
});
