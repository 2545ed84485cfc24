import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { useLive } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const MINUTE = 60_000;

/** Two runs, one goes on; and a metric of two lanes. */
function events(now: number): object[] {
  const run = (job_id: string, time: number): object[] => [
    {
      type: 'job.started',
      job_id,
      name: job_id,
      pipeline: 'p',
      phases: [{ phase_id: 'P0' }],
      time,
    },
    { type: 'phase.started', job_id, phase_id: 'P0', name: 'Read', time: time + 1_000 },
  ];
  const depth = (lane: string, n: number): object => ({
    ...{ type: 'metric.recorded', name: 'depth', kind: 'gauge', unit: 'jobs', labels: { lane } },
    ...{ value: lane === 'fast' ? n : 100 + n, time: now - MINUTE + n * 1_000 },
  });
  return [
    ...run('before', now - 20 * MINUTE),
    { type: 'job.completed', job_id: 'before', time: now - 10 * MINUTE },
    ...run('now', now - 2 * MINUTE),
    ...Array.from({ length: 30 }, (_, n) => [depth('fast', n), depth('slow', n)]).flat(),
  ];
}

const region = (page: Page, name: string): Locator =>
  page.getByRole('region', { name, exact: true });
const order = (page: Page): Promise<string[]> =>
  page
    .locator('[data-region]')
    .evaluateAll((frames) => frames.map((frame) => frame.getAttribute('data-region') ?? ''));
const cards = (page: Page): Promise<string[]> =>
  page
    .locator('pipescope-layout .card')
    .evaluateAll((all) => all.map((card) => card.getAttribute('aria-label') ?? ''));
const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

