import assert from 'node:assert/strict';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { ConfigInput } from '../../../service/config.ts';
import { PROBED } from '../../../webview/elements/dashboard/arrange.ts';
import type { RegionName } from '../../../webview/regionNames.ts';
import { axeViolations } from '../../support/axe.ts';
import { send, startService, type TestService } from '../../support/service.ts';
import { removeTempDir } from '../../support/tempDir.ts';
import { Pages } from './pages.ts';

/** The service takes at most a thousand in one request. */
const BATCH = 1000;

export interface Live {
  readonly service: TestService;
  readonly pages: Pages;
  tell(events: readonly object[]): Promise<void>;
  /** The dashboard of the service, with the region on the screen. */
  open(region: RegionName, options?: BrowserContextOptions): Promise<[Locator, Page]>;
}

/** In a `describe`: a real service that was told of `events`, and pages of it that may not complain. */
export function useLive(
  events: (now: number) => readonly object[],
  config: ConfigInput = {},
): () => Live {
  const pages = new Pages();
  let service: TestService | undefined;
  const dist = process.env.PIPESCOPE_DIST;
  const tell = async (all: readonly object[]): Promise<void> => {
    for (let i = 0; i < all.length; i += BATCH) await send(live().service, all.slice(i, i + BATCH));
  };
  const live = (): Live => {
    if (service === undefined) throw new Error('The service is started before the tests.');
    return { service, pages, tell, open: (region, options) => open(live(), region, options) };
  };
  before(async () => {
    await pages.start();
    service = await startService({ config, ...(dist === undefined ? {} : { dist }) });
    await tell(events(Date.now()));
  });
  after(async () => {
    await pages.stop();
    await service?.stop();
    if (service) removeTempDir(service.dataDir);
  });
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });
  return live;
}

async function open(
  { service, pages }: Live,
  region: RegionName,
  options: BrowserContextOptions = {},
): Promise<[Locator, Page]> {
  const page = await pages.blank(options);
  // Regions without any data are left out until there is some, which is looked for seldom.
  const layout = { pipescope_layout: 1, empty_regions: true };
  // A reload keeps what was set on the page.
  if (region in PROBED)
    await page.addInitScript(
      (saved) =>
        localStorage.getItem('pipescope.layout') ?? localStorage.setItem('pipescope.layout', saved),
      JSON.stringify(layout),
    );
  await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
  return [await bringIntoView(page, region), page];
}

export async function bringIntoView(page: Page, region: RegionName): Promise<Locator> {
  const frame = page.locator(`[data-region="${region}"]`);
  const found = page.getByRole('region', { name: region, exact: true });
  // Regions above it may still come and grow: it is in view when it stays where it is.
  for (let calm = 0; calm < 3; await page.waitForTimeout(100)) {
    const moved = await frame.evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      element.scrollIntoView();
      return Math.abs(element.getBoundingClientRect().top - top) > 1;
    });
    calm = moved ? 0 : calm + 1;
  }
  await found.waitFor();
  return found;
}

/** What axe finds in one region. The page has to be open with `bypassCSP`: its policy refuses the script of axe itself. */
export function violationsIn(page: Page, region: RegionName): Promise<string[]> {
  return axeViolations(page, ['pipescope-dashboard', `[data-region="${region}"]`]);
}

/** Text of each cell of the rows of a table, heading apart. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  const rows = await table.locator('tbody tr:not(.gap)').all();
  return Promise.all(
    rows.map(async (row) => {
      const texts = await row.locator('td:visible').allInnerTexts();
      return texts.map((text) => text.replace(/\s+/g, ' ').trim());
    }),
  );
}
