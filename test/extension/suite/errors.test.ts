// Failures of real programs, as entries of the Problems panel: Python, Node and Java, run here in the opened folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension.ts';
import { job, phase } from '../../src/wire/records.ts';
import { RecordServer } from '../../src/wire/recordServer.ts';
import { until } from '../../src/wire/until.ts';

const dataDir = process.env.PIPESCOPE_DATA_DIR ?? '';
const LIMIT = 15_000;
const FOLDER = 'failing';

const FILES: Record<string, string> = {
  'sum.py': `def low():
    raise KeyError('a')
def outer():
    try:
        low()
    except KeyError as error:
        raise ValueError('bad') from error
outer()
`,
  'sum.mjs': `import { readFileSync } from 'node:fs';
function read(name) {
  return readFileSync(name);
}
read('not-here.txt');
`,
  'java/app/core/Sum.java': `package app.core;
public class Sum {
  public static void main(String[] args) {
    throw new IllegalStateException("no sum");
  }
}
`,
  'elsewhere/deep/only_here.py': 'x = 1\ny = 2\n',
  'mapped/same.py': 'x = 1\ny = 2\n',
};

describe('failures of real programs', function () {
  this.timeout(60_000);
  const server = new RecordServer(dataDir);
  let folder = '';
  let count = 0;

  before(async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root);
    folder = join(root, FOLDER);
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const extension = vscode.extensions.getExtension<TestApi>('pipescope.pipescope');
    assert.ok(extension);
    const api = await extension.activate();
    await server.start();
    await until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
  });
  after(async () => {
    await mappings(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const removed = Array.from({ length: count }, (_, n) => `real-${n + 1}`);
    server.publish({ removed: removed.map((job_id) => ({ kind: 'job', job_id })) });
    await until('no problem', () => problem('failure') === undefined, LIMIT);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const mappings = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('pipescope')
      .update('pathMappings', value, vscode.ConfigurationTarget.Global);

  /** What a program prints as it fails; undefined where it is not on this machine. */
  const outputOf = (program: string, args: readonly string[]): string | undefined => {
    const { error, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    return error ? undefined : stderr;
  };

  /** Reports a failure with this text, opens it, and gives the place of its entry and of the cursor. */
  const placeOf = async (
    stack: string,
  ): Promise<{ entry: string; cursor: string; text: string }> => {
    count += 1;
    const job_id = `real-${count}`;
    const pipeline = `real ${count}`;
    const message = `failure ${count}`;
    const ended_at = new Date().toISOString();
    const error = { message, stack };
    server.publish({
      jobs: [job({ job_id, pipeline, status: 'FAILED', ended_at, phases_failed: 1, error })],
      phases: [phase({ job_id, phase_id: 'P', status: 'FAILED', ended_at, error })],
    });
    const [uri, entry] = await until('the problem', () => problem(message), LIMIT);
    await vscode.commands.executeCommand('pipescope.openError', { jobId: job_id, phaseId: 'P' });
    const editor = await until(
      'the editor',
      () => {
        const active = vscode.window.activeTextEditor;
        return active?.document.uri.toString() === uri.toString() && active;
      },
      LIMIT,
    );
    const at = (line: number): string => `${vscode.workspace.asRelativePath(uri)}:${line + 1}`;
    return {
      entry: at(entry.range.start.line),
      cursor: at(editor.selection.active.line),
      text: entry.message,
    };
  };
  const problem = (message: string): [vscode.Uri, vscode.Diagnostic] | undefined =>
    vscode.languages
      .getDiagnostics()
      .flatMap(([uri, all]) => all.map((one): [vscode.Uri, vscode.Diagnostic] => [uri, one]))
      .find(([, one]) => one.source === 'Pipescope' && one.message.includes(message));

  it('of Python become an entry at the line of the root cause', async function () {
    const text = outputOf('python3', ['sum.py']);
    if (text === undefined) return this.skip();
    const { entry, cursor, text: said } = await placeOf(text);
    assert.deepEqual([entry, cursor], [`${FOLDER}/sum.py:2`, `${FOLDER}/sum.py:2`]);
    assert.match(said, /\(caused by KeyError: 'a'\)$/);
  });

  it('of Node become an entry at the line in the own code, not in Node', async () => {
    const text = outputOf(process.env.PIPESCOPE_NODE ?? 'node', ['sum.mjs']);
    assert.ok(text);
    const { entry, cursor } = await placeOf(text);
    assert.deepEqual([entry, cursor], [`${FOLDER}/sum.mjs:3`, `${FOLDER}/sum.mjs:3`]);
  });

  it('of Java become an entry in the file of the class, found by its package', async function () {
    if (outputOf('javac', ['-d', 'out', 'java/app/core/Sum.java']) === undefined)
      return this.skip();
    const text = outputOf('java', ['-cp', 'out', 'app.core.Sum']);
    assert.ok(text);
    const { entry, cursor } = await placeOf(text);
    const wanted = `${FOLDER}/java/app/core/Sum.java:4`;
    assert.deepEqual([entry, cursor], [wanted, wanted]);
  });

  const traceback = (file: string): string =>
    `Traceback (most recent call last):\n  File "${file}", line 2, in f\nValueError: bad`;

  it('in a container become an entry where one file of the workspace ends like theirs', async () => {
    const { entry } = await placeOf(traceback('/srv/elsewhere/deep/only_here.py'));
    assert.equal(entry, `${FOLDER}/elsewhere/deep/only_here.py:2`);
  });

  it('become an entry where the setting says that their files are, inside the workspace only', async () => {
    await mappings({ '/work/*/*': `${FOLDER}/mapped`, '/out': '../..' });
    const { entry } = await placeOf(traceback('/work/20/4f63e6/same.py'));
    assert.equal(entry, `${FOLDER}/mapped/same.py:2`);
    const outside = await placeOf(traceback('/out/etc/passwd.py'));
    assert.match(outside.entry, /\.log:/);
  });
});