describe('the layout of the page', () => {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });

  const edit = async (page: Page): Promise<void> => {
    await button(page, 'Change the layout').click();
    await region(page, 'Layout').waitFor();
  };
  const save = async (page: Page): Promise<void> => {
    await button(page, 'Save').click();
    await region(page, 'Layout').waitFor({ state: 'detached' });
  };

  it('leaves out regions that have nothing to show, until the person wants them or data comes', async () => {
    const [, page] = await live().open('Overview');
    const { total } = await getJson<{ total: number }>(live().service, '/api/v1/workers?limit=1');
    assert.equal(total, 0);
    const names = await order(page);
    for (const name of ['Workers', 'API', 'Models', 'Cache'])
      assert.equal(names.includes(name), false, name);
    for (const name of ['Overview', 'Timeline', 'Phases', 'Alerts', 'History'])
      assert.equal(names.includes(name), true, name);
    await page
      .getByText(/^4 regions have nothing to show yet: Workers, API, Models, Cache\.$/)
      .waitFor();
    await button(page, 'Show all regions').click();
    await page.locator('[data-region="Cache"]').waitFor({ state: 'attached' });
    await page.reload();
    await page.locator('[data-region="Workers"]').waitFor({ state: 'attached' });
  });

  it('is moved by keys: the button keeps the focus, and a reload the order', async () => {
    const [, page] = await live().open('Overview');
    await edit(page);
    const before = await cards(page);
    await button(page, 'Move Timeline up').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByText(`Timeline is number 1 of ${before.length} now.`).waitFor();
    assert.deepEqual((await cards(page)).slice(0, 3), ['Timeline', 'Overview', 'Pipeline flow']);
    const focused = await button(page, 'Move Timeline down').evaluate((one) =>
      one.matches(':focus'),
    );
    assert.equal(focused, true, 'at the top the other button has the focus');
    await save(page);
    assert.deepEqual((await order(page)).slice(0, 2), ['Timeline', 'Overview']);
    await page.reload();
    await region(page, 'Timeline').waitFor();
    assert.deepEqual((await order(page)).slice(0, 2), ['Timeline', 'Overview']);
  });

  it('is moved by the pointer, and by Escape not at all', async () => {
    const [, page] = await live().open('Overview', { viewport: { width: 900, height: 900 } });
    await edit(page);
    const drag = async (from: string, to: string): Promise<void> => {
      const handle = page.locator(`[data-key="${from}"] .handle`);
      const target = await page.locator(`[data-key="${to}"]`).boundingBox();
      await handle.hover();
      await page.mouse.down();
      await page.mouse.move(target?.x ?? 0, (target?.y ?? 0) + 20, { steps: 8 });
    };
    const before = await cards(page);
    await drag('Overview', 'Phases');
    await page.keyboard.press('Escape');
    assert.deepEqual(await cards(page), before);
    await page.mouse.up();
    await drag('Overview', 'Phases');
    await page.mouse.up();
    assert.deepEqual((await cards(page)).slice(0, 4), [
      ...['Pipeline flow', 'Timeline', 'Phases', 'Overview'],
    ]);
    await button(page, 'Cancel').click();
    await region(page, 'Overview').waitFor();
    assert.equal((await order(page))[0], 'Overview', 'cancelled is as it was');
  });

  it('hides regions, brings them back when something leads to them, and sizes them', async () => {
    const [, page] = await live().open('Overview');
    await edit(page);
    await button(page, 'Hide Phases').click();
    await page.getByLabel('Width of Timeline').selectOption('half');
    await page.getByLabel('Width of Pipeline flow').selectOption('half');
    await page.getByLabel('Height of Timeline').selectOption('tall');
    await save(page);
    assert.equal((await order(page)).includes('Phases'), false);
    const box = async (name: string) => page.locator(`[data-region="${name}"]`).boundingBox();
    const [flow, timeline] = [await box('Pipeline flow'), await box('Timeline')];
    assert.equal(flow?.y, timeline?.y, 'two halves stand side by side');
    assert.equal(flow?.width, timeline?.width);
    const height = await page
      .locator('[data-region="Timeline"]')
      .evaluate((frame) => getComputedStyle(frame).getPropertyValue('--ps-height').trim());
    assert.equal(height, '1.7');
    await page.keyboard.press('/');
    await region(page, 'Phases').waitFor();
  });

  it('takes a widget, draws what REST answers, and changes and removes it', async () => {
    const [, page] = await live().open('Overview');
    await edit(page);
    await button(page, 'Add a widget').click();
    const form = page.getByRole('dialog', { name: 'Add a widget' });
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.getByText('Give it a title.').waitFor();
    assert.equal(await form.getByLabel('Title').getAttribute('aria-invalid'), 'true');
    await form.getByLabel('Title').fill('Depth of <b>lanes</b>');
    await form.getByLabel('Metric').fill('depth');
    await form.locator('datalist option[value="depth"]').waitFor({ state: 'attached' });
    await form.getByLabel(/^Only series with these labels/).fill('lane');
    await form.getByLabel(/^One line for each value/).fill('lane');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.getByText('"lane" is no label: write name=value.').waitFor();
    await form.getByLabel(/^Only series with these labels/).fill('');
    await form.getByLabel('Chart').selectOption('bars');
    await page.keyboard.press('Tab');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await save(page);
    await page.locator('[data-region="widget:widget-1"]').evaluate((one) => one.scrollIntoView());
    const widget = region(page, 'Depth of <b>lanes</b>');
    await widget.getByRole('button', { name: /as table$/ }).click();
    const answer = await getJson<{ series: { labels: { lane: string }; points: number[][] }[] }>(
      live().service,
      '/api/v1/series?metric=depth&group_by=lane&range=5m',
    );
    assert.equal(answer.series.length, 2);
    const text = (await widget.getByRole('table').innerText()).replace(/\s+/g, ' ');
    for (const { labels, points } of answer.series)
      assert.ok(
        text.includes(`${labels.lane} ${points.at(-1)?.[1]} jobs`),
        `${labels.lane}: ${text}`,
      );

    await edit(page);
    await button(page, 'Edit Depth of <b>lanes</b>').click();
    const again = page.getByRole('dialog', { name: 'Edit a widget' });
    await again.getByLabel('Title').fill('Depth');
    await page.keyboard.press('Enter');
    await button(page, 'Remove Depth').click();
    await page.getByText('Depth is removed.').waitFor();
    await save(page);
    assert.equal(
      (await order(page)).some((key) => key.startsWith('widget:')),
      false,
    );
  });

  it('is exported and imported whole; a bad file changes nothing and is told with its field', async () => {
    const [, page] = await live().open('Overview');
    await edit(page);
    await button(page, 'Move Phases up').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      region(page, 'Layout').getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'pipescope-layout.json');
    const text = await readFile(await download.path(), 'utf8');
    const file = JSON.parse(text) as { items: { region?: string; width: string }[] };
    assert.deepEqual(
      file.items.map((item) => item.region),
      await cards(page),
    );
    await button(page, 'Reset to default').click();
    const usual = await cards(page);
    const take = async (content: string): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        button(page, 'Import').click(),
      ]);
      await chooser.setFiles({
        ...{ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(content) },
      });
    };
    const bad = structuredClone(file);
    (bad.items[3] as { width: string }).width = 'third';
    await take(JSON.stringify(bad));
    await page
      .getByText('The file was not imported. items[3].width: Give one of full, half.')
      .waitFor();
    assert.deepEqual(await cards(page), usual);
    await take('{');
    await page.getByText(/^The file was not imported\. The file is no JSON\./).waitFor();
    await take(text);
    await page.getByText('The layout of the file is here. Save it to keep it.').waitFor();
    assert.deepEqual(
      await cards(page),
      file.items.map((item) => item.region),
    );
    await save(page);
    await edit(page);
    await button(page, 'Reset to default').click();
    await save(page);
    assert.equal(await page.evaluate(() => localStorage.getItem('pipescope.layout')), null);
  });

  it('is the default, and says so, where the saved one cannot be read', async () => {
    const page = await live().pages.blank();
    await page.addInitScript(() =>
      localStorage.setItem('pipescope.layout', '{"pipescope_layout":1,"items":[{"region":"X"}]}'),
    );
    const { service } = live();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await page
      .getByText(/^The saved layout could not be read; the default is shown\. items\[0\]\.region/)
      .waitFor();
    await region(page, 'Overview').waitFor();
  });

  it('leads to a region by the list of them, and by "g"', async () => {
    const [, page] = await live().open('Overview');
    await page.keyboard.press('g');
    const list = page.getByRole('menu', { name: 'Go to a region' });
    assert.deepEqual(
      await list
        .getByRole('menuitem')
        .allInnerTexts()
        .then((all) => all.map((one) => one.trim())),
      await order(page),
    );
    await page.keyboard.press('h');
    await page.keyboard.press('Enter');
    await list.waitFor({ state: 'detached' });
    const near = async (): Promise<boolean> => {
      const box = await page.locator('[data-region="History"]').boundingBox();
      return box !== null && box.y < 900 && box.y > -50;
    };
    for (let n = 0; n < 40 && !(await near()); n++) await page.waitForTimeout(50);
    assert.ok(await near());
  });

  it('has no violation that axe finds while it is changed, in any theme', async () => {
    const [, page] = await live().open('Overview', { bypassCSP: true });
    const found = (path?: string[]) => inEachTheme(page, () => axeViolations(page, path));
    // Only in the header: a list that is open covers a part of what is below it.
    const header = ['pipescope-dashboard', 'pipescope-header'];
    await button(page, 'Go to a region').click();
    assert.deepEqual(await found(header), []);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Time range/ }).click();
    assert.deepEqual(await found(header), []);
    await page.keyboard.press('Escape');
    await edit(page);
    assert.deepEqual(await found(), []);
    await button(page, 'Add a widget').click();
    await button(page, 'Add').click();
    assert.deepEqual(await found(), []);
  }).timeout(IN_EACH_THEME_MS);

  for (const width of [300, 420, 1400])
    it(`needs no sideways scrolling at ${width} pixels while it is changed`, async () => {
      const [, page] = await live().open('Overview', { viewport: { width, height: 800 } });
      const overflow = (): Promise<number> =>
        page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
      for (const name of ['Go to a region', 'Export']) {
        await button(page, name).click();
        const box = await page.getByRole('menu', { name }).boundingBox();
        assert.ok((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 9e9) <= width, name);
        await page.keyboard.press('Escape');
      }
      await edit(page);
      assert.equal(await overflow(), 0);
    });
});
