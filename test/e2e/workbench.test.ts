import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { needsVscode } from '../support/skip.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { themes, type ThemeName } from '../support/vscode/settings.ts';
import { notifications, quickInput, runCommand } from '../support/vscode/ui/index.ts';

describe('a VS Code window with the packaged extension', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession();
  });
  after(() => session?.close());

  it('has installed this version of it', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    const installed = await session.host.eval((id, vscode) => {
      const { version } = vscode.extensions.getExtension(id)?.packageJSON as { version: string };
      return { vscode: vscode.version, version };
    }, 'pipescope.pipescope');
    assert.deepEqual(installed, { vscode: session.vscode.version, version: manifest.version });
  });

  it('runs commands from the palette', async () => {
    await runCommand(session.page, 'Preferences: Color Theme');
    await quickInput.rows(session.page).first().waitFor();
    await session.page.keyboard.press('Escape');
    await quickInput.input(session.page).waitFor({ state: 'hidden' });
  });

  it('paints light, dark and high contrast themes', async () => {
    for (const name of Object.keys(themes) as ThemeName[]) await session.setTheme(name);
  });

  it('shows notifications as toasts', async () => {
    await session.host.eval((text, vscode) => {
      void vscode.window.showInformationMessage(text, 'Good');
    }, 'All phases passed');
    await notifications.click(session.page, 'All phases passed', 'Good');
    await notifications.toast(session.page, 'All phases passed').waitFor({ state: 'hidden' });
  });

  it('comes back after a reload, and after its extension host was killed', async () => {
    await session.reload();
    const { generation, pid } = session.host;
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await session.host.connected(generation);
    assert.notEqual(session.host.pid, pid);
  });
});
