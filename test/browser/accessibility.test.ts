import assert from 'node:assert/strict';
import { axeViolations } from '../support/axe.ts';
import { needsChromium } from '../support/skip.ts';
import { TOKEN } from './support/dashboardServer.ts';
import { Pages } from './support/pages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

describe('the dashboard for everybody', function () {
  needsChromium();
  this.timeout(60_000);
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(() => pages.reset());
  afterEach(() => pages.close());

  it('has no violation that axe finds, in any theme: running, failed and opened, dialog', async () => {
    // The policy of the page would refuse the script of axe itself.
    const page = await pages.dashboard({ bypassCSP: true });
    const found = (): Promise<string[]> => inEachTheme(page, () => axeViolations(page));
    assert.deepEqual(await found(), []);
    await page.getByRole('button', { name: /Choose another job/ }).click();
    assert.deepEqual(await found(), []);
    await page.getByRole('option', { name: /failed at P06/ }).click();
    const phases = page.getByRole('region', { name: 'Phases', exact: true });
    await phases.getByRole('button', { name: /^P06 Clustering/ }).click();
    await phases.getByText('RangeError').first().waitFor();
    await page.keyboard.press('?');
    assert.deepEqual(await found(), []);
  }).timeout(IN_EACH_THEME_MS);

  it('has no violation while it asks for the token', async () => {
    const page = await pages.blank({ bypassCSP: true });
    await page.goto(pages.server.url);
    await page.getByRole('button', { name: 'Connect' }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
  });

  for (const width of [300, 349, 600]) {
    it(`needs no sideways scrolling at ${width} pixels`, async () => {
      const page = await pages.dashboard({ viewport: { width, height: 700 } });
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      assert.equal(scroll, client);
    });
  }

  it('does not pulse for those who want no motion', async () => {
    const page = await pages.dashboard();
    const animation = (): Promise<string> =>
      page
        .locator('pipescope-flow .status.RUNNING')
        .first()
        .evaluate((icon) => getComputedStyle(icon).animationName);
    assert.equal(await animation(), 'none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await animation(), 'pulse');
  });

  it('keeps its layout while data arrives', async () => {
    const page = await pages.blank();
    await page.addInitScript(() => {
      const window_ = window as unknown as { shifts: number };
      window_.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          window_.shifts += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await page.getByRole('option').first().waitFor({ state: 'attached' });
    await page.waitForTimeout(500);
    const shift = await page.evaluate(() => (window as unknown as { shifts: number }).shifts);
    console.log(`      layout shift while loading: ${shift.toFixed(3)}`);
    assert.ok(shift < 0.1, `layout shift ${shift}`);
  });
});
