import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { ComparisonPage } from '../../service/protocol/compare.ts';
import { duration } from '../../service/protocol/describe.ts';
import type { JobStatistics } from '../../service/protocol/jobStatistics.ts';
import type { AlertRecord, JobRecord } from '../../service/protocol/record.ts';
import { axeViolations } from '../support/axe.ts';
import { type TestService, eventually, getJson, send, useServices } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { Pages } from './support/pages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const MINUTE = 60_000;

/** Run `n` of a pipeline: begins n minutes after the others did, takes 10 s and n more. */
function run(n: number, begin: number, { fails = false, pipeline = 'nightly' } = {}): object[] {
  const job_id = `run-${String(n).padStart(4, '0')}`;
  const at = (seconds: number) => ({ job_id, time: begin + n * MINUTE + seconds * 1000 });
  const end = 5 + (n % 40);
  const load = { phase_id: 'load', name: 'Load' };
  const train = { phase_id: 'train', name: 'Train' };
  return [
    { type: 'job.started', ...at(0), name: `Run ${n}`, pipeline, labels: { lane: `l${n % 2}` } },
    { type: 'phase.started', ...load, ...at(0) },
    { type: 'phase.completed', ...load, ...at(5) },
    { type: 'phase.started', ...train, depends_on: ['load'], ...at(5) },
    fails
      ? { type: 'phase.failed', ...train, error: { message: 'no space' }, ...at(5 + end) }
      : { type: 'phase.completed', ...train, ...at(5 + end) },
    { type: fails ? 'job.failed' : 'job.completed', ...at(5 + end) },
  ];
}

