import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { HostRequest } from '../../service/protocol/frame.ts';
import { axeViolations } from '../support/axe.ts';
import { needsChromium } from '../support/skip.ts';
import { Gallery } from './support/gallery/gallery.ts';
import { Pages } from './support/pages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

describe('a chart', () => {
  needsChromium();
  const pages = new Pages();
  const gallery = new Gallery();
  before(async () => {
    await gallery.start();
    await pages.start();
  });
  after(async () => {
    await pages.stop();
    await gallery.stop();
  });
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, []);
  });

  async function open(options: Parameters<Pages['blank']>[0] = {}): Promise<Page> {
    const page = await pages.blank(options);
    await page.goto(gallery.url);
    await page.locator('pipescope-chart canvas').first().waitFor();
    await settled(page, 'CPU');
    return page;
  }

  it('of every kind is clean for axe in every theme', async () => {
    const page = await open({ viewport: { width: 700, height: 2600 } });
    await settled(page, 'Error rate');
    assert.deepEqual(await inEachTheme(page, () => axeViolations(page)), []);
  }).timeout(IN_EACH_THEME_MS);

  it('is read by the keyboard, whatever its kind', async () => {
    const page = await open();
    const read = (name: RegExp, ...keys: string[]): Promise<string> => reading(page, name, keys);
    assert.match(
      await read(/^CPU against time/, 'Home'),
      /^08:00:00\.000 AM · CPU \d+ % · Phase P00$/,
    );
    // Past the gap of ten points in one step, because nothing is there to be read.
    assert.match(await read(/^CPU against time/, 'Home', ...right(40)), /^08:04:12\.100 AM · CPU/);
    const other = await read(/^Memory by worker against time/, 'Home', 'ArrowDown');
    assert.match(other, /^08:00:00\.000 AM · =worker "2" [\d.]+ [MG]B$/);
    assert.equal(
      await read(/^Time of nightly by run/, 'End', 'ArrowLeft'),
      '#39 · day 39 · nightly 1m 01s · usual 1m 00s · half of the runs 57.0 s to 1m 03s',
    );
    assert.equal(
      await read(/^Time by phase as bars/, 'Home', 'ArrowRight', 'ArrowDown'),
      'Split · usual 30.0 s',
    );
    assert.match(
      await read(/^Times as boxes as distributions/, 'Home'),
      /^Read · 200 values · median [\d.]+ s · middle half [\d.]+ s to [\d.]+ s · whiskers .* · outliers \d+$/,
    );
    assert.match(await read(/^Times as violins/, 'End'), /^Once · 1 value · median 3\.0 s/);
    assert.equal(
      await read(/^Phase by run as a grid/, 'Home', 'ArrowDown', 'ArrowRight'),
      'Split · #2 · 2.3 s',
    );
    assert.equal(
      await read(/^Error rate as a gauge/, 'End'),
      '62 % of 100 % · now 62 % · bad from 80 %',
    );
  });

  it('marks one moment on all charts against time', async () => {
    const page = await open();
    await reading(page, /^CPU against time/, ['Home', ...right(5)]);
    const at = await page.evaluate(() => window.gallery.app.crosshair.time);
    const crossed = await page.locator('pipescope-chart .cross').count();
    assert.equal(crossed, 3);
    const left = await page
      .locator('pipescope-chart .cross')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    assert.equal(new Set(left).size, 1, `one moment, ${at}, at one place: ${left.join(', ')}`);
    await page.keyboard.press('Escape');
    await page.locator('pipescope-chart .cross').first().waitFor({ state: 'detached' });
  });

  it('shows what a pointer is at, and zooms into what it marks', async () => {
    const page = await open();
    const box = await boxOf(page, /^CPU against time/);
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page
      .locator('pipescope-chart .tooltip')
      .getByText(/^08:0\d:/)
      .waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
    await page.locator('pipescope-chart .brush').waitFor();
    await page.mouse.up();
    const { from, to } = await span(page);
    assert.ok(Math.abs(to - from - 150_000) < 20_000, `about a quarter: ${to - from} ms`);
    await page.mouse.dblclick(box.x + box.width / 2, box.y + 60);
    assert.equal((await span(page)).to - (await span(page)).from, 600_000);
  });

  it('marks a part of the time by Shift and the arrows, and zooms into it with Enter', async () => {
    const page = await open();
    const moments = await page.evaluate(() => {
      const { CPU } = window.gallery.specs;
      return CPU?.kind === 'time' ? (CPU.lines[0]?.points.map(({ x }) => x) ?? []) : [];
    });
    await chart(page, /^CPU against time/).focus();
    for (const key of ['Home', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Enter'])
      await page.keyboard.press(key);
    assert.deepEqual(await span(page), { from: moments[1], to: moments[3] });
    await page.keyboard.press('Backspace');
    assert.equal((await span(page)).from, moments[0]);
  });

  it('leads to the run that a point or a cell stands for', async () => {
    const page = await open();
    await reading(page, /^Time of nightly by run/, ['Home', 'ArrowRight', 'Enter']);
    assert.equal(await page.evaluate(() => window.gallery.app.session.view.job), 'job-2');
    await settled(page, 'Phase by run');
    const box = await boxOf(page, /^Phase by run/);
    await page.mouse.click(box.x + box.width - 20, box.y + 20);
    assert.equal(await page.evaluate(() => window.gallery.app.session.view.job), 'job-12');
  });

  it('is a table with the same values', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Show Memory by worker as table' }).click();
    const table = page.getByRole('table', { name: 'Memory by worker' });
    assert.equal(await table.getAttribute('aria-rowcount'), '61');
    assert.deepEqual(await table.getByRole('columnheader').allTextContents(), [
      'Time',
      'worker-1',
      '=worker "2"',
      'worker-3',
    ]);
    // The newest first.
    assert.equal(await table.getByRole('cell').first().textContent(), '08:10:00.000 AM');
    assert.ok((await table.getByRole('row').count()) < 30, 'only the rows on the screen are drawn');
    await page.getByText('60 rows').waitFor();
    await page.getByRole('button', { name: 'Show Memory by worker as chart' }).click();
    await chart(page, /^Memory by worker/).waitFor();
  });

  it('is saved as CSV with bare numbers, ISO times, units and nothing a spreadsheet would run', async () => {
    const page = await open();
    const { name, bytes } = await saved(page, 'Memory by worker', 'CSV table');
    assert.match(name, /^Memory-by-worker-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.csv$/);
    const lines = bytes.toString('utf8').split('\r\n');
    assert.equal(lines[0], '\uFEFFTime (UTC),worker-1 (MB),"\'=worker ""2"" (MB)",worker-3 (MB)');
    assert.equal(lines.length, 62);
    assert.match(lines[1] ?? '', /^2026-09-20T08:10:00\.000Z,[\d.]+,[\d.]+,[\d.]+$/);
    const gaps = (await saved(page, 'CPU', 'CSV table')).bytes.toString('utf8');
    assert.doesNotMatch(gaps, /NaN|Infinity|null|undefined/);
    assert.equal(gaps.split('\r\n').length, 1 + 108 + 1);
  });

  it('is saved as PNG with twice the pixels, on the background of the theme', async () => {
    const page = await open({ colorScheme: 'dark' });
    for (const name of ['CPU', 'Times as violins', 'Phase by run', 'Error rate']) {
      const { bytes } = await saved(page, name, 'PNG picture');
      assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
      assert.equal(bytes.readUInt32BE(16), 1920);
      const corner = await page.evaluate(cornerOf, bytes.toString('base64'));
      assert.deepEqual(corner, [31, 31, 31, 255]);
    }
  });

  it('is saved as SVG that says what the chart says, whatever its kind', async () => {
    const page = await open();
    const names = await page.evaluate(() =>
      [...window.gallery.charts.keys()].filter((one) => one !== 'Nothing'),
    );
    // Without the policy of the page, which forbids parsers.
    const blank = await pages.blank();
    for (const name of names) {
      const text = (await saved(page, name, 'SVG drawing')).bytes.toString('utf8');
      const root = await blank.evaluate(parsedOf, text);
      assert.equal(root.error, null, name);
      assert.equal(root.title.startsWith(name), true, root.title);
      assert.ok(root.texts.includes(name), name);
      assert.ok(root.shapes > 5, `${name}: ${root.shapes} shapes`);
      assert.doesNotMatch(text, /NaN|undefined|<script|\[object/);
    }
  });

  it('is saved as hatched SVG in high contrast', async () => {
    const page = await open({ colorScheme: 'light', contrast: 'more' });
    const text = (await saved(page, 'Time by phase', 'SVG drawing')).bytes.toString('utf8');
    assert.match(text, /<pattern id="hatch/);
    assert.match(text, /fill="url\(#hatch/);
  });

  it('says in a sentence that nothing was measured', async () => {
    const page = await open();
    await page.getByText('Nothing was measured in this time.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save Nothing' }).count(), 0);
  });

  it('is drawn in the colours of another theme as soon as it is chosen', async () => {
    const page = await open({ colorScheme: 'light' });
    const before = await inks(page, 'CPU');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((old) => {
      const canvas = window.gallery.charts.get('CPU')?.renderRoot.querySelector('canvas');
      return canvas?.toDataURL() !== old;
    }, before);
  });

  it('draws nothing for the same data, and takes less than 8 ms for six lines of 2,000 points @alone', async () => {
    const page = await open();
    const { same, times } = await page.evaluate(() => window.gallery.timed());
    assert.equal(same, 0, 'the same data again is no drawing');
    // The fastest quarter: the rest waited for other programs of this machine.
    times.sort((a, b) => a - b);
    const quarter = times[times.length >> 2] ?? Infinity;
    const most = times.at(-1) ?? Infinity;
    console.log(
      `      six lines of 2,000 points: ${quarter.toFixed(1)} ms, most ${most.toFixed(1)} ms`,
    );
    assert.ok(quarter < 8, `${quarter} ms`);
  });

  it('keeps its height when its data come, and lets go of all when it is taken away', async () => {
    const page = await open();
    const heights = await page.evaluate(async () => {
      const element = window.gallery.add('late', null);
      await element.updateComplete;
      const waiting = element.getBoundingClientRect().height;
      element.chart = window.gallery.specs['CPU'] ?? null;
      await element.updateComplete;
      const there = element.getBoundingClientRect().height;
      element.remove();
      return [waiting, there];
    });
    assert.equal(heights[0], heights[1]);
    await page.evaluate(() => window.gallery.charts.forEach((one) => one.remove()));
    await page.evaluate(() => window.gallery.app.crosshair.set(5));
  });
});

