import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { needsChromium } from '../support/skip.ts';
import { useLive } from './support/livePages.ts';

const MINUTE = 60_000;

function events(now: number): object[] {
  const job_id = 'run';
  const time = now - 20 * MINUTE;
  return [
    { type: 'job.started', job_id, name: 'run', pipeline: 'p', phases: [{ phase_id: 'P0' }], time },
    { type: 'phase.started', job_id, phase_id: 'P0', name: 'Read', time: time + 1_000 },
    ...Array.from({ length: 20 }, (_, n) => ({
      ...{ type: 'metric.recorded', name: 'depth', kind: 'gauge', unit: 'jobs', value: n },
      time: now - (20 - n) * 1_000,
    })),
  ];
}

/** One region that follows a line, far below the rest. */
const WIDGET = { id: 'w', title: 'Depth', metric: 'depth', aggregation: 'avg', chart: 'line' };
const LAYOUT = JSON.stringify({ pipescope_layout: 1, items: [{ widget: WIDGET }] });

/** What the page asks of the series: topics of its socket, and addresses. */
interface Asked {
  topics: string[];
  gets: string[];
}

async function watch(page: Page): Promise<Asked> {
  const asked: Asked = { topics: [], gets: [] };
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(String(payload)) as { topics?: string[] };
      if (frame.topics) asked.topics = frame.topics;
    }),
  );
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/v1/series' && url.search.includes('depth'))
      asked.gets.push(url.search);
  });
  return Promise.resolve(asked);
}

/** The topics of the widget; other regions have theirs. */
const series = ({ topics }: Asked): string[] =>
  topics.filter((one) => one.startsWith('series:metric=depth'));

describe('the range of time of the page', () => {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });

  const open = async (): Promise<{ page: Page; asked: Asked; picker: Locator }> => {
    const page = await live().pages.blank();
    const asked = await watch(page);
    await page.addInitScript((text) => localStorage.setItem('pipescope.layout', text), LAYOUT);
    const { service } = live();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await page.getByRole('region', { name: 'Overview', exact: true }).waitFor();
    return { page, asked, picker: page.getByRole('button', { name: /^Time range/ }) };
  };
  const choose = async (page: Page, picker: Locator, name: string): Promise<void> => {
    await picker.click();
    await page.getByRole('option', { name, exact: true }).click();
    await page.getByRole('button', { name: `Time range: ${name}. Choose another` }).waitFor();
  };
  const seeDepth = async (page: Page): Promise<void> => {
    await page.locator('[data-region="widget:w"]').evaluate((one) => one.scrollIntoView());
    const widget = page.getByRole('region', { name: 'Depth', exact: true });
    await widget.locator('canvas').first().waitFor();
  };
  const until = async (page: Page, what: string, done: () => boolean): Promise<void> => {
    for (let n = 0; n < 200 && !done(); n++) await page.waitForTimeout(50);
    assert.ok(done(), what);
  };

  it('is this run at first; another is chosen by pointer or keys, outlives a reload, and is said', async () => {
    const { page, picker } = await open();
    await page.getByRole('button', { name: 'Time range: This run. Choose another' }).waitFor();
    await choose(page, picker, 'Last 15 min');
    assert.match(
      (await picker.getAttribute('title')) ?? '',
      /It shows 15m 00s of the 20m \d\ds of this run\./,
    );
    await page.reload();
    await page.getByRole('button', { name: 'Time range: Last 15 min. Choose another' }).waitFor();
    await picker.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Time range: Last 5 min. Choose another' }).waitFor();
    assert.equal(await picker.evaluate((one) => one.matches(':focus')), true);
    await page.getByRole('button', { name: 'Back to the range before' }).click();
    await page.getByRole('button', { name: 'Time range: Last 15 min. Choose another' }).waitFor();
  });

  it('is followed by topics while it moves, asked once when it is paused, and followed again', async () => {
    const { page, asked, picker } = await open();
    await choose(page, picker, 'Last 5 min');
    await seeDepth(page);
    await until(page, 'topics of 5 minutes', () =>
      series(asked).some((one) => one.includes('range=300000')),
    );
    await page.getByRole('button', { name: 'Pause the charts' }).click();
    await page.getByRole('button', { name: /^Paused at .*\. Go on live$/ }).waitFor();
    await until(page, 'questions of a fixed range', () =>
      asked.gets.some((one) => /from=\d+&to=\d+$/.test(one)),
    );
    await until(page, 'no topics', () => series(asked).length === 0);
    const count = asked.gets.length;
    await page.waitForTimeout(1_200);
    assert.equal(asked.gets.length, count, 'what stands still is asked once');
    await page.getByRole('button', { name: /Go on live$/ }).click();
    await until(page, 'topics again', () =>
      series(asked).some((one) => one.includes('range=300000')),
    );
  });

  it('lets go of the series of regions that are off the screen, and of all while the page is hidden', async () => {
    const { page, asked } = await open();
    await seeDepth(page);
    await until(page, 'topics', () => series(asked).length > 0);
    const first = series(asked).length;
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await until(page, 'no topics of a hidden page', () => series(asked).length === 0);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await until(page, 'topics of a page that is seen again', () => series(asked).length === first);
    await page.evaluate(() => scrollTo(0, 0));
    await until(page, 'no topics of a region off the screen', () => {
      return series(asked).length === 0;
    });
  });

  it('takes two times of one’s own, and says which is wrong', async () => {
    const { page, picker } = await open();
    await picker.click();
    const dialog = page.getByRole('dialog', { name: 'Choose a time range' });
    await dialog.getByLabel('From').fill('2026-01-02T10:00:00');
    await dialog.getByLabel('To').fill('2026-01-02T09:00:00');
    await dialog.getByRole('button', { name: 'Show' }).click();
    await dialog.getByText('Give a time after the begin.').waitFor();
    assert.equal(await dialog.getByLabel('To').getAttribute('aria-invalid'), 'true');
    await dialog.getByLabel('To').fill('2026-01-02T11:00:00');
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: /^Time range: Jan 2, 10:00.*11:00.*Choose another$/ })
      .waitFor();
    assert.match((await picker.getAttribute('title')) ?? '', /2026/);
    assert.equal(
      await page.getByRole('button', { name: 'Pause the charts' }).count(),
      0,
      'it does not move',
    );
  });
});