describe('past runs and alerts on the dashboard', () => {
  needsChromium();
  const start = useServices();
  const pages = new Pages();
  let service: TestService;
  const begin = Date.now() - 400 * MINUTE;

  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(async () => {
    await pages.reset();
    service = await start();
    const events = Array.from({ length: 300 }, (_, n) =>
      run(n, begin, { fails: n % 10 === 9, pipeline: n % 3 === 0 ? 'weekly' : 'nightly' }),
    );
    for (let n = 0; n < events.length; n += 100)
      await send(service, events.slice(n, n + 100).flat());
  });
  afterEach(() => pages.close());

  async function open(options = {}): Promise<Page> {
    const page = await pages.blank({ viewport: { width: 1400, height: 1000 }, ...options });
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    return page;
  }

  /** The region, scrolled to, with its code here. */
  async function region(page: Page, name: string): Promise<Locator> {
    await page.locator(`[data-region="${name}"]`).scrollIntoViewIfNeeded();
    const found = page.getByRole('region', { name, exact: true });
    await found.waitFor();
    await found.scrollIntoViewIfNeeded();
    return found;
  }

  const names = (of: Locator): Promise<string[]> => of.locator('tbody .open bdi').allTextContents();

  it('lists all runs as the service has them, page by page while it is scrolled', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.locator('.above').getByText('300 runs', { exact: true }).waitFor();
    await history.getByRole('button', { name: 'Run 299', exact: true }).waitFor();
    const { jobs } = await getJson<{ jobs: JobRecord[] }>(
      service,
      '/api/v1/jobs?order=newest&limit=5',
    );
    assert.deepEqual(
      (await names(history)).slice(0, 5),
      jobs.map(({ name }) => name),
    );
    await history.locator('.scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await history.getByRole('button', { name: 'Run 0', exact: true }).waitFor();
    assert.ok((await names(history)).length < 60, 'only what is on the screen is drawn');
    assert.deepEqual(pages.complaints, []);
  });

  it('says the figures that the service says for the same filter', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.getByRole('button', { name: 'failed', exact: true }).click();
    await history.getByRole('textbox', { name: 'Label, or label=value' }).fill('lane=l1');
    const path = '/api/v1/statistics/jobs?status=FAILED&label.lane=l1';
    const is = await getJson<JobStatistics>(service, path);
    assert.equal(is.executions_total, 30);
    await history.locator('.above').getByText('30 runs', { exact: true }).waitFor();
    const tiles = history.locator('.tiles > div');
    const values = await eventually(async () => {
      const all = await tiles.locator('dd:not(.caption)').allTextContents();
      return all[0] === '30' ? all : null;
    }, 'The tiles of the filtered runs');
    assert.deepEqual(values, [
      '30',
      '0 %',
      duration(is.p50_duration_ms),
      duration(is.p95_duration_ms),
    ]);
    await history.getByRole('button', { name: 'Clear All' }).click();
    await history.locator('.above').getByText('300 runs', { exact: true }).waitFor();
  });

  it('sorts by the heading, opens a run, and keeps both and the filter over a reload', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.getByRole('button', { name: 'Time', exact: true }).click();
    const path = '/api/v1/jobs?order=longest&limit=3';
    const { jobs } = await getJson<{ jobs: JobRecord[] }>(service, path);
    await history
      .getByRole('columnheader', { name: 'Time' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor();
    await eventually(
      async () => (await names(history)).slice(0, 3).join() === jobs.map(({ name }) => name).join(),
      'The longest runs first',
    );
    await history.getByRole('textbox', { name: 'Name or id' }).fill('Run 12');
    await history.locator('.above').getByText('11 runs', { exact: true }).waitFor();
    await history.getByRole('button', { name: 'Run 129', exact: true }).click();
    await page.reload();
    const again = await region(page, 'History');
    await again.locator('.above').getByText('11 runs', { exact: true }).waitFor();
    await again
      .locator('tr.selected')
      .getByRole('button', { name: 'Run 129', exact: true })
      .waitFor();
  });

  describe('with saved filters', () => {
    const picker = (history: Locator): Locator =>
      history.getByRole('combobox', { name: 'Saved filters' });
    const chip = (history: Locator, name: string): Locator =>
      history.getByRole('button', { name, exact: true });
    const counted = (history: Locator, words: string): Promise<void> =>
      history.locator('.above').getByText(words, { exact: true }).waitFor();
    const focused = (one: Locator): Promise<unknown> =>
      eventually(() => one.evaluate((element) => element.matches(':focus')), 'The focus');
    async function save(page: Page, history: Locator, name: string): Promise<void> {
      await chip(history, 'Save Filter').click();
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await history.getByRole('button', { name: `Forget the saved filter ${name}` }).waitFor();
    }

    it('has them in a new page, and in one that is open', async () => {
      const page = await open();
      const history = await region(page, 'History');
      const other = await page.context().newPage();
      await other.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
      const there = await region(other, 'History');
      await history.getByRole('textbox', { name: 'Name or id' }).fill('Run 12');
      await counted(history, '11 runs');
      await save(page, history, 'twelve');
      await picker(there).selectOption('twelve');
      await counted(there, '11 runs');
      await chip(there, 'Clear All').click();
      await chip(there, 'failed').click();
      await save(other, there, 'broken');
      const context = page.context();
      const later = await context.newPage();
      await page.close();
      await other.close();
      await later.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
      const again = await region(later, 'History');
      await counted(again, '300 runs');
      await picker(again).waitFor();
      const names = await picker(again).locator('option').allTextContents();
      assert.deepEqual(names, ['Saved filters', 'twelve', 'broken']);
      await picker(again).selectOption('broken');
      await counted(again, '30 runs');
      assert.deepEqual(pages.complaints, []);
    });

    it('has one of each name, and keeps the focus where they are changed', async () => {
      const page = await open();
      const history = await region(page, 'History');
      await chip(history, 'failed').click();
      await save(page, history, 'mine');
      await focused(picker(history));
      await chip(history, 'running').click();
      await chip(history, 'Save Filter').click();
      await page.keyboard.type('mine');
      await history.getByText('There is one of this name: Enter replaces it.').waitFor();
      await page.keyboard.press('Enter');
      await history.getByRole('button', { name: 'Forget the saved filter mine' }).waitFor();
      const names = picker(history).locator('option');
      assert.deepEqual(await names.allTextContents(), ['Saved filters', 'mine']);
      await chip(history, 'failed').click();
      await chip(history, 'failed').click();
      const forget = history.getByRole('button', { name: 'Forget the saved filter mine' });
      await forget.waitFor();
      await forget.click();
      await picker(history).waitFor({ state: 'detached' });
      await focused(chip(history, 'Save Filter'));
      assert.equal(await page.evaluate(() => localStorage.getItem('pipescope.layout')), null);
    });

    it('keeps fifty of them and says so, and carries them in the file of the layout', async () => {
      const page = await open();
      const saved = Array.from({ length: 50 }, (_, n) => ({
        name: `f${n}`,
        filter: { text: `${n}` },
      }));
      await page.evaluate(
        (all) =>
          localStorage.setItem(
            'pipescope.layout',
            JSON.stringify({ pipescope_layout: 1, history_filters: all }),
          ),
        saved,
      );
      await page.reload();
      const history = await region(page, 'History');
      await chip(history, 'failed').click();
      await chip(history, 'Save Filter').click();
      await page.keyboard.type('more');
      await page.keyboard.press('Enter');
      await history
        .getByText('There are 50 saved filters, which is the most. Forget one first.')
        .waitFor();
      await chip(page.locator('body'), 'Change the layout').click();
      const download = page.waitForEvent('download');
      const layout = page.getByRole('region', { name: 'Layout', exact: true });
      await chip(layout, 'Export').click();
      const file = await readFile(await (await download).path(), 'utf8');
      const { history_filters } = JSON.parse(file) as { history_filters: { name: string }[] };
      assert.deepEqual(
        history_filters.map(({ name }) => name),
        saved.map(({ name }) => name),
      );
      const take = async (filters: object[]): Promise<void> => {
        const chooser = page.waitForEvent('filechooser');
        await chip(page.locator('body'), 'Import').click();
        const buffer = Buffer.from(
          JSON.stringify({ pipescope_layout: 1, history_filters: filters }),
        );
        await (await chooser).setFiles({ name: 'a.json', mimeType: 'application/json', buffer });
      };
      await take([{ name: 'more', filter: {} }]);
      await page
        .getByText(/^The file was not imported\. history_filters: With yours they are 51/)
        .waitFor();
      await take([{ name: 'f1', filter: { days: 2 } }]);
      await page
        .getByText(
          'The file was not imported. history_filters[0].filter.days: Give one of 1, 7, 30.',
        )
        .waitFor();
      await take([{ name: 'f1', filter: { statuses: ['FAILED'] } }]);
      await chip(page.locator('body'), 'Reset to default').click();
      await chip(page.locator('body'), 'Save').click();
      const again = await region(page, 'History');
      await chip(again, 'Forget the saved filter f1').waitFor();
    });
  });

  it('counts new runs without moving what is read, and moves through rows by keys', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.getByRole('button', { name: 'Run 299', exact: true }).focus();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.textContent?.trim() ?? '';
      });
    const name = await eventually(async () => /^Run 2[78]\d$/.exec(await focused())?.[0], 'Focus');
    await send(service, run(400, Date.now() - 400 * MINUTE));
    await history.getByRole('button', { name: '1 new run' }).waitFor({ timeout: 15_000 });
    assert.equal(await focused(), name);
    await history.getByRole('button', { name: '1 new run' }).click();
    await history.getByRole('button', { name: 'Run 400', exact: true }).waitFor();
  });

  it('saves every run of the list as a file', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.locator('.above').getByText('300 runs', { exact: true }).waitFor();
    const download = page.waitForEvent('download');
    await history.getByRole('button', { name: 'Export as CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    const lines = text.trim().split('\r\n');
    assert.equal(lines.length, 301);
    assert.match(lines[1] ?? '', /^Run 299,run-0299,nightly,,FAILED,2\d{3}-/);
  });

  it('sets ticked runs beside each other with the numbers of the service', async () => {
    const page = await open();
    const history = await region(page, 'History');
    await history.getByRole('checkbox', { name: 'Compare Run 298' }).check();
    await history.getByRole('checkbox', { name: 'Compare Run 299' }).check();
    await history.getByRole('button', { name: 'Compare 2 runs' }).click();
    const compare = await region(page, 'Compare');
    const is = await getJson<ComparisonPage>(service, '/api/v1/jobs/run-0299/compare/run-0298');
    const row = compare.getByRole('row', { name: /train/ });
    const train = is.phases.find(({ phase_id }) => phase_id === 'train');
    await row.getByText(duration(train?.time_ms.job)).waitFor();
    await row.getByText('failed instead of completed').waitFor();
    await compare.getByText('They first differ at').waitFor();
    await compare.getByRole('checkbox', { name: 'Only differences' }).check();
    await compare.getByText('1 phase', { exact: true }).waitFor();
    const parameters = compare.getByRole('table', { name: 'Parameters that differ' });
    assert.equal(await parameters.getByRole('row').count(), is.parameters_total + 1);
    const download = page.waitForEvent('download');
    await compare.getByRole('button', { name: 'Export as CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    assert.equal(text.trim().split('\r\n').length, is.total + 1);
    assert.deepEqual(pages.complaints, []);
  });

  it('holds the shown run against the median of those before it by one click, and says why it cannot', async () => {
    const page = await open();
    const compare = await region(page, 'Compare');
    await compare.getByText('Pick two runs here or in History').waitFor();
    await compare.getByRole('button', { name: /with its last 10 runs/ }).click();
    const is = await getJson<ComparisonPage>(service, '/api/v1/jobs/run-0299/compare/median');
    assert.ok(is.other.kind === 'median');
    await compare.getByText(`the median of ${is.other.runs.length} runs`).first().waitFor();
    const totals = compare.getByRole('table', { name: 'In total' });
    await totals
      .getByRole('row', { name: /^Time/ })
      .getByText(duration(is.totals.time_ms.other))
      .waitFor();
    await compare.getByRole('button', { name: 'Clear', exact: true }).click();
    await compare.getByRole('combobox', { name: 'Pick a run' }).fill('run-0001');
    await page
      .getByRole('option', { name: /Run 1 / })
      .first()
      .click();
    await compare.getByText('Add the run that is compared with it.').waitFor();
  });

  it('looks through past alerts, acknowledges with a note, and resolves', async () => {
    const alerts = Array.from({ length: 120 }, (_, n) => ({
      ...{ type: 'alert.raised', id: `al-${n}`, title: `Alert ${n}`, component: 'job' },
      ...{ severity: n === 0 ? 'CRITICAL' : 'INFO', time: Date.now() - 1000 * (130 - n) },
    }));
    await send(service, alerts);
    const page = await open();
    const shown = await region(page, 'Alerts');
    await shown.getByRole('button', { name: 'Acknowledge with a note: Alert 0' }).click();
    await page.keyboard.type('disk is ordered');
    await page.keyboard.press('Enter');
    const stored = async (id: string): Promise<AlertRecord | undefined> => {
      const path = '/api/v1/alerts?text=Alert&limit=1000';
      const all = await getJson<{ alerts: AlertRecord[] }>(service, path);
      return all.alerts.find(({ alert_id }) => alert_id === id);
    };
    await eventually(async () => (await stored('al-0'))?.note === 'disk is ordered', 'The note');
    await shown.getByRole('tab', { name: /^Acknowledged 1/ }).click();
    await shown.getByText('acknowledged just now: disk is ordered').first().waitFor();
    await shown.getByRole('button', { name: 'Resolve Alert 0' }).click();
    await eventually(async () => (await stored('al-0'))?.active === false, 'The end of the alert');
    await shown.getByRole('tab', { name: 'History' }).click();
    await shown.getByRole('textbox', { name: 'Title, component or job' }).fill('Alert 11');
    await shown.getByText('11 alerts', { exact: true }).waitFor();
    const found = await getJson<{ alerts: AlertRecord[]; total: number }>(
      ...([service, '/api/v1/alerts?text=Alert%2011&order=newest'] as const),
    );
    assert.equal(found.total, 11);
    await eventually(
      async () =>
        (await shown.locator('li .head bdi').first().textContent()) === found.alerts[0]?.title,
      'The newest alert first',
    );
    assert.deepEqual(pages.complaints, []);
  });

  it('acknowledges what is selected, with one note', async () => {
    const raised = ['one', 'two', 'three'].map((title, n) => ({
      ...{ type: 'alert.raised', id: title, title, severity: 'CRITICAL', component: 'job' },
      time: Date.now() - n * 1000,
    }));
    await send(service, raised);
    const page = await open();
    const shown = await region(page, 'Alerts');
    await shown.getByRole('checkbox', { name: 'Select one' }).check();
    await shown.getByRole('checkbox', { name: 'Select three' }).check();
    await shown.getByRole('textbox', { name: 'Note on the selected alerts' }).fill('known');
    await shown.getByRole('button', { name: 'Acknowledge Selected' }).click();
    await shown.getByRole('tab', { name: /^Acknowledged 2/ }).waitFor();
    const path = '/api/v1/alerts?acknowledged=true';
    const { alerts } = await getJson<{ alerts: AlertRecord[] }>(service, path);
    assert.deepEqual(alerts.map(({ title, note }) => [title, note]).sort(), [
      ['one', 'known'],
      ['three', 'known'],
    ]);
  });

  it('has nothing that axe finds in the three regions, in any theme', async () => {
    const page = await open({ bypassCSP: true });
    const compare = await region(page, 'Compare');
    await compare.getByRole('button', { name: /with its last 10 runs/ }).click();
    await compare.getByRole('table', { name: 'In total' }).waitFor();
    await region(page, 'Alerts');
    await (await region(page, 'History')).getByText('300 runs', { exact: true }).waitFor();
    const found = await inEachTheme(page, () => axeViolations(page));
    const mine = found.filter((one) => /pipescope-(history|compare|alert|run-picker)/.test(one));
    assert.deepEqual(mine, []);
  }).timeout(IN_EACH_THEME_MS);
});