function right(count: number): string[] {
  return Array.from({ length: count }, () => 'ArrowRight');
}

const chart = (page: Page, name: RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('img', { name });

async function settled(page: Page, name: string): Promise<void> {
  await page.evaluate((one) => window.gallery.charts.get(one)?.scrollIntoView(), name);
  await page.waitForFunction((one) => {
    const canvas = window.gallery.charts.get(one)?.renderRoot.querySelector('canvas');
    return (canvas?.width ?? 300) !== 300;
  }, name);
  await page.evaluate(() => window.scrollTo(0, 0));
}

/** What is said after these keys. */
async function reading(page: Page, name: RegExp, keys: readonly string[]): Promise<string> {
  const one = chart(page, name);
  await one.scrollIntoViewIfNeeded();
  await one.focus();
  for (const key of keys) await page.keyboard.press(key);
  const said = one.locator('xpath=..').locator('[aria-live]');
  return ((await said.textContent()) ?? '').trim();
}

async function boxOf(
  page: Page,
  name: RegExp,
): Promise<{ x: number; y: number; width: number; height: number }> {
  await chart(page, name).scrollIntoViewIfNeeded();
  const box = await chart(page, name).boundingBox();
  assert.ok(box);
  return box;
}

const span = (page: Page): Promise<{ from: number; to: number }> =>
  page.evaluate(() => window.gallery.app.time.span());

async function saved(
  page: Page,
  name: string,
  what: string,
): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: `Save ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: `Save as ${what}` }).click();
  const handle = await page.waitForFunction(() => window.gallery.requests.shift());
  const request = (await handle.jsonValue()) as Extract<HostRequest, { action: 'save_file' }>;
  return { name: request.name, bytes: Buffer.from(request.base64, 'base64') };
}

const inks = (page: Page, name: string): Promise<string | undefined> =>
  page.evaluate(
    (one) => window.gallery.charts.get(one)?.renderRoot.querySelector('canvas')?.toDataURL(),
    name,
  );

/** In the page: the colour of the first pixel of a PNG. */
async function cornerOf(base64: string): Promise<number[]> {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
}

/** In the page: what an SVG holds. */
function parsedOf(text: string): {
  error: string | null;
  title: string;
  texts: string[];
  shapes: number;
} {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml');
  return {
    error: root.querySelector('parsererror')?.textContent ?? null,
    title: root.querySelector('title')?.textContent ?? '',
    texts: [...root.querySelectorAll('text')].map((one) => one.textContent ?? ''),
    shapes: root.querySelectorAll('path, text').length,
  };
}
