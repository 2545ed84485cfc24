import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { duration, memory } from '../../service/protocol/describe.ts';
import type { JobRecord, PhaseRecord } from '../../service/protocol/record.ts';
import { layoutJson } from '../../webview/layout.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { systemEvents } from '../support/systemEvents.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';
import { useLive } from './support/livePages.ts';

const MINUTE = 60_000;
const JOB = 'hostile-1';
const NAME = '<img src=x onerror="document.title=\'owned\'"> \u05d0\u05d1\u0007';
const PHASES = 60;

/** A run with more phases than a table draws at once, one failed; behind it work of all kinds. */
function events(now: number): object[] {
  const of = { job_id: JOB };
  const start = now - MINUTE;
  const phases = Array.from({ length: PHASES }, (_, n) => {
    const phase = { ...of, phase_id: `P${n}`, name: n === 3 ? `</td>${NAME}` : `Part ${n}` };
    const time = start + n * 500;
    return [
      { type: 'phase.started', ...phase, time },
      n === 7
        ? { type: 'phase.failed', ...phase, time: time + 400, error: { message: '<b>bad</b>' } }
        : { type: 'phase.completed', ...phase, time: time + 400 },
    ];
  });
  const samples = Array.from({ length: 30 }, (_, n) => ({
    ...{ ...of, type: 'resource.sampled', cpu_percent: n, memory_mb: 100 + n },
    time: start + n * 1000,
  }));
  return [
    ...systemEvents(now),
    { type: 'job.started', ...of, name: NAME, pipeline: 'p', time: start },
    ...phases.flat(),
    ...samples,
    { type: 'job.failed', ...of, time: now - 20_000 },
    ...Array.from({ length: 5 }, (_, n) => ({
      ...{ type: 'metric.recorded', name: 'depth', value: n, time: start + n * 1000 },
    })),
  ];
}

const WIDGET = {
  ...{ id: 'widget-1', title: 'Depth of <i>lanes</i>', metric: 'depth', labels: {} },
  ...{ aggregation: null, group_by: [], chart: 'line' as const },
};
/** Phases and a widget first; Compare and Bottlenecks are hidden. */
const LAYOUT = {
  ...layoutJson({ items: [], emptyRegions: true, filters: [] }),
  items: [
    { region: 'Phases', width: 'full', height: 'normal', shown: true },
    { widget: WIDGET, width: 'half', height: 'normal', shown: true },
    { region: 'Compare', width: 'full', height: 'normal', shown: false },
    { region: 'Bottlenecks', width: 'full', height: 'normal', shown: false },
  ],
};

