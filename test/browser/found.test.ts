import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import type { Finding } from '../../service/protocol/finding.ts';
import type { RegionName } from '../../webview/regionNames.ts';
import { foundAt } from '../support/finding.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { systemEvents } from '../support/systemEvents.ts';
import { bringIntoView, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const MINUTE = 60_000;
const HOST = { source: 'host' };
/** A minute of the machine, with memory on its way up. */
function machine(now: number): object[] {
  return Array.from({ length: 60 }, (_, second) => ({
    ...{ type: 'resource.sampled', time: now - (60 - second) * 1000 },
    ...{ cpu_percent: 20, memory_mb: 4000 + 10 * second, host_memory_percent: 50 },
  }));
}

describe('what the analysis found, on the page of a real service', () => {
  needsChromium();
  // So long ago that the analysis itself finds nothing in it now.
  const live = useLive((now) => [...systemEvents(now - 20 * MINUTE), ...machine(now)], {
    sampling: { host_interval_ms: 0 },
  });
  let put: string[] = [];
  const table = () => live().service.service.monitor.analyst.findings;

  function set(finding_id: string, changes: Partial<Finding>, at = Date.now()): void {
    const nobody = { job_id: null, pipeline: null, phase_id: null, worker_id: null };
    const sentence = `${finding_id} is so.`;
    put.push(finding_id);
    table().set(foundAt(at, { finding_id, ...nobody, sentence, title: finding_id, ...changes }));
  }

  const end = (finding_id: string): void =>
    table().end(finding_id, new Date().toISOString(), 'It is over.');

  afterEach(() => {
    for (const id of put) end(id);
    put = [];
  });

  const odd = { kind: 'anomaly', class: 'spike', threshold: 15 } as const;

  function memoryLimit(): void {
    const now = Date.now();
    const evidence = {
      ...{ limit: 5000, at: new Date(now + 40_000).toISOString(), per_second: 10, span_ms: MINUTE },
    };
    set('memory runs full', {
      ...{ kind: 'prediction', class: 'memory_mb', metric: 'memory_mb', unit: 'MB' },
      ...{ labels: HOST, value: 4600, threshold: 5000, evidence },
    });
  }

  const listIn = (region: Locator, name: string): Locator => region.getByRole('list', { name });
  async function sentencesIn(list: Locator): Promise<string[]> {
    const texts = await list.locator('bdi').allInnerTexts();
    return texts.map((text) => text.trim());
  }
  async function asked(query: string): Promise<string[]> {
    const { findings } = await getJson<{ findings: Finding[] }>(
      live().service,
      `/api/v1/findings?${query}`,
    );
    return findings.map(({ sentence }) => sentence);
  }

  it('is listed in the overview as REST has it, the most urgent first, and moves nothing below', async () => {
    const [overview, page] = await live().open('Overview');
    await overview.getByText(/^The analysis finds nothing that is odd/).waitFor();
    const flow = page.locator('[data-region="Pipeline flow"]');
    const top = async (): Promise<number> => (await flow.boundingBox())?.y ?? NaN;
    const before = await top();
    for (let i = 0; i < 60; i++)
      set(`change ${i}`, { kind: 'change', class: 'slower', measure: i < 10 ? -20 : 20 });
    set('queue is odd', { ...odd, metric: 'queue_pending', labels: { queue: 'gpu-main' } });
    set('the CPU is used up', { labels: HOST });
    memoryLimit();
    const list = listIn(overview, 'Needs attention');
    await list.getByRole('listitem').nth(2).waitFor({ timeout: 10_000 });
    const urgent = await asked('urgent=true&limit=50');
    assert.deepEqual(urgent.slice(0, 3), [
      ...['memory runs full is so.', 'the CPU is used up is so.', 'queue is odd is so.'],
    ]);
    assert.deepEqual(await sentencesIn(list), urgent.slice(0, 3));
    assert.equal(await top(), before);
    await overview.getByRole('button', { name: 'Show all 53' }).click();
    await list.getByText('And 3 more.').waitFor();
    assert.deepEqual(await sentencesIn(list), urgent);
    assert.ok(!urgent.includes('change 0 is so.'), 'what became better needs no attention');
    await overview.getByRole('button', { name: 'Show less' }).click();
    end('memory runs full');
    await list.getByText('memory runs full is so.').waitFor({ state: 'detached', timeout: 10_000 });
    assert.equal(await top(), before);
  });

  it('leads to the region that shows its values', async () => {
    set('queue is odd', { ...odd, metric: 'queue_pending', labels: { queue: 'gpu-main' } });
    set('requests are odd', { ...odd, metric: 'request_duration_ms', labels: { endpoint: '/a' } });
    set('memory is odd', { ...odd, metric: 'memory_mb', unit: 'MB', labels: HOST });
    const [overview, page] = await live().open('Overview');
    const lead = async (what: string, region: RegionName): Promise<void> => {
      await overview.getByRole('button', { name: `Anomaly: ${what} is so.` }).click();
      await page.waitForFunction(
        (name) => {
          const frame = document
            .querySelector('pipescope-dashboard')
            ?.shadowRoot?.querySelector(`[data-region="${name}"]`);
          return Math.abs(frame?.getBoundingClientRect().top ?? Infinity) < 200;
        },
        region,
        { timeout: 10_000 },
      );
    };
    await lead('memory is odd', 'Resources');
    const resources = page.getByRole('region', { name: 'Resources', exact: true });
    const picker = resources.getByRole('combobox', { name: 'Resources of' });
    assert.equal(await picker.inputValue(), 'host');
    await lead('queue is odd', 'Workers');
    await lead('requests are odd', 'API');
  });

  it('stands in each region with the values that it is of, and nowhere else', async () => {
    const places: [RegionName, string, Record<string, string>][] = [
      ['Workers', 'queue_pending', { queue: 'gpu-main' }],
      ['API', 'request_duration_ms', { endpoint: '/a' }],
      ['Models', 'prediction_r2', { model: 'm' }],
      ['Cache', 'cache_hit_rate_percent', { cache: 'results' }],
    ];
    for (const [region, metric, labels] of places) set(region, { ...odd, metric, labels });
    set('This machine', { ...odd, metric: 'cpu_percent', labels: HOST });
    const [, page] = await live().open('API');
    for (const [name] of places) {
      const region = await bringIntoView(page, name);
      const list = listIn(region, 'Found in these values');
      await list.waitFor();
      assert.deepEqual(await sentencesIn(list), [`${name} is so.`]);
    }
    const resources = await bringIntoView(page, 'Resources');
    await resources.getByRole('combobox', { name: 'Resources of' }).selectOption('host');
    const list = listIn(resources, 'Found in these values');
    await list.waitFor();
    assert.deepEqual(await sentencesIn(list), ['This machine is so.']);
  });

  it('is a sign on the chart of its own source only, and its limit a line across', async () => {
    set('the machine is odd', { ...odd, metric: 'cpu_percent', labels: HOST });
    memoryLimit();
    const job = { source: 'job', pipeline: 'nightly' };
    set('a run is odd', { ...odd, class: 'level', metric: 'cpu_percent', labels: job });
    const [resources, page] = await live().open('Resources');
    await resources.getByRole('combobox', { name: 'Resources of' }).selectOption('host');
    await page.getByRole('button', { name: /^Time range: / }).click();
    await page.getByRole('option', { name: 'Last 5 min' }).click();
    await listIn(resources, 'Found in these values').waitFor();
    const saved = async (name: string): Promise<string> => {
      await resources.getByRole('img', { name: new RegExp(`^${name} against time`) }).waitFor();
      const download = page.waitForEvent('download');
      await resources.getByRole('button', { name: `Save ${name}`, exact: true }).click();
      await resources.getByRole('menuitem', { name: 'Save as SVG drawing' }).click();
      return readFile(await (await download).path(), 'utf8');
    };
    const cpu = await saved('CPU');
    assert.match(cpu, />spike, 70 %</);
    assert.doesNotMatch(cpu, /level, /);
    assert.match(await saved('Memory'), />limit</);
  });

  it('has its values as evidence where it is listed, with the limit and the way to it', async () => {
    memoryLimit();
    const [overview, page] = await live().open('Overview');
    await overview.getByRole('button', { name: /^Evidence of: .* on its way to/ }).click();
    const chart = overview.getByRole('img', { name: /^memory_mb against time/ });
    await chart.waitFor();
    const download = page.waitForEvent('download');
    await overview.getByRole('button', { name: 'Save memory_mb', exact: true }).click();
    await overview.getByRole('menuitem', { name: 'Save as SVG drawing' }).click();
    const drawing = await readFile(await (await download).path(), 'utf8');
    for (const word of ['limit', 'trend', 'Prediction']) assert.match(drawing, RegExp(`>${word}`));
  });

  it('says that it cannot be told where the service does not answer', async () => {
    const [overview, page] = await live().open('Overview');
    await overview.getByText(/^The analysis finds nothing that is odd/).waitFor();
    await page.route(/\/api\/v1\/findings\?urgent/, (route) =>
      route.fulfill({ status: 500, body: '{}', contentType: 'application/json' }),
    );
    const again = overview.getByRole('button', { name: 'Try Again' });
    await again.waitFor({ timeout: 10_000 });
    await page.unroute(/\/api\/v1\/findings\?urgent/);
    await again.click();
    await again.waitFor({ state: 'detached' });
    live().pages.complaints.length = 0;
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    memoryLimit();
    for (let i = 0; i < 5; i++) set(`odd ${i}`, { ...odd, metric: 'cpu_percent', labels: HOST });
    const [overview, page] = await live().open('Overview', { bypassCSP: true });
    await overview.getByRole('button', { name: /^Evidence of: .* on its way to/ }).click();
    await overview.getByRole('img', { name: /^memory_mb against time/ }).waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'Overview'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    await overview.getByRole('button', { name: 'Show all 6' }).click();
    assert.deepEqual(await found(), []);
    const [room, width] = await overview.evaluate((one) => [one.clientWidth, one.scrollWidth]);
    assert.equal(width, room, 'something is cut off');
  }).timeout(IN_EACH_THEME_MS);
});
