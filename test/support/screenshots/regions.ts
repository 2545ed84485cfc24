import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { root } from '../paths.ts';
import { THEMES } from '../../browser/support/themes.ts';
import { story } from '../../fixtures/story.ts';
import { launchChromium } from '../chromium.ts';
import { call, send, startService, type TestService } from '../service.ts';
import { removeTempDir } from '../tempDir.ts';

const WIDTHS = [1400, 360];
const BATCH = 1000;
/** What is set before: what the page would find out by itself only after a while, and what is compared. */
const VIEW = {
  present: ['Workers', 'API', 'Models', 'Cache'],
  compare: ['nightly-11', 'nightly-10', 'nightly-8'],
};

/** Every region, in four themes, wide and narrow, of a real service that was told test/fixtures/story.ts; and the whole page. */
export async function regionPictures(folder: string): Promise<void> {
  const service = await startService({
    config: { sampling: { host_interval_ms: 0 } },
    dist: process.env['PIPESCOPE_DIST'] ?? join(root, 'dist'),
  });
  const browser = await launchChromium();
  try {
    const events = story(Date.now());
    for (let i = 0; i < events.length; i += BATCH) await send(service, events.slice(i, i + BATCH));
    await call(service, '/api/v1/monitoring/alerts/disk/acknowledge', { method: 'POST' });
    for (const theme of Object.keys(THEMES))
      for (const width of WIDTHS) await regionsIn(browser, service, { folder, theme, width });
  } finally {
    await browser.close();
    await service.stop();
    removeTempDir(service.dataDir);
  }
}

async function regionsIn(
  browser: Browser,
  service: TestService,
  { folder, theme, width }: { folder: string; theme: string; width: number },
): Promise<void> {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({
    ...{ ...THEMES[theme], viewport, reducedMotion: 'reduce', locale: 'en-GB' },
  });
  const page = await context.newPage();
  page.on('console', (message) => console.error(`${theme} ${width}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(error));
  await page.addInitScript(
    (view) => sessionStorage.setItem('pipescope.view', view),
    JSON.stringify(VIEW),
  );
  await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
  await page.getByText('Live', { exact: true }).waitFor();
  const file = (name: string): string =>
    join(folder, `${name}-${theme.replaceAll(' ', '-')}-${width}.png`);
  await settled(page.locator('main'), page);
  await page.screenshot({ path: file('page') });
  // A region that is higher than the screen would be cut off.
  await page.setViewportSize({ width, height: 1800 });
  for (const name of await names(page)) {
    const frame = page.locator(`[data-region="${name}"]`);
    await frame.evaluate((one) => one.scrollIntoView());
    await frame.getByRole('region', { name, exact: true }).waitFor();
    await settled(frame, page);
    await frame.screenshot({ path: file(name.replaceAll(' ', '-').toLowerCase()) });
  }
  console.log(file('*'));
  await context.close();
}

function names(page: Page): Promise<string[]> {
  return page
    .locator('[data-region]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-region') ?? ''));
}

/** Nothing in it loads any more, and it has been drawn since. */
async function settled(part: Locator, page: Page): Promise<void> {
  const loading = part.locator('.skeleton:visible, [aria-busy="true"]:visible');
  for (let tries = 0; tries < 100 && (await loading.count()) > 0; tries++)
    await page.waitForTimeout(50);
  await page.waitForTimeout(400);
}
