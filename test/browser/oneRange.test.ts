import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Range } from '../../webview/view.ts';
import { needsChromium } from '../support/skip.ts';
import { useLive } from './support/livePages.ts';

const T0 = Date.now() - 400_000;

/** A run of 300 s with five phases, and what it used. */
function events(): object[] {
  const job_id = 'nightly';
  const at = (second: number): { time: number } => ({ time: T0 + second * 1000 });
  return [
    { type: 'job.started', job_id, name: 'Nightly', pipeline: 'nightly', ...at(0) },
    ...Array.from({ length: 5 }, (_, n) => [
      { type: 'phase.started', job_id, phase_id: `P${n}`, ...at(n * 60) },
      { type: 'phase.completed', job_id, phase_id: `P${n}`, ...at(n * 60 + 60) },
    ]).flat(),
    ...Array.from({ length: 100 }, (_, n) => ({
      ...{ type: 'resource.sampled', job_id, cpu_percent: n, memory_mb: 100 + n },
      ...at(n * 3),
    })),
    { type: 'job.completed', job_id, ...at(300) },
  ];
}

describe('one range of time for the timeline and all charts', () => {
  needsChromium();
  const live = useLive(events);
  const open = async (): Promise<Page> => {
    const page = await live().pages.blank();
    const { service } = live();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await rows(page).first().waitFor();
    return page;
  };
  const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', exact: true });
  const rows = (page: Page) => timeline(page).getByRole('option');
  /** The range of the page, as it is kept. */
  const range = (page: Page): Promise<Range> =>
    page.evaluate(
      () =>
        (JSON.parse(sessionStorage.getItem('pipescope.view') ?? '{}') as { range: Range }).range,
    );
  const rangeIs = (page: Page, kind: Range['kind']): Promise<unknown> =>
    page.waitForFunction(
      (text) => sessionStorage.getItem('pipescope.view')?.includes(text),
      `"range":{"kind":"${kind}"`,
    );
  /** The plot, and its place on the screen by a share of its width. */
  const plotOf = async (page: Page) => {
    const plot = timeline(page).locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    assert.ok(box);
    return { y: box.y + 30, x: (share: number): number => box.x + share * box.width };
  };
  const drag = async (page: Page, from: [number, number], to: [number, number]): Promise<void> => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 4 });
    await page.mouse.up();
  };

  it('zooms the range of the page to the frame that is drawn, and back by a double click', async () => {
    const page = await open();
    const { x, y } = await plotOf(page);
    await drag(page, [x(0.25), y], [x(0.5), y + 10]);
    await rangeIs(page, 'between');
    const part = await range(page);
    assert.ok(part.kind === 'between');
    // The whole is 300 s and a little room behind them.
    const near = (time: number, second: number): boolean =>
      Math.abs(time - T0 - second * 1000) < 1_500;
    assert.ok(near(part.from, 79.5) && near(part.to, 159), JSON.stringify(part));
    await timeline(page).locator('.axis text').filter({ hasText: '1m 20s' }).waitFor();
    await page.mouse.dblclick(x(0.4), y);
    await rangeIs(page, 'run');
  });

  it('follows the wheel at once and asks the service when it has come to rest', async () => {
    const page = await open();
    await page.locator('[data-region="Resources"]').evaluate((one) => one.scrollIntoView());
    await page.waitForTimeout(1_000);
    await plotOf(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    // In the page, at the pace of a wheel: through the line of the test the steps would come too far apart.
    const drawn = await timeline(page)
      .locator('.plot')
      .evaluate(async (plot) => {
        const { left, width } = plot.getBoundingClientRect();
        const axes: string[] = [];
        for (let step = 0; step < 8; step++) {
          const turn = { ctrlKey: true, deltaY: -100, clientX: left + width / 2 };
          plot.dispatchEvent(
            new WheelEvent('wheel', { ...turn, bubbles: true, composed: true, cancelable: true }),
          );
          await new Promise((done) => setTimeout(done, 60));
          const axis = (plot.getRootNode() as ShadowRoot).querySelectorAll('.axis text');
          axes.push([...axis].map((text) => text.textContent).join());
        }
        return axes;
      });
    assert.equal(new Set(drawn).size, drawn.length, 'the timeline stood still at a step');
    const series = (): string[] => asked.filter((url) => url.includes('from='));
    assert.deepEqual(series(), [], 'asked while the wheel turned');
    assert.equal((await range(page)).kind, 'run');
    await rangeIs(page, 'between');
    const part = await range(page);
    await page.waitForTimeout(500);
    assert.ok(part.kind === 'between' && series().length > 0);
    const own = `from=${Math.floor(part.from)}&to=${Math.ceil(part.to)}`;
    for (const url of series()) assert.ok(url.includes(own), url);
    assert.equal(new Set(series()).size, series().length, 'a question was asked twice');
    await page.getByRole('button', { name: 'Back to the range before' }).click();
    await rangeIs(page, 'run');
    assert.equal(await page.getByRole('button', { name: 'Back to the range before' }).count(), 0);
  });

  it('is zoomed by a part that is marked in a chart, and shares the moment that is pointed at', async () => {
    const page = await open();
    await page.locator('[data-region="Resources"]').evaluate((one) => one.scrollIntoView());
    const chart = page.getByRole('region', { name: 'Resources', exact: true }).locator('.canvas');
    await chart.first().waitFor();
    await chart.first().scrollIntoViewIfNeeded();
    const box = await chart.first().boundingBox();
    assert.ok(box);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.6, y);
    const moment = await timeline(page).locator('.cross span').textContent();
    assert.match(moment ?? '', /^\d\d:\d\d:\d\d/);
    await drag(page, [box.x + box.width * 0.4, y], [box.x + box.width * 0.6, y]);
    await rangeIs(page, 'between');
    const part = await range(page);
    assert.ok(part.kind === 'between');
    const first = await timeline(page).locator('.axis text').first().textContent();
    const seconds = (part.from - T0) / 1000;
    assert.ok(seconds > 60 && seconds < 200 && first !== '0', `${seconds} s: ${first}`);
    await timeline(page).getByRole('button', { name: 'Show the whole time' }).click();
    await rangeIs(page, 'run');
    const plot = await plotOf(page);
    await page.mouse.move(plot.x(0.5), plot.y);
    await chart.first().locator('.cross').waitFor({ state: 'attached' });
  });

  it('says that the run is outside of the range of the page, and leads back to it', async () => {
    const page = await open();
    await page.evaluate((at) => {
      const view = JSON.parse(sessionStorage.getItem('pipescope.view') ?? '{}') as object;
      const other = { ...view, range: { kind: 'between', from: at - 2e6, to: at - 1e6 } };
      sessionStorage.setItem('pipescope.view', JSON.stringify(other));
    }, T0);
    await page.reload();
    await timeline(page)
      .getByText(/^This run is outside of the time that is shown: /)
      .waitFor();
    assert.equal(await rows(page).count(), 0);
    await timeline(page).getByRole('button', { name: 'Show This Run' }).click();
    await rows(page).first().waitFor();
    await rangeIs(page, 'run');
  });
});
