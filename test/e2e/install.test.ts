import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { needsVscode } from '../support/skip.ts';
import { findService } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { openContainer, quickInput, runCommand, viewAction } from '../support/vscode/ui/index.ts';
import { statusReads } from './support/pipescope.ts';

describe('Pipescope as it is right after its installation', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession();
  });
  after(() => session?.close());

  const welcome = (text: string) =>
    session.page.locator('.part.sidebar .welcome-view-content').getByText(text, { exact: true });

  it('is this version, and has no service as long as nobody uses it', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    const installed = await session.host.eval((id, vscode) => {
      const { version } = vscode.extensions.getExtension(id)?.packageJSON as { version: string };
      return { vscode: vscode.version, version };
    }, 'pipescope.pipescope');
    assert.deepEqual(installed, { vscode: session.vscode.version, version: manifest.version });
    await statusReads(session.page, {
      text: /^Pipescope off$/,
      name: /The Pipescope service is off\. Click to start it\./,
      kind: 'plain',
    });
    assert.equal(findService(session.dataFolder), undefined);
  });

  it('has an icon in the Activity Bar whose views say what to do next', async () => {
    await openContainer(session.page, 'Pipescope');
    await welcome('No pipeline has reported yet.').waitFor();
    await welcome('Run the Demo Pipeline').waitFor();
    await welcome('Report from Your Own Pipeline').waitFor();
    await welcome('No alert is active.').waitFor();
    await welcome('Send a Test Alert').waitFor();
  });

  it('starts the service with the first look at a view, and is idle then', async () => {
    const { pid } = await session.service();
    assert.ok(pid > 0);
    await statusReads(session.page, {
      text: /^Pipescope$/,
      name: /No job is running and no alert waits\./,
      kind: 'plain',
    });
  });

  it('starts a stopped service by the button "Start the Service"', async () => {
    await runCommand(session.page, 'Pipescope: Stop Service');
    await statusReads(session.page, { text: /^Pipescope off$/ });
    const said = 'The Pipescope service is off. It takes in what your pipelines report.';
    await welcome(said).waitFor();
    await welcome('Start the Service').first().click();
    await statusReads(session.page, { text: /^Pipescope$/ });
    await welcome('No pipeline has reported yet.').waitFor();
  });

  it("puts ready-made lines for a pipeline of one's own on the clipboard", async () => {
    await welcome('Report from Your Own Pipeline').click();
    await quickInput.rows(session.page).first().waitFor();
    assert.deepEqual(await quickInput.labels(session.page), [
      'curl',
      'Node',
      'Python',
      'Shell wrapper',
      'Worker agent',
    ]);
    await quickInput.pick(session.page, 'curl');
    await session.page
      .locator('.notifications-toasts')
      .getByText(/^Copied the lines for curl\./)
      .waitFor();
    const text = await session.page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /curl .*\/api\/v1\/events/);
    assert.doesNotMatch(text, /Bearer [\w-]{20}/);
  });

  it('says what to do where the window forwards the page to an address that the service refuses', async () => {
    const before = session.context.pages().length;
    await runCommand(session.page, 'Pipescope: Open Dashboard in Browser');
    const toast = session.page.locator('.notifications-toasts');
    await toast.getByText(/\/proxy\/\d+\S*, and the service answers at/).waitFor();
    assert.equal(session.context.pages().length, before);
  });

  it('offers its commands in the title of the view', async () => {
    await session.page.locator('.part.sidebar .pane-header', { hasText: 'Jobs' }).hover();
    for (const title of ['Open Dashboard', 'Filter Jobs by State', 'Group Jobs by Pipeline'])
      await viewAction(session.page, title).waitFor();
  });
});
