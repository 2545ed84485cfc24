import assert from 'node:assert/strict';
import type { RegionName } from '../../webview/regionNames.ts';
import { until } from '../src/wire/until.ts';
import { needsVscode } from '../support/skip.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { openContainer, runCommand, tree } from '../support/vscode/ui/index.ts';
import {
  bringUp,
  complaints,
  dashboard,
  REGIONS,
  region,
  statusReads,
} from './support/pipescope.ts';
import { failedJob, progressEvent, runningJob } from './support/reports.ts';

const SAMPLES = 15;

describe('the dashboard in VS Code', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await session.postEvents([
      ...failedJob('orders-7', 'orders'),
      ...runningJob('nightly-9', 'nightly'),
    ]);
    await tree.row(session.page, 'nightly', 'Jobs').waitFor();
  });
  after(() => session?.close());

  const picker = (job: string) =>
    dashboard(session.page).getByRole('button', { name: `Job: ${job}. Choose another job` });
  const shows = async (name: RegionName, text: string | RegExp): Promise<void> => {
    const shown = await bringUp(session.page, name);
    await shown.getByText(text).first().waitFor();
  };

  it('opens by its command and shows the job that runs in every region', async () => {
    await runCommand(session.page, 'Pipescope: Open Dashboard');
    await picker('nightly').waitFor();
    const headings = dashboard(session.page).getByRole('heading', { level: 2 });
    // The code of what is below the screen comes after the first view.
    await headings.nth(REGIONS.length - 1).waitFor({ state: 'attached' });
    assert.deepEqual(await headings.allTextContents(), REGIONS);
    await shows('Overview', /^41$|^41 %$/);
    await shows('Overview', '1 of 3 phases done');
    for (const place of ['Pipeline flow', 'Phases'] as const) {
      const shown = await bringUp(session.page, place);
      for (const name of ['P00 Import', 'P01 Transform', 'P02 Load'])
        await shown.getByRole('button', { name }).waitFor();
    }
    const timeline = await bringUp(session.page, 'Timeline');
    await timeline
      .getByRole('option', { name: /P00 Import/ })
      .first()
      .waitFor();
    const charts = (await bringUp(session.page, 'Resources')).getByRole('img');
    await charts.nth(1).waitFor();
    const names = await charts.evaluateAll((all) =>
      all.map((one) => one.getAttribute('aria-label')),
    );
    assert.match(names.join('\n'), /^CPU against time: now 10 % · average 30 % · highest 50 %\./);
    assert.match(
      names.join('\n'),
      /^Memory against time: now 110 MB · average 130 MB · highest 150 MB\./m,
    );
    await shows('Alerts', 'Phase P00 Check failed');
    await dashboard(session.page).getByText('Live', { exact: true }).waitFor();
  });

  it('shows an event within 300 ms, and so does the tree', async () => {
    const { page, vscode } = session;
    const rows = await page.locator('.part.sidebar').elementHandle();
    const header = await dashboard(page).locator('pipescope-header .state').elementHandle();
    assert.ok(rows && header);
    const seen = (root: typeof header, text: string): Promise<number> =>
      root.evaluate(
        (node, wanted) =>
          new Promise<number>((resolve) => {
            const look = (): void => {
              if (node.textContent?.includes(wanted)) resolve(Date.now());
              else requestAnimationFrame(look);
            };
            look();
          }),
        text,
      );
    const times: number[] = [];
    for (let n = 0; n < SAMPLES; n++) {
      const percent = 50 + n;
      const both = Promise.all([rows, header].map((root) => seen(root, `running ${percent} %`)));
      // Not in step with the tree's own refresh, once a second.
      await page.waitForTimeout(300 + 53 * (n % 7));
      const posted = Date.now();
      await session.postEvents([progressEvent('nightly-9', percent / 100)]);
      times.push(Math.max(...(await both)) - posted);
    }
    times.sort((a, b) => a - b);
    const median = times[Math.floor(SAMPLES / 2)] ?? Infinity;
    console.log(
      `      event posted -> on screen: median ${median} ms (VS Code ${vscode.version}), most ${times.at(-1)} ms`,
    );
    assert.ok(median < 300, `${times.join(', ')} ms`);
  });

  it('shows another job by its picker', async () => {
    await picker('nightly').click();
    await dashboard(session.page).getByRole('combobox', { name: 'Search jobs' }).fill('orders');
    await dashboard(session.page)
      .getByRole('option', { name: /orders failed/ })
      .click();
    await picker('orders').waitFor();
    await shows('Phases', /ValueError: No row has a price/);
    const flow = await bringUp(session.page, 'Pipeline flow');
    await flow.getByRole('button', { name: /P00 Check.*failed/ }).waitFor();
  });

  it('comes back after a reload of the window with the job that was picked', async () => {
    await session.reload();
    await picker('orders').waitFor();
    await shows('Phases', /ValueError: No row has a price/);
    await dashboard(session.page).getByText('Live', { exact: true }).waitFor();
  });

  it('shows a job by the button of its row', async () => {
    await openContainer(session.page, 'Pipescope');
    await tree.inlineAction(session.page, 'nightly', 'Show Job in Dashboard');
    await picker('nightly').waitFor();
    const phases = await bringUp(session.page, 'Phases');
    await phases.getByRole('button', { name: 'P01 Transform' }).waitFor();
  });

  it('acknowledges an alert, and every surface knows it', async () => {
    await statusReads(session.page, { text: /^1 alert|^1 failed/, kind: 'error' });
    await bringUp(session.page, 'Alerts');
    await region(session.page, 'Alerts')
      .getByRole('button', { name: 'Acknowledge Phase P00 Check failed' })
      .click();
    await region(session.page, 'Alerts').getByRole('tab', { name: 'Active 0' }).waitFor();
    await shows('Alerts', /^No active alerts\./);
    await until('an acknowledged row', async () => {
      const [, alert] = await tree.read(session.page, 'Alerts');
      return /^error · acknowledged/.test(alert?.description ?? '');
    });
    await statusReads(session.page, { text: /^1 running \d+ %(,|$)/, kind: 'plain' });
  });

  it('reports nothing to the console, least of all a breach of its policy', () => {
    assert.deepEqual(complaints(session), []);
  });
});