describe('the report of the page', function () {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });
  const folder = makeTempDir('report');
  after(() => removeTempDir(folder));

  const openPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await live().pages.blank(options);
    await page.addInitScript(
      ([layout, view]) => {
        localStorage.setItem('pipescope.layout', layout);
        if (sessionStorage.getItem('pipescope.view') === null)
          sessionStorage.setItem('pipescope.view', view);
      },
      [JSON.stringify(LAYOUT), JSON.stringify({ job: JOB })] as const,
    );
    const { url, tokens } = live().service;
    await page.goto(`${url}/enhanced-monitor#token=${tokens.admin}`);
    await page.getByRole('region', { name: 'Phases', exact: true }).getByText('P0 ').waitFor();
    return page;
  };
  const begin = async (page: Page, [menu, item]: [string, RegExp]): Promise<void> => {
    await page.getByRole('button', { name: menu, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const ENGLISH: [string, RegExp] = ['Export', /^Save page as HTML report/];
  /** The report in a page of its own, from a file; everything it asks for is told. */
  const opened = async (page: Page, words = ENGLISH): Promise<[Page, string, string[]]> => {
    const download = page.waitForEvent('download');
    await begin(page, words);
    const file = join(folder, `${Date.now()}.html`);
    assert.match((await download).suggestedFilename(), /^[\p{L}\w.-]+\.html$/u);
    await (await download).saveAs(file);
    const report = await live().pages.blank();
    const asked: string[] = [];
    report.on('request', (request) => asked.push(request.url()));
    await report.goto(pathToFileURL(file).href);
    return [report, await readFile(file, 'utf8'), asked];
  };
  const section = (report: Page, title: string) =>
    report.locator('section', {
      has: report.getByRole('heading', { name: title, exact: true, level: 2 }),
    });

  it('holds each region that is shown, in its place, also those nobody scrolled to, and asks for nothing', async () => {
    const page = await openPage();
    const titles = await page
      .locator('[data-region]')
      .evaluateAll((frames) => frames.map((frame) => frame.getAttribute('data-region')));
    const [report, html, asked] = await opened(page);
    assert.equal(asked.length, 1, asked.join());
    const shown = titles.map((title) => (title === 'widget:widget-1' ? WIDGET.title : title));
    assert.deepEqual(await report.locator('section > h2').allTextContents(), shown);
    assert.ok(shown.includes('History') && shown.includes('Workers') && !shown.includes('Compare'));
    assert.ok(shown.includes(WIDGET.title));
    const reaching = await report
      .locator('*')
      .evaluateAll((all) =>
        all.flatMap(({ localName, attributes }) => [
          ...(/^(?:script|link|img|iframe|object|button|input|a)$/.test(localName)
            ? [localName]
            : []),
          ...[...attributes].flatMap(({ name }) =>
            /^(?:on|src|href|xlink)/.test(name) ? [name] : [],
          ),
        ]),
      );
    assert.deepEqual(reaching, []);
    assert.ok(html.includes(`Content-Security-Policy" content="default-src 'none'; `));
    assert.equal((await report.locator('section svg').count()) > 15, true, 'drawings');
    assert.equal(await report.locator('text=/could not|still on its way/').count(), 0);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, 'an id stands for one thing');
  });

  it('says what REST says: all rows of long tables, numbers of charts, facts of the run', async () => {
    const [report] = await opened(await openPage());
    const { service } = live();
    const job = await getJson<JobRecord>(service, `/api/v1/jobs/${JOB}`);
    const facts = await report.locator('.ps-facts tr').allInnerTexts();
    assert.ok(facts.includes(`Job\t${JOB}`), facts.join('; '));
    assert.ok(facts.includes(`Time\t${duration(job.duration_ms)}`));
    assert.match(facts.join('\n'), /Time shown\tThis run: .+ – .+/);
    const { phases } = await getJson<{ phases: PhaseRecord[] }>(
      service,
      `/api/v1/monitoring/jobs/${JOB}/phases?limit=500`,
    );
    assert.equal(phases.length, PHASES);
    const rows = await section(report, 'Phases').locator('tbody tr').allInnerTexts();
    assert.equal(rows.length, PHASES, 'more than are drawn at once');
    for (const [index, { phase_id, execution_time_ms }] of phases.entries()) {
      assert.ok(rows[index]?.startsWith(`${phase_id} `), rows[index]);
      assert.ok(rows[index]?.includes(duration(execution_time_ms)), rows[index]);
    }
    const runs = await getJson<{ total: number }>(service, '/api/v1/jobs?limit=1');
    const table = section(report, 'History').locator('xpath=.//table[not(ancestor::details)]');
    assert.equal(await table.locator('tbody tr').count(), runs.total);
    const resources = section(report, 'Resources');
    await resources.getByText('Memory as a table').click();
    await resources
      .getByRole('cell', { name: memory(129), exact: true })
      .first()
      .waitFor();
    await section(report, 'Workers').getByRole('cell', { name: 'cpu-1' }).first().waitFor();
  });

  it('shows hostile names as text, each with its own direction', async () => {
    const [report, html] = await opened(await openPage());
    const shown = NAME.replace('\u0007', '\ufffd');
    assert.equal(await report.locator('h1 > bdi').textContent(), `${shown}: failed`);
    assert.match(await report.title(), /^<img src=x .*: failed$/);
    assert.equal(await report.locator('img').count(), 0);
    assert.doesNotMatch(html, /<b>bad|\u0007/);
    await section(report, 'Phases').getByText('<b>bad</b>').waitFor();
    const name = section(report, 'Phases').locator('bdi', { hasText: `P3 </td>${shown}` });
    assert.equal(await name.count(), 1);
  });

  it('is light, and goes on paper without cutting drawings and rows', async () => {
    const page = await openPage({ colorScheme: 'dark', contrast: 'more' });
    const [report, html] = await opened(page);
    assert.equal(
      await report.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
      'rgb(255, 255, 255)',
    );
    assert.match(html, /<rect[^>]* fill="#fff/i);
    assert.doesNotMatch(html, /fill="(?:#000|rgb\(0,0,0\))"/, 'the theme of the page is not in it');
    await report.emulateMedia({ media: 'print' });
    const breaks = await report
      .locator('figure:not(:has([open])), tr, svg')
      .evaluateAll((all) => new Set(all.map((one) => getComputedStyle(one).breakInside)).size);
    assert.equal(breaks, 1);
    const pdf = await report.pdf({ format: 'A4' });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages >= 3 && pages < 40, `${pages} pages`);
    const wide = await report.evaluate(() => document.documentElement.scrollWidth);
    await report.setViewportSize({ width: 690, height: 900 });
    const narrow = await report.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(narrow <= 690, `${narrow} of ${wide} pixels on A4`);
  });

  it('speaks the language of the page', async () => {
    const german: [string, RegExp] = ['Exportieren', /^Seite als HTML-Bericht speichern/];
    const [report] = await opened(await openPage({ locale: 'de-DE' }), german);
    assert.equal(await report.locator('html').getAttribute('lang'), 'de-DE');
    await section(report, 'Phasen').getByRole('columnheader', { name: 'Warnungen' }).waitFor();
    assert.match(await report.locator('.ps-facts').innerText(), /Gezeigte Zeit/);
  });

  it('is cancelled without a file, and the page is as it was', async () => {
    const page = await openPage();
    const downloads: unknown[] = [];
    page.on('download', (download) => downloads.push(download));
    // An answer that takes its time.
    await page.route(/\/api\/v1\/statistics\/jobs\?/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue().catch(() => undefined);
    });
    await begin(page, ENGLISH);
    const dialog = page.getByRole('dialog', { name: 'Report of the page' });
    await dialog.getByText(/Region \d+ of \d+: History/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    const rows = page.getByRole('table', { name: 'Phases', exact: true }).locator('tbody tr');
    assert.ok((await rows.count()) < PHASES, 'only what is on the screen is drawn');
    await page.waitForTimeout(500);
    assert.deepEqual(downloads, []);
  });

  it('names a region that does not come in time', async function () {
    this.timeout(60_000);
    const page = await openPage();
    await page.route(/\/assets\/cache-/, (route) => route.abort());
    await page.reload();
    await page.getByRole('region', { name: 'Phases', exact: true }).getByText('P0 ').waitFor();
    const [report] = await opened(page);
    await report.getByText('Not in this report, because it did not come in time: Cache.').waitFor();
    assert.equal(await section(report, 'Cache').count(), 0);
    assert.equal(await section(report, 'History').count(), 1);
    live().pages.complaints.length = 0;
  });
});
