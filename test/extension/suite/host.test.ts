import assert from 'node:assert/strict';
import { env, extensions, version, workspace } from 'vscode';

describe('the VS Code of this run', () => {
  it('is the version the suite was started for', () => {
    assert.equal(version, process.env.PIPESCOPE_TEST_VSCODE_VERSION);
  });

  it('has the extension and an empty workspace folder', async () => {
    assert.ok(extensions.getExtension('pipescope.pipescope'));
    const [folder, ...others] = workspace.workspaceFolders ?? [];
    assert.ok(folder);
    assert.deepEqual(others, []);
    assert.deepEqual(await workspace.fs.readDirectory(folder.uri), []);
  });

  it('sends nothing anywhere', () => {
    assert.equal(env.isTelemetryEnabled, false);
  });
});
