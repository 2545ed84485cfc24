import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needsVscode } from '../support/skip.ts';
import { readRest } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  activeEditor,
  answerFileDialog,
  notifications,
  openContainer,
  quickInput,
  runCommand,
  tree,
} from '../support/vscode/ui/index.ts';
import { dashboard } from './support/pipescope.ts';
import { failedJob, runningJob } from './support/reports.ts';

/** More than one page of an answer holds. */
const WARNINGS = 300;

describe('exporting a job from VS Code', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    const log = Array.from({ length: WARNINGS }, (_, n) => ({
      type: 'log.recorded',
      job_id: 'orders-7',
      phase_id: 'P00',
      level: 'warning',
      message: `Row ${n}, "quoted", with an umlaut: ü`,
    }));
    await session.postEvents([...failedJob('orders-7', 'orders'), ...log]);
    await session.postEvents(runningJob('nightly-9', 'nightly'));
    await tree.row(session.page, 'orders', 'Jobs').waitFor();
  });
  after(() => session?.close());

  const rest = (format: string) =>
    readRest(session.dataFolder, `/api/v1/monitoring/export/orders-7?format=${format}`);
  it('writes from the tree what the service answers, as JSON', async () => {
    const file = join(session.folder, 'orders.json');
    await tree.contextAction(session.page, 'orders', 'Export Job');
    await answerFileDialog(session.page, file);
    await notifications
      .toast(session.page, /Exported orders to .*orders\.json \([\d.]+ [KM]?B\)\./)
      .waitFor();
    const written = await readFile(file);
    assert.equal(written.toString(), (await rest('json')).toString());
    const { phases } = JSON.parse(written.toString()) as { phases: { warnings: unknown[] }[] };
    assert.equal(phases.flatMap(({ warnings }) => warnings).length, WARNINGS);
  });

  it('opens the file from the notification', async () => {
    await notifications.click(session.page, /Exported orders/, 'Open File');
    await session.page.locator('.part.editor .tab.active', { hasText: 'orders' }).waitFor();
    assert.equal(await activeEditor(session.page), 'orders.json');
  });

  it('writes CSV by the command, for a file of that ending', async () => {
    const file = join(session.folder, 'orders.csv');
    await runCommand(session.page, 'Pipescope: Export Job...');
    await quickInput.rows(session.page).filter({ hasText: 'orders-7' }).first().waitFor();
    await quickInput.pick(session.page, 'orders-7');
    await answerFileDialog(session.page, file);
    await notifications.toast(session.page, /Exported orders to .*orders\.csv/).waitFor();
    assert.equal(await readFile(file, 'utf8'), (await rest('csv')).toString());
  });

  it('writes the shown job from the dashboard', async () => {
    const file = join(session.folder, 'again.csv');
    await tree.inlineAction(session.page, 'orders', 'Show Job in Dashboard');
    await dashboard(session.page).getByRole('button', { name: 'Export', exact: true }).click();
    await dashboard(session.page)
      .getByRole('menuitem', { name: /^Export as CSV/ })
      .click();
    await answerFileDialog(session.page, file);
    await notifications.toast(session.page, /Exported orders to .*again\.csv/).waitFor();
    assert.equal(await readFile(file, 'utf8'), (await rest('csv')).toString());
  });

  it('writes the page that is shown as one HTML file, where the person says', async () => {
    const file = join(session.folder, 'page.html');
    const page = dashboard(session.page);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Save page as HTML report/ }).click();
    await answerFileDialog(session.page, file);
    await page.getByText(/^Saved .*page\.html \(/).waitFor();
    const html = await readFile(file, 'utf8');
    assert.match(html, /<h1><bdi>orders: \w+<\/bdi><\/h1>/);
    assert.match(html, /<h2><bdi>Timeline<\/bdi><\/h2>/);
    assert.match(html, /<h2><bdi>History<\/bdi><\/h2>/);
    assert.ok(html.includes('orders-7') && !html.includes('<script'));
  });
});
