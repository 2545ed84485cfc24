import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { needsChromium } from '../support/skip.ts';
import {
  alert,
  dashboardFrame,
  emptyFrame,
  FAILED_JOB,
  job,
  phase,
  RUNNING_JOB,
} from '../fixtures/frames.ts';
import { TOKEN } from './support/dashboardServer.ts';
import { Pages } from './support/pages.ts';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the dashboard in a browser', () => {
  needsChromium();
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  it('has its regions, in reading order, with what the records say', async () => {
    const page = await pages.dashboard();
    await page.setViewportSize({ width: 1280, height: 6000 });
    await region(page, 'History').waitFor();
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
    const names = [
      ...['Overview', 'Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance'],
      ...['Bottlenecks', 'Alerts', 'History', 'Compare'],
    ];
    assert.deepEqual(
      headings.filter((heading) => names.includes(heading)),
      names,
    );
    await region(page, 'Overview').getByText('5 of 10 phases done').waitFor();
    assert.equal(
      await region(page, 'Pipeline flow')
        .getByRole('button', { name: /^P\d\d / })
        .count(),
      10,
    );
    assert.equal(await region(page, 'Timeline').getByRole('option').count(), 13);
    assert.equal(await region(page, 'Phases').getByRole('row').count(), 11);
    assert.equal(await region(page, 'Resources').locator('canvas').count(), 2);
    await region(page, 'Alerts').getByText('High memory in P05 Near-Duplicate Detection').waitFor();
  });

  it('fetches the code of its first region first, and nothing else until that shows its records', async () => {
    const page = await pages.blank();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const regions = () =>
      asked.filter((path) => /assets\/(overview|flow|timeline|phases)-/.test(path));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/assets/overview-*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await page.getByRole('button', { name: 'Layout' }).first().waitFor();
    await page.waitForTimeout(300);
    assert.match(regions().join(), /^[^,]*overview-[^,]*$/);
    release();
    await region(page, 'Timeline').waitFor();
  });

  it('takes the token out of the address at once and sends it in the first frame only', async () => {
    const page = await pages.dashboard();
    assert.equal(await page.evaluate(() => location.href), pages.server.url);
    assert.equal(pages.server.hellos[0]?.token, TOKEN);
    assert.equal((await page.content()).includes(TOKEN), false);
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('asks for the token when it has none, and again when it is refused', async () => {
    const page = await pages.blank();
    await page.goto(pages.server.url);
    await page.getByText('to open this page with its access token.').waitFor();
    await page.getByLabel(/paste the admin token/).fill('wrong');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('The service does not accept this access token.').waitFor();
    await page.getByLabel(/paste the admin token/).fill(TOKEN);
    await page.keyboard.press('Enter');
    await region(page, 'Overview').waitFor();
  });

  it('shows a change of a phase within 300 ms @alone', async () => {
    const page = await pages.dashboard();
    const times: number[] = [];
    for (let n = 0; n < 15; n++) {
      const name = `Measured ${n}`;
      const seen = page.waitForFunction(
        (text) => {
          const root = document.querySelector('pipescope-dashboard')?.shadowRoot;
          return root?.querySelector('pipescope-phases')?.shadowRoot?.textContent?.includes(text);
        },
        name,
        { polling: 'raf' },
      );
      const start = performance.now();
      pages.server.send(emptyFrame({ phases: [phase({ phase_id: 'P09', name, index: 9 })] }));
      await seen;
      times.push(performance.now() - start);
      await page.waitForTimeout(300);
    }
    times.sort((a, b) => a - b);
    console.log(
      `      frame to DOM: median ${times[7]?.toFixed(0)} ms, most ${times[14]?.toFixed(0)} ms`,
    );
    assert.ok((times[7] ?? Infinity) < 300);
  });

  it('shows a new run by itself, and keeps to a job that was picked', async () => {
    const page = await pages.dashboard();
    const picker = page.getByRole('button', { name: /Choose another job/ });
    const soon = (n: number): string => new Date(Date.now() + n * 1000).toISOString();
    pages.server.send(
      emptyFrame({ jobs: [job({ job_id: 'next', name: 'next run', started_at: soon(1) })] }),
    );
    await page.getByRole('button', { name: 'Job: next run. Choose another job' }).waitFor();
    await picker.click();
    await page.getByRole('combobox', { name: 'Search jobs' }).fill('481');
    await page.keyboard.press('Enter');
    await page.getByText('failed', { exact: true }).first().waitFor();
    assert.deepEqual(pages.server.commands.at(-1)?.command, 'topics.set');
    pages.server.send(
      emptyFrame({ jobs: [job({ job_id: 'later', name: 'later run', started_at: soon(9) })] }),
    );
    await page.waitForTimeout(400);
    assert.equal(await picker.getAttribute('title'), FAILED_JOB);
    await page.reload();
    await region(page, 'Overview').waitFor();
    assert.equal(await picker.getAttribute('title'), FAILED_JOB);
  });

  it('keeps what it knew when the line breaks, says since when, and resumes', async () => {
    const page = await pages.dashboard();
    const { seq } = { seq: 1 };
    await pages.server.stop();
    await page
      .getByText(/^Not connected since .* Showing what was known then\. Retrying\./)
      .waitFor();
    assert.equal(await region(page, 'Phases').getByRole('row').count(), 11);
    await pages.server.restart();
    await page.getByText('Live', { exact: true }).waitFor();
    const hello = pages.server.hellos.at(-1);
    assert.ok((hello?.since ?? 0) > seq && hello?.epoch === 'epoch-1');
    assert.ok(hello?.topics.includes(`job:${RUNNING_JOB}`));
    // A closed port is reported by the browser itself, for the socket and for what is asked meanwhile.
    const isRefused = (text: string) => /WebSocket connection to|ERR_CONNECTION_REFUSED/.test(text);
    pages.complaints = pages.complaints.filter((text) => !isRefused(text));
  });

  it('sorts and filters phases, and opens one for its error, log and artifacts', async () => {
    const page = await pages.dashboard();
    const table = region(page, 'Phases');
    await page.keyboard.press('/');
    // The code of the region may be on its way.
    await table.locator('input:focus').waitFor();
    await page.keyboard.type('p0 split');
    await table.getByText('1 of 10 phases match.').waitFor();
    await page.keyboard.press('Escape');
    await table.getByRole('button', { name: 'Time', exact: true }).click();
    await table
      .getByRole('columnheader', { name: 'Time' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor();
    assert.match((await table.getByRole('row').nth(1).textContent()) ?? '', /P03 Tokenising/);
    await table.getByRole('button', { name: /^P02 Splitting/ }).click();
    await table.getByText('Markdown pages').waitFor();
    await table.getByText('out/p02/splitting.json').waitFor();
  });

  it('selects a phase everywhere by the keyboard', async () => {
    const page = await pages.dashboard();
    await region(page, 'Timeline').getByRole('listbox').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await region(page, 'Pipeline flow')
      .getByRole('button', { name: /^P02/, pressed: true })
      .waitFor();
    await region(page, 'Phases').getByText('Text pages').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard keys' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('zooms the timeline by keys, and shows all of it again', async () => {
    const page = await pages.dashboard();
    const timeline = region(page, 'Timeline');
    const reset = timeline.getByRole('button', { name: 'Show the whole time' });
    await timeline.getByRole('listbox').focus();
    const isZoomed = (): boolean =>
      sessionStorage.getItem('pipescope.view')?.includes('"kind":"between"') === true;
    await page.keyboard.press('+');
    await page.waitForFunction(isZoomed);
    await reset.click();
    await page.waitForFunction(
      () => sessionStorage.getItem('pipescope.view')?.includes('"kind":"run"') === true,
    );
  });

  it('acknowledges alerts by commands, and says why one was refused', async () => {
    const page = await pages.dashboard();
    await region(page, 'Alerts')
      .getByRole('button', { name: 'Acknowledge P03 Tokenising is slow' })
      .click();
    await region(page, 'Alerts').getByRole('button', { name: 'Acknowledge All' }).click();
    await region(page, 'Alerts')
      .getByRole('tab', { name: /^Acknowledged/ })
      .click();
    await region(page, 'Alerts').getByRole('button', { name: 'Clear Acknowledged' }).click();
    await region(page, 'Alerts')
      .getByRole('tab', { name: /^Active/ })
      .click();
    pages.server.send(emptyFrame({ alerts: [alert({ alert_id: 'gone', title: 'Old one' })] }));
    await region(page, 'Alerts').getByRole('button', { name: 'Acknowledge Old one' }).click();
    await page.getByText('There is no alert with this id.').waitFor();
    const sent = pages.server.commands.filter(({ command }) => command.startsWith('alert.'));
    assert.deepEqual(
      sent.map(({ command }) => command),
      [
        'alert.acknowledge',
        'alert.acknowledge_all',
        'alert.clear_acknowledged',
        'alert.acknowledge',
      ],
    );
    const acknowledged = alert({
      ...dashboardFrame(Date.now()).alerts[1]!,
      acknowledged: true,
      acknowledged_at: new Date().toISOString(),
      seq: 1e9,
    });
    pages.server.send(emptyFrame({ alerts: [acknowledged] }));
    await region(page, 'Alerts')
      .getByRole('tab', { name: /Acknowledged\s+2/ })
      .click();
    await region(page, 'Alerts')
      .getByText(/acknowledged just now/)
      .first()
      .waitFor();
  });

  it('saves an export that it fetched with the token in a header', async () => {
    const page = await pages.dashboard();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Export as CSV/ }).click();
    assert.equal((await download).suggestedFilename(), `${RUNNING_JOB}.csv`);
    assert.deepEqual(pages.server.exports, [
      {
        url: `/api/v1/monitoring/export/${RUNNING_JOB}?format=csv`,
        authorization: `Bearer ${TOKEN}`,
      },
    ]);
  });

  it('shows the numbers of the charts at a crosshair, and as a table', async () => {
    const page = await pages.dashboard();
    const resources = region(page, 'Resources');
    await resources.getByRole('img', { name: /^CPU against time/ }).focus();
    await page.keyboard.press('End');
    await resources.getByText(/ · CPU \d+ % · Memory [\d.]+ [MG]B/).waitFor();
    await resources.getByRole('button', { name: 'Show as table' }).click();
    for (const name of ['CPU', 'Memory']) {
      const table = resources.getByRole('table', { name, exact: true });
      assert.ok(Number(await table.getAttribute('aria-rowcount')) > 50);
      assert.ok((await table.getByRole('row').count()) > 5);
    }
  });

  it('shows hostile names as text', async () => {
    const page = await pages.dashboard();
    const evil =
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    pages.server.send(
      emptyFrame({
        jobs: [
          job({
            job_id: evil,
            name: evil,
            started_at: new Date(Date.now() + 5000).toISOString(),
            phases_total: 1,
          }),
        ],
        alerts: [
          alert({
            alert_id: evil,
            title: evil,
            description: evil,
            severity: 'CRITICAL',
            metric: evil,
            value: 1,
          }),
        ],
      }),
    );
    await page.waitForTimeout(300);
    const error = { message: evil, type: evil, stack: evil, file: evil };
    const hostile = phase({
      job_id: evil,
      phase_id: evil,
      name: evil,
      status: 'FAILED',
      error,
      message: evil,
      reason: evil,
      metrics: { [evil]: evil },
      depends_on: [evil],
      started_at: new Date().toISOString(),
    });
    pages.server.send(emptyFrame({ phases: [hostile] }));
    await region(page, 'Phases').getByRole('button', { name: evil }).first().click();
    await region(page, 'Phases').locator('pre', { hasText: 'onerror' }).waitFor();
    await region(page, 'Alerts').getByText(evil).first().waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.equal(await page.title(), 'Pipescope');
  });

  it('names the next step when there is nothing to show', async () => {
    pages.server.first = () => emptyFrame({ reset: true });
    const page = await pages.blank();
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await page.getByText('No jobs so far').waitFor();
    await page.getByText('npm run demo').waitFor();
  });
});
