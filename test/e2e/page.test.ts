import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { importerOf } from '../../service/cli/importers.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import { until } from '../src/wire/until.ts';
import { corpus, needsCorpus } from '../support/corpus.ts';
import { needsVscode } from '../support/skip.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';
import { makeDemoWorkspace } from '../support/vscode/demoWorkspace.ts';
import { currentHostName } from '../support/vscode/hosts.ts';
import { readRest, readTokens } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { answerFileDialog, openContainer, runCommand, tree } from '../support/vscode/ui/index.ts';
import { bringUp, complaints, dashboard, region, runDemo } from './support/pipescope.ts';
import { failedJob } from './support/reports.ts';

const DEMO = 'Documents of handbook';
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const RECORDED = ['pegasus', 'montage', 'montage-chameleon-dss-15d-001.json'];
const BATCH = 1000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the whole page in VS Code', function () {
  needsVscode();
  this.timeout(60_000);
  const parent = makeTempDir('page');
  let session: Session;
  before(async () => {
    // Forwarded to itself, as from a remote machine to the same port of this one. Such a server forwards to a path else.
    const port = String(await freePort());
    const proxy = { PIPESCOPE_PORT: port, VSCODE_PROXY_URI: `http://127.0.0.1:${port}/` };
    const env = { PIPESCOPE_DEMO_SECONDS: '6', ...proxy };
    session = await openSession({ folder: makeDemoWorkspace(parent), env });
    await openContainer(session.page, 'Pipescope');
    await session.postEvents(failedJob('orders-7', 'orders'));
    await runDemo(session.page, 'Run to the end');
    await tree.row(session.page, DEMO, 'Jobs').waitFor();
    await tree.inlineAction(session.page, DEMO, 'Show Job in Dashboard');
  });
  after(async () => {
    await session?.close();
    removeTempDir(parent);
  });
  afterEach(() => assert.deepEqual(complaints(session), []));

  const rest = async <T>(path: string): Promise<T> =>
    JSON.parse((await readRest(session.dataFolder, path)).toString()) as T;
  const run = (command: string, argument?: object): Promise<unknown> =>
    session.host.eval((one, { commands }) => commands.executeCommand(one.command, one.argument), {
      command,
      argument,
    });
  const button = (name: string | RegExp): Locator =>
    dashboard(session.page).getByRole('button', { name, exact: true });
  const order = (): Promise<(string | null)[]> =>
    dashboard(session.page)
      .locator('[data-region]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-region')));
  const windows = async (): Promise<number> =>
    (await rest<{ queues: { windows: number } }>('/api/v1/diagnostics')).queues.windows;
  const range = (words: string | RegExp): Locator =>
    dashboard(session.page).getByRole('button', {
      name: typeof words === 'string' ? `Time range: ${words}. Choose another` : words,
    });

  it('shows in History how the demo went, when it has ended', async () => {
    const history = await bringUp(session.page, 'History');
    const row = history.getByRole('row').filter({ hasText: DEMO });
    await row.getByText('completed').waitFor({ timeout: 40_000 });
    const { jobs } = await rest<{ jobs: JobRecord[] }>('/api/v1/jobs');
    const job = jobs.find(({ name }) => name === DEMO);
    assert.equal(job?.status, 'COMPLETED');
    await row.getByText(`${job.phases_done} / ${job.phases_total}`, { exact: true }).waitFor();
    await history.getByRole('status').getByText('2 runs', { exact: true }).waitFor();
  });

  it('compares the jobs that are selected in the tree', async () => {
    const { page } = session;
    await tree.row(page, 'orders', 'Jobs').click();
    await tree.row(page, DEMO, 'Jobs').click({ modifiers: ['Control'] });
    await tree.contextAction(page, DEMO, 'Compare Jobs');
    const compare = region(page, 'Compare');
    await compare.getByText(/^orders .*was (faster|slower) than .*Documents of handbook/).waitFor();
    await compare.getByRole('row').filter({ hasText: 'P06' }).first().waitFor();
    const top = async () => (await compare.boundingBox())?.y ?? Infinity;
    await until('Compare on the screen', async () => (await top()) < 900, 10_000);
  });

  it('opens in a browser by a code, with the job that was asked for and no token in the address', async function () {
    // This server's own forwarding leaves path and fragment of an address out.
    if (currentHostName() === 'old') this.skip();
    const opened = session.context.waitForEvent('page');
    await run('pipescope.openInBrowser', { jobId: 'orders-7' });
    const page = await opened;
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    await page.getByText('orders', { exact: true }).first().waitFor();
    const { url } = await session.service();
    assert.equal(page.url(), `${url}/enhanced-monitor`);
    assert.ok(!addresses.some((address) => address.includes('token')));
    const { admin } = readTokens(session.dataFolder);
    assert.equal(await page.evaluate(() => sessionStorage.getItem('pipescope.token')), admin);
    await page.close();
  });

  it('takes a range of time, and a part of a chart that is marked', async () => {
    const { page } = session;
    const ranges = () => dashboard(page).getByRole('listbox', { name: 'Time range' });
    await range('This run').click();
    await ranges().getByRole('option', { name: 'Last 15 min' }).click();
    await range('Last 15 min').waitFor();
    await range('Last 15 min').click();
    await ranges().getByRole('option', { name: 'This run' }).click();
    const resources = await bringUp(page, 'Resources');
    const chart = resources.getByRole('img', { name: /^CPU against time/ });
    await chart.locator('canvas').waitFor();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    assert.ok(box);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, y, { steps: 6 });
    await page.mouse.up();
    await range(/^Time range: \d+:\d\d:\d\d/).waitFor();
    await button('Back to the range before').click();
    await range('This run').waitFor();
  });

  it('saves a chart as a picture and as a table where the person says', async () => {
    const { page } = session;
    const resources = await bringUp(page, 'Resources');
    const save = async (entry: string, name: string): Promise<Buffer> => {
      const file = join(session.folder, name);
      await resources.getByRole('button', { name: 'Save CPU', exact: true }).click();
      await resources.getByRole('menuitem', { name: entry }).click();
      await answerFileDialog(page, file);
      await dashboard(page).getByText(`Saved ${file}`, { exact: false }).first().waitFor();
      return readFile(file);
    };
    const picture = await save('Save as PNG picture', 'cpu.png');
    assert.deepEqual([...picture.subarray(0, PNG.length)], PNG);
    const lines = (await save('Save as CSV table', 'cpu.csv')).toString().trim().split(/\r?\n/);
    assert.match(lines[0] ?? '', /CPU/);
    assert.ok(lines.length > 2, lines.join('\n'));
  });

  it('keeps the layout of this workspace over a reload, with a widget', async () => {
    const { page } = session;
    await button('Change the layout').click();
    await region(page, 'Layout').waitFor();
    await button('Move Timeline up').click();
    await button('Move Timeline up').click();
    await button('Add a widget').click();
    const form = dashboard(page).getByRole('dialog', { name: 'Add a widget' });
    await form.getByLabel('Title').fill('Processor');
    await form.getByLabel('Metric').fill('cpu_percent');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await button('Save').click();
    await region(page, 'Layout').waitFor({ state: 'detached' });
    const before = await order();
    assert.equal(before[0], 'Timeline');
    assert.ok(before.includes('widget:widget-1'), before.join());
    await session.reload();
    await region(page, 'Timeline').waitFor();
    await until('the layout', async () => (await order()).join() === before.join(), 10_000);
    // A page that comes back has a state of its own; a new one has only what the workspace keeps.
    await run('workbench.action.closeAllEditors');
    await runCommand(page, 'Pipescope: Open Dashboard');
    await until('the layout again', async () => (await order()).join() === before.join(), 10_000);
    await bringUp(page, 'widget:widget-1');
    await region(page, 'Processor').getByRole('img').first().waitFor();
  });

  it('keeps the saved filters of History when its tab was closed', async () => {
    const { page } = session;
    const history = await bringUp(page, 'History');
    await history.getByRole('button', { name: 'completed', exact: true }).click();
    await history.getByRole('button', { name: 'Save Filter' }).click();
    await history.getByRole('textbox', { name: 'Name of the filter' }).fill('well');
    await page.keyboard.press('Enter');
    await history.getByRole('button', { name: 'Forget the saved filter well' }).waitFor();
    await run('workbench.action.closeAllEditors');
    await runCommand(page, 'Pipescope: Open Dashboard');
    const again = await bringUp(page, 'History');
    await again.getByRole('combobox', { name: 'Saved filters' }).selectOption('well');
    await again.getByRole('button', { name: 'Forget the saved filter well' }).click();
    await again.getByRole('button', { name: 'Clear All' }).click();
  });

  it('costs the service nothing while it is hidden', async () => {
    const { page } = session;
    await dashboard(page).getByText('Live', { exact: true }).waitFor();
    await until('both lines', async () => (await windows()) === 2);
    await run('workbench.action.files.newUntitledFile');
    await page.locator('.part.editor .monaco-editor').first().waitFor();
    await until('the page without a line', async () => (await windows()) === 1);
    await runCommand(page, 'Pipescope: Open Dashboard');
    await dashboard(page).getByText('Live', { exact: true }).waitFor();
    assert.equal(await windows(), 2);
  });

  it('moves beside the editor', async () => {
    const { page } = session;
    await runCommand(page, 'Pipescope: Open Dashboard to the Side');
    const groups = page.locator('.part.editor .editor-group-container');
    await groups.nth(1).locator('.tab.active').filter({ hasText: DEMO }).waitFor();
    await region(page, 'Timeline').waitFor();
    await groups.nth(0).locator('.monaco-editor').first().waitFor();
  });

  describe('with the largest recorded run', () => {
    needsCorpus('wfcommons');

    it('shows its phases, tasks and workers', async () => {
      const { page } = session;
      const text = await readFile(corpus('wfcommons', ...RECORDED), 'utf8');
      const events = importerOf('wfcommons')(text, Date.now()) as object[];
      for (let i = 0; i < events.length; i += BATCH)
        await session.postEvents(events.slice(i, i + BATCH));
      const { jobs } = await rest<{ jobs: JobRecord[] }>('/api/v1/jobs');
      const job = jobs.find(({ name }) => name.startsWith('montage'));
      assert.ok(job);
      await run('pipescope.showJobInDashboard', { jobId: job.job_id });
      await button(`Job: ${job.name}. Choose another job`).waitFor();
      const phases = await bringUp(page, 'Phases');
      const rows = phases.locator('tbody').getByRole('button', { name: /^(?!Open error)/ });
      await until('every phase', async () => (await rows.count()) === job.phases_total, 10_000);
      await bringUp(page, 'Timeline');
      await region(page, 'Timeline')
        .getByText(/^Critical path/)
        .waitFor();
    });
  });
});
