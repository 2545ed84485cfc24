// Pictures of the dashboard in every theme, wide and narrow: node --import tsx test/support/screenshots.ts [folder]
// They are made from the built bundle (npm run build) with the records of test/fixtures/frames.ts.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { DashboardServer, TOKEN } from '../browser/support/dashboardServer.ts';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import { dashboardFrame, emptyFrame, hugeFrame } from '../fixtures/frames.ts';
import { launchChromium } from './chromium.ts';
import { root } from './paths.ts';

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

const folder = process.argv[2] ?? join(root, 'out', 'screenshots');
mkdirSync(folder, { recursive: true });
let records = (): RecordsFrame => dashboardFrame(Date.now());
const server = await new DashboardServer(() => records()).start();
server.topic = () => ({ ...records(), reset: false });
const browser = await launchChromium();
try {
  for (const theme of Object.keys(THEMES))
    for (const size of Object.keys(SIZES))
      await picture(browser, theme, size as keyof typeof SIZES);
  records = () => hugeFrame(Date.now());
  await picture(browser, 'dark', 'wide', 'huge');
  records = () => emptyFrame({ reset: true });
  await picture(browser, 'dark', 'wide', 'empty');
} finally {
  await browser.close();
  await server.stop();
}

async function picture(
  browser: Browser,
  theme: string,
  size: keyof typeof SIZES,
  what = 'run',
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
  await page.goto(`${server.url}#token=${TOKEN}`);
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
