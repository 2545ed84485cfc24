import assert from 'node:assert/strict';
import type { RequestStatistics } from '../../service/protocol/requests.ts';
import { duration, percent } from '../../service/protocol/describe.ts';
import { needsChromium } from '../support/skip.ts';
import type { Page } from 'playwright-core';
import { getJson } from '../support/service.ts';
import { jobEvents, systemEvents } from '../support/systemEvents.ts';
import { cellsOf, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const ALL = '/api/v1/endpoints/statistics';

describe('the requests of a real service', () => {
  needsChromium();
  const live = useLive(systemEvents, { sampling: { host_interval_ms: 0 } });
  /** What REST says of the time that the page shows: that of its newest question about all. */
  const told = async (page: Page, more = ''): Promise<RequestStatistics> => {
    const asked = await page.waitForFunction(
      (path) =>
        performance
          .getEntriesByType('resource')
          .findLast(({ name }) => name.includes(path) && !name.includes('endpoint='))?.name,
      `${ALL}?limit=`,
    );
    const query = new URL((await asked.jsonValue()) ?? '').search;
    return getJson<RequestStatistics>(live().service, `${ALL}${query}${more}`);
  };

  it('has each endpoint with its figures of the time that is shown, as REST has them', async () => {
    const [region, page] = await live().open('API');
    const table = region.getByRole('table', { name: 'Endpoints' });
    await table.waitFor();
    const { endpoints } = await told(page);
    const rows = await cellsOf(table);
    assert.deepEqual(
      rows.map(([name, requests, , p50, p95, p99]) => [name, requests, p50, p95, p99]),
      endpoints.map((one) => [
        ...[one.endpoint, one.requests.toLocaleString('en')],
        duration(one.p50_response_time_ms),
        duration(one.p95_response_time_ms),
        duration(one.p99_response_time_ms),
      ]),
    );
  });

  it('is about one endpoint where one is chosen, and about all again', async () => {
    const [region, page] = await live().open('API');
    const one = await told(page, `&endpoint=${encodeURIComponent('/search')}`);
    const shown = region.locator('.figures .amount').first();
    await region.getByRole('row').getByRole('button', { name: '/search' }).click();
    await region.getByText('Requests of /search').waitFor();
    await shown.getByText(String(one.figures.requests), { exact: true }).waitFor();
    await region.getByRole('button', { name: 'Show All Endpoints' }).click();
    const all = await told(page);
    await shown.getByText(String(all.figures.requests), { exact: true }).waitFor();
    const share = region.locator('.figures .amount').nth(1);
    assert.equal(await share.innerText(), percent(all.figures.error_rate_percent));
  });

  it('draws volume, times, their spread and errors', async () => {
    const [region] = await live().open('API');
    const names = ['Requests per second', 'Response times over time', 'Error rate'];
    for (const name of [...names, 'Requests by response time'])
      await region.getByRole('img', { name: new RegExp(`^${name}`) }).waitFor();
  });

  it('counts requests that come while it is looked at', async () => {
    const [region, page] = await live().open('API');
    const shown = region.locator('.figures .amount').first();
    const { figures } = await told(page);
    await shown.getByText(String(figures.requests), { exact: true }).waitFor();
    const request = { type: 'request.recorded', endpoint: '/new', status_code: 500 };
    await live().tell([{ ...request, duration_ms: 4_000 }]);
    await shown.getByText(String(figures.requests + 1), { exact: true }).waitFor();
    await region
      .getByText(/Fails most often/)
      .getByRole('button', { name: '/new' })
      .waitFor();
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    const [region, page] = await live().open('API', { bypassCSP: true });
    await region.getByRole('table', { name: 'Endpoints' }).waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'API'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await found(), []);
    const [room, width] = await region.evaluate((one) => [one.clientWidth, one.scrollWidth]);
    assert.equal(width, room, 'something is cut off');
  }).timeout(IN_EACH_THEME_MS);
});

describe('the requests of a service that knows none', () => {
  needsChromium();
  const live = useLive(jobEvents);

  it('say what to report, and are there when it is', async () => {
    const [region] = await live().open('API');
    await region.getByText(/No request was reported so far/).waitFor();
    await live().tell([JSON.parse(await region.locator('code').innerText()) as object]);
    await region.getByRole('table', { name: 'Endpoints' }).waitFor({ timeout: 20_000 });
  });
});
