import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { RegionName } from '../../webview/regionNames.ts';
import { GERMAN_BUNDLE, readBundle } from '../support/l10n.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { systemEvents } from '../support/systemEvents.ts';
import { bringIntoView, useLive } from './support/livePages.ts';

const SECOND = 1000;
const REGIONS: readonly RegionName[] = [
  ...(['Overview', 'Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance'] as const),
  ...([
    'Alerts',
    'Workers',
    'API',
    'Models',
    'Cache',
    'Bottlenecks',
    'History',
    'Compare',
  ] as const),
];
const german = readBundle(GERMAN_BUNDLE);

/** Besides a system at work, a run that failed after 2.5 s. */
function events(now: number): object[] {
  const job = { job_id: 'orders-1', name: 'orders', pipeline: 'orders' };
  const phase = { ...job, phase_id: 'P00' };
  const error = { type: 'OSError', message: 'no disk' };
  const begin = now - 60 * SECOND;
  return [
    ...systemEvents(now),
    { type: 'job.started', ...job, time: begin },
    { type: 'phase.started', ...phase, time: begin },
    { type: 'phase.failed', ...phase, error, time: begin + 2_500 },
    { type: 'job.failed', ...job, error, time: begin + 2_500 },
  ];
}

/** What the page says, to eyes and to screen readers. Names of regions for machines and texts of others are left out. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const read = (node: Node): void => {
      if (node instanceof Text) found.push(node.data);
      if (node instanceof Element) {
        if (['STYLE', 'SCRIPT', 'BDI', 'CODE'].includes(node.tagName)) return;
        const named = node.tagName === 'SECTION' ? [] : ['aria-label'];
        for (const name of [...named, 'title', 'placeholder'])
          found.push(node.getAttribute(name) ?? '');
        if (node.shadowRoot !== null) node.shadowRoot.childNodes.forEach(read);
      }
      node.childNodes.forEach(read);
    };
    read(document.body);
    return [...new Set(found.map((text) => text.replace(/\s+/g, ' ').trim()))].filter(Boolean);
  });
}

/** The English texts that a German one stands for, each as what its places are filled to. */
const ENGLISH = Object.entries(german)
  .filter(([key, text]) => key !== text && /[A-Za-z]{3}/.test(key.replace(/\{\d\}/g, '')))
  .map(([key]) => ({ key, said: pattern(key) }));
const GERMAN = Object.values(german)
  .filter((text) => /[A-Za-z]{3}/.test(text.replace(/\{\d\}/g, '')))
  .map(pattern);

function pattern(text: string): RegExp {
  const literal = text.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+?')}$`, 's');
}

describe('the dashboard in German, of a real service', function () {
  needsChromium();
  this.timeout(90_000);
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });

  async function open(width = 1280): Promise<Page> {
    const page = await live().pages.blank({ locale: 'de-DE', viewport: { width, height: 900 } });
    const view = JSON.stringify({ present: REGIONS });
    await page.addInitScript((saved) => sessionStorage.setItem('pipescope.view', saved), view);
    // The TypeScript loader of the tests wraps inner functions of `evaluate` calls in this.
    await page.addInitScript('globalThis.__name = (f) => f;');
    const { url, tokens } = live().service;
    await page.goto(`${url}/enhanced-monitor#token=${tokens.admin}`);
    return page;
  }

  const regionsOf = async (page: Page): Promise<RegionName[]> => {
    await page.locator('[data-region]').first().waitFor();
    const names = await page
      .locator('[data-region]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-region')));
    return REGIONS.filter((name) => names.includes(name));
  };

  it('says so, and titles its regions in German', async () => {
    const page = await open();
    const regions = await regionsOf(page);
    assert.ok(regions.length > 8, regions.join());
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de-DE');
    for (const name of regions) {
      const region = await bringIntoView(page, name);
      const heading = region.getByRole('heading', { level: 2 });
      assert.equal(await heading.innerText(), german[name] ?? name);
    }
  });

  it('has no English text left, and every decimal behind a comma', async () => {
    const page = await open();
    for (const name of await regionsOf(page)) await bringIntoView(page, name);
    const texts = await textsOf(page);
    assert.ok(texts.length > 200);
    const english = texts.flatMap((text) => {
      if (GERMAN.some((said) => said.test(text))) return [];
      return ENGLISH.filter(({ said }) => said.test(text)).map(({ key }) => [text, key]);
    });
    assert.deepEqual(english, []);
    const number = /\d[.,]\d+ ?(s|ms|%|[KMG]B|\/min|\/s)(?![a-z])/;
    assert.ok(texts.some((text) => number.test(text)));
    assert.deepEqual(
      texts.filter((text) =>
        /(^|[^\d.])\d+\.\d{1,2} ?(s|ms|%|[KMG]B|\/min|\/s)(?![a-z])/.test(text),
      ),
      [],
    );
  });

  it('says a range of time, and what failed, in German with the numbers of REST', async () => {
    const page = await open();
    await page.getByRole('button', { name: /^Zeitbereich: / }).click();
    await page.getByRole('option', { name: 'Letzte 15 min' }).click();
    await page.getByRole('button', { name: /^Zeitbereich: Letzte 15 min/ }).waitFor();
    const { jobs } = await getJson<{ jobs: JobRecord[] }>(live().service, '/api/v1/jobs');
    const job = jobs.find(({ name }) => name === 'orders');
    assert.equal(job?.duration_ms, 2_500);
    const history = await bringIntoView(page, 'History');
    const row = history.getByRole('row').filter({ hasText: 'orders' });
    await row.getByText('fehlgeschlagen').waitFor();
    await row.getByText('2,5 s', { exact: true }).waitFor();
  });

  it('has room for the longer words where there is little', async () => {
    const page = await open(300);
    for (const name of await regionsOf(page)) {
      const region = await bringIntoView(page, name);
      const [room, wide] = await region.evaluate((one) => [one.clientWidth, one.scrollWidth]);
      assert.equal(wide, room, `${name} is cut off`);
    }
    const across = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(across <= 300, `${across} px`);
  });
});
