import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { App } from '../../webview/app.ts';
import type { RegionName } from '../../webview/regionNames.ts';
import { emptyAnswer } from '../fixtures/answers.ts';
import { dashboardFrame, emptyFrame, FAILED_JOB, RUNNING_JOB } from '../fixtures/frames.ts';
import { eventually } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { TOKEN } from './support/dashboardServer.ts';
import { Pages } from './support/pages.ts';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const frame = (page: Page, name: string) => page.locator(`[data-region="${name}"]`);
const NOTICE = 'No run is shown. Choose one at the top first.';

describe('where the page leads', () => {
  needsChromium();
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  async function open(): Promise<Page> {
    const page = await pages.blank();
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }
  /** As anything on the page does that leads to a region; of a run where one is named. */
  const lead = (page: Page, name: RegionName, jobId?: string): Promise<void> =>
    page.evaluate(
      ([to, job]) => {
        const { app } = document.querySelector('pipescope-dashboard') as Element & { app: App };
        if (job !== undefined) app.session.showJob(job);
        app.store.go(to);
      },
      [name, jobId] as const,
    );
  const isThere = (page: Page, name: RegionName): Promise<boolean> =>
    frame(page, name).evaluate((one) => one.matches(':focus'));

  describe('to a region of a run', () => {
    it('says that none is shown, and goes nowhere when one begins', async () => {
      pages.server.first = () => emptyFrame({ reset: true });
      const page = await open();
      await lead(page, 'Phases');
      await page.getByText(NOTICE).waitFor();
      pages.server.send({ ...dashboardFrame(Date.now()), seq: 1e9 });
      await region(page, 'Phases').waitFor();
      await page.waitForTimeout(500);
      assert.equal(await isThere(page, 'Phases'), false);
      assert.equal(await page.evaluate(() => scrollY), 0);
    });

    it('goes there as soon as the run that was picked is here', async () => {
      const all = dashboardFrame(Date.now());
      const jobs = all.jobs.filter(({ job_id }) => job_id === RUNNING_JOB);
      pages.server.first = () => ({ ...all, jobs });
      pages.server.topic = () => undefined;
      const page = await open();
      await region(page, 'Overview').waitFor();
      await lead(page, 'Phases', FAILED_JOB);
      await frame(page, 'Phases').waitFor({ state: 'detached' });
      pages.server.send({ ...all, reset: false, seq: 1e9 });
      await eventually(() => isThere(page, 'Phases'), 'The phases of the picked run');
    });

    it('forgets it when the run does not come', async () => {
      const page = await open();
      await region(page, 'Overview').waitFor();
      await lead(page, 'Phases', 'nobody');
      await page.getByText(NOTICE).waitFor({ timeout: 10_000 });
      pages.server.topic = () => ({ ...dashboardFrame(Date.now()), reset: false, seq: 1e9 });
      await page.evaluate((job) => {
        const { app } = document.querySelector('pipescope-dashboard') as Element & { app: App };
        app.session.showJob(job);
      }, RUNNING_JOB);
      await frame(page, 'Phases').waitFor();
      await page.waitForTimeout(500);
      assert.equal(await isThere(page, 'Phases'), false);
    });
  });

  it('keeps the filter of the phases, and says that it hides the selected one', async () => {
    const page = await pages.dashboard();
    const phases = region(page, 'Phases');
    const filter = phases.getByRole('textbox', { name: 'Filter phases' });
    await filter.fill('p03');
    await phases.getByText('1 of 10 phases match.').waitFor();
    await region(page, 'Timeline').getByRole('listbox').focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await phases.getByText('The filter hides the selected phase Splitting.').waitFor();
    assert.equal(await filter.inputValue(), 'p03');
    await phases.getByRole('button', { name: 'Show All Phases' }).click();
    const row = phases.getByRole('button', { name: /^P02 Splitting/, expanded: true });
    await row.waitFor();
    await eventually(() => row.evaluate((one) => one.matches(':focus')), 'The focus in its row');
    assert.equal(await filter.inputValue(), '');
    assert.equal(await phases.getByText('The filter hides').count(), 0);
  });

  it('opens the selected phase of another run, though it has the same id', async () => {
    const page = await pages.dashboard();
    const show = (job: string): Promise<void> =>
      page.evaluate((id) => {
        const { app } = document.querySelector('pipescope-dashboard') as Element & { app: App };
        app.session.showJob(id, 'P02');
      }, job);
    const row = region(page, 'Phases').getByRole('button', { name: /^P02/, expanded: true });
    await show(RUNNING_JOB);
    await row.waitFor();
    await show(FAILED_JOB);
    await region(page, 'Phases').getByText('P06').first().waitFor();
    await row.waitFor();
  });

  describe('to regions that only some pipelines have data for', () => {
    let workers = 0;
    const look = (page: Page): Promise<void> =>
      page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));
    beforeEach(() => {
      workers = 1;
      pages.server.answer = (path) =>
        path === '/api/v1/workers' ? { ...emptyAnswer(path), total: workers } : emptyAnswer(path);
    });

    it('leaves one out again when its data is gone', async () => {
      const page = await pages.dashboard();
      await frame(page, 'Workers').waitFor({ state: 'attached' });
      workers = 0;
      await look(page);
      await frame(page, 'Workers').waitFor({ state: 'detached' });
      await page.getByText(/^4 regions have nothing to show yet: Workers/).waitFor();
    });

    it('moves nothing that is seen for it: what is on the screen stays until a reload', async () => {
      const page = await pages.dashboard();
      await frame(page, 'Workers').waitFor({ state: 'attached' });
      await lead(page, 'Alerts');
      await eventually(() => isThere(page, 'Alerts'), 'The alerts');
      const top = (): Promise<number> =>
        frame(page, 'Alerts').evaluate((one) => one.getBoundingClientRect().top);
      await page.waitForTimeout(1_000);
      const before = await top();
      workers = 0;
      const asked = page.waitForResponse(/api\/v1\/workers/);
      await look(page);
      await asked;
      await page.waitForTimeout(300);
      assert.equal(await frame(page, 'Workers').count(), 1);
      assert.ok(Math.abs((await top()) - before) < 1, 'the alerts stand where they stood');
      await page.reload();
      await region(page, 'Overview').waitFor();
      assert.equal(await frame(page, 'Workers').count(), 0);
    });
  });
});
