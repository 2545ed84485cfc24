import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { DashboardServer, TOKEN } from '../../browser/support/dashboardServer.ts';
import type { RecordsFrame } from '../../../service/protocol/frame.ts';
import { dashboardFrame, emptyFrame, hugeFrame } from '../../fixtures/frames.ts';
import { launchChromium } from '../chromium.ts';

const THEMES: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'dark', contrast: 'more' },
  'contrast-light': { colorScheme: 'light', contrast: 'more' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
};
const SIZES = {
  wide: { width: 1400, height: 900 },
  half: { width: 760, height: 900 },
  narrow: { width: 320, height: 800 },
};

let records = (): RecordsFrame => dashboardFrame(Date.now());

/** The dashboard in a browser, in every theme, wide and narrow: the built bundle with the records of test/fixtures/frames.ts. */
export async function pagePictures(folder: string): Promise<void> {
  const server = await new DashboardServer(() => records()).start();
  server.topic = () => ({ ...records(), reset: false });
  const browser = await launchChromium();
  const shoot = (theme: string, size: keyof typeof SIZES, what = 'run'): Promise<void> =>
    picture({ browser, url: `${server.url}#token=${TOKEN}`, folder }, { theme, size, what });
  try {
    for (const theme of Object.keys(THEMES))
      for (const size of Object.keys(SIZES)) await shoot(theme, size as keyof typeof SIZES);
    records = () => hugeFrame(Date.now());
    await shoot('dark', 'wide', 'huge');
    records = () => emptyFrame({ reset: true });
    await shoot('dark', 'wide', 'empty');
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function picture(
  { browser, url, folder }: { browser: Browser; url: string; folder: string },
  { theme, size, what }: { theme: string; size: keyof typeof SIZES; what: string },
): Promise<void> {
  const context = await browser.newContext({
    ...THEMES[theme],
    viewport: SIZES[size],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') console.error(message.text());
  });
  page.on('pageerror', (error) => console.error(error));
  await page.goto(url);
  await page
    .getByText(what === 'empty' ? 'No jobs so far' : 'Live')
    .first()
    .waitFor();
  await page.waitForTimeout(500);
  const file = join(folder, `${what}-${theme}-${size}.png`);
  await page.screenshot({ path: file, fullPage: true });
  console.log(file);
  await context.close();
}
