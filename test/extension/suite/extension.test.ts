// The extension in a real window, fed by a real WebSocket server on the window's data directory.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS, commandId, type CommandName } from '../../../src/contributions.ts';
import type { TestApi } from '../../../src/extension.ts';
import type { Node } from '../../../src/views/node.ts';
import { alert, job, log, phase, subPhase } from '../../src/wire/records.ts';
import { RecordServer } from '../../src/wire/recordServer.ts';
import { until } from '../../src/wire/until.ts';

const dataDir = process.env.PIPESCOPE_DATA_DIR ?? '';
const LIMIT = 10_000;

describe('the extension in a window', function () {
  this.timeout(30_000);
  const server = new RecordServer(dataDir);
  let api: TestApi;
  let source: vscode.Uri;

  before(async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    source = vscode.Uri.joinPath(folder, 'src', 'cluster.js');
    mkdirSync(join(folder.fsPath, 'src'));
    writeFileSync(
      source.fsPath,
      Array.from({ length: 30 }, (_, n) => `line(${n + 1});`).join('\n'),
    );
    const extension = vscode.extensions.getExtension<TestApi>('pipescope.pipescope');
    assert.ok(extension);
    api = await extension.activate();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await server.stop();
    rmSync(join(source.fsPath, '..'), { recursive: true });
  });

  /** Rows as a person reads them, an indented line each. */
  const rows = (parent?: Node, depth = 0): string[] =>
    api.jobsView.tree.getChildren(parent).flatMap((node) => {
      const { label, description } = api.jobsView.tree.getTreeItem(node);
      const text = `${'  '.repeat(depth)}${label as string} | ${description || ''}`;
      return [text, ...rows(node, depth + 1)];
    });
  const findRow = (id: string, parent?: Node): Node | undefined => {
    for (const node of api.jobsView.tree.getChildren(parent)) {
      const found = node.id === id ? node : findRow(id, node);
      if (found) return found;
    }
    return undefined;
  };
  const problems = (): [string, vscode.Diagnostic][] =>
    vscode.languages
      .getDiagnostics()
      .flatMap(([uri, all]) => all.map((one): [string, vscode.Diagnostic] => [uri.path, one]))
      .filter(([, { source: from }]) => from === 'Pipescope');

  const stack = (): string =>
    `ValueError: 3 clusters are empty\n    at assign (${source.fsPath}:18:7)\n    at run (${source.fsPath}:4:1)\n    at node:internal/x:1:1`;
  const failJob = (
    job_id: string,
    error: { message: string; stack?: string },
    ended = new Date(),
  ): void => {
    const ended_at = ended.toISOString();
    const started_at = new Date(ended.getTime() - 60_000).toISOString();
    const current_phase = { phase_id: 'P06', name: 'Clustering' };
    server.publish({
      jobs: [
        job({
          job_id,
          name: 'nightly-report',
          status: 'FAILED',
          started_at,
          ended_at,
          current_phase,
          phases_failed: 1,
          error_count: 1,
          alert_count: 1,
          error,
        }),
      ],
      phases: [
        phase({
          job_id,
          phase_id: 'P06',
          name: 'Clustering',
          status: 'FAILED',
          started_at,
          ended_at,
          error,
          error_count: 1,
        }),
      ],
      logs: [
        log({ log_id: `${job_id}-1`, job_id, level: 'warning', message: 'One document is empty' }),
      ],
    });
  };

  it('activates in less than 50 ms', () => {
    console.log(`    activate() took ${api.activatedInMs.toFixed(1)} ms`);
    assert.ok(api.activatedInMs < 50, `${api.activatedInMs} ms`);
  });

  it('registers every command of its table and no other', async () => {
    const commands = await vscode.commands.getCommands(true);
    const own =
      /^pipescope\.(?!.*\.(?:focus|open|removeView|resetViewLocation|toggleVisibility))\w+$/;
    const expected = (Object.keys(COMMANDS) as CommandName[]).map((name) => commandId(name));
    assert.deepEqual(commands.filter((id) => own.test(id)).sort(), expected.sort());
  });

  it('says that the service is off, and finds it by itself when somebody starts one', async () => {
    await until(
      'off',
      () => api.statusBar.item.text === '$(debug-disconnect) Pipescope off',
      LIMIT,
    );
    await server.start();
    await until('idle', () => api.statusBar.item.text === '$(pulse) Pipescope', LIMIT);
    assert.equal(server.hellos[0]?.client, 'window');
  });

  it('shows a running job with its phases and sub-phases, live', async () => {
    const started_at = new Date().toISOString();
    server.publish({
      jobs: [
        job({ job_id: 'j1', name: 'nightly-report', progress: 0.4, started_at, phases_total: 2 }),
      ],
      phases: [
        phase({
          job_id: 'j1',
          phase_id: 'P00',
          name: 'Assembly',
          status: 'COMPLETED',
          started_at,
          ended_at: new Date(Date.parse(started_at) + 12_400).toISOString(),
        }),
        phase({
          job_id: 'j1',
          phase_id: 'P01',
          name: 'Splitting',
          index: 1,
          progress: 0.41,
          started_at: null,
          sub_phase_count: 1,
        }),
      ],
      sub_phases: [
        subPhase({ job_id: 'j1', phase_id: 'P01', name: 'PDF pages', metrics: { pages: 50 } }),
      ],
    });
    await until('the phases', () => rows().length === 4, LIMIT);
    const [first, ...others] = rows();
    assert.match(first ?? '', /^nightly-report \| running 40 % · /);
    assert.deepEqual(others, [
      '  P00 Assembly | 12.4 s',
      '  P01 Splitting | 41 %',
      '    PDF pages | 50 pages',
    ]);
    await until(
      'the status bar',
      () => api.statusBar.item.text === '$(sync~spin) 1 running 40 %',
      LIMIT,
    );
  });

  it('refreshes the changed row only, and keeps its identity', async () => {
    const before = findRow('job/j1/phase/P01');
    const changed: (Node[] | undefined)[] = [];
    const listening = api.jobsView.tree.onDidChangeTreeData((nodes) => changed.push(nodes));
    const splitting = (progress: number) =>
      server.publish({
        phases: [
          phase({
            ...{ job_id: 'j1', phase_id: 'P01', name: 'Splitting', index: 1 },
            ...{ progress, started_at: null },
          }),
        ],
      });
    // The first word of its phases draws the job with all below it.
    splitting(0.5);
    await until('the first refresh', () => changed.length > 0, LIMIT);
    // The row of the new job may still be on its way into the tree, which draws all rows anew.
    await new Promise((resolve) => setTimeout(resolve, 600));
    changed.length = 0;
    splitting(0.6);
    await until(
      'the refresh',
      () => changed.some((nodes) => nodes?.includes(before as Node)),
      LIMIT,
    );
    listening.dispose();
    assert.ok(changed.every((nodes) => nodes !== undefined));
    assert.equal(findRow('job/j1/phase/P01'), before);
  });

  it('refreshes at most four times a second under a storm', async () => {
    let refreshes = 0;
    const listening = api.jobsView.tree.onDidChangeTreeData(() => (refreshes += 1));
    const began = performance.now();
    for (let n = 0; n < 500; n += 1) {
      server.publish({ jobs: [job({ job_id: 'j1', name: 'nightly-report', progress: n / 500 })] });
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
    const seconds = (performance.now() - began) / 1000;
    listening.dispose();
    assert.ok(refreshes > 0 && refreshes <= seconds * 4 + 1, `${refreshes} in ${seconds} s`);
  });

  it('writes tooltips that trust nothing', () => {
    const evil = '[x](command:workbench.action.quit)';
    server.publish({ jobs: [job({ job_id: 'j1', name: 'nightly-report', message: evil })] });
    return until(
      'the tooltip',
      () => {
        const row = findRow('job/j1');
        const tooltip = row && api.jobsView.tree.getTreeItem(row).tooltip;
        if (!(tooltip instanceof vscode.MarkdownString) || !tooltip.value.includes('Message'))
          return false;
        assert.ok(!tooltip.isTrusted && !tooltip.value.includes('](command'));
        return true;
      },
      LIMIT,
    );
  });

  it('puts a failed phase at its line in the workspace, the other frames and its log beside it', async () => {
    failJob('j2', { message: '3 clusters are empty', stack: stack() });
    const [path, problem] = await until('the problem', () => problems()[0], LIMIT);
    assert.equal(path, source.path);
    assert.equal(problem.message, 'P06 Clustering: 3 clusters are empty');
    assert.deepEqual([problem.range.start.line, problem.range.start.character], [17, 6]);
    const related = problem.relatedInformation?.map(({ location, message }) => [
      location.uri.scheme,
      location.range.start.line,
      message,
    ]);
    assert.deepEqual(related?.[0], ['file', 3, 'in run']);
    assert.deepEqual(related?.[1]?.[0], 'pipescope-log');
    const { code } = problem;
    assert.ok(
      typeof code === 'object' && code.value === 'P06' && code.target.scheme === 'pipescope-log',
    );
  });

  it('counts the failure in the badge and the status bar until it is looked at', async () => {
    await until('the badge', () => api.jobsView.view.badge?.value === 1, LIMIT);
    // Each surface is shown in its own time.
    const text = (): string => api.statusBar.item.text;
    await until('the status bar', () => /^\$\(error\) 1 failed/.test(text()), LIMIT);
    await vscode.commands.executeCommand(commandId('showWhatIsWrong'));
    const editor = await until('the editor', () => vscode.window.activeTextEditor, LIMIT);
    assert.deepEqual([editor.document.uri.path, editor.selection.active.line], [source.path, 17]);
    await until('no badge', () => api.jobsView.view.badge === undefined, LIMIT);
  });

  it('clears the problem when the same phase of the pipeline passes in another job', async () => {
    const ended_at = new Date(Date.now() + 1000).toISOString();
    server.publish({
      jobs: [
        job({ job_id: 'j3', status: 'COMPLETED', ended_at, started_at: new Date().toISOString() }),
      ],
      phases: [phase({ job_id: 'j3', phase_id: 'P06', status: 'COMPLETED', ended_at })],
    });
    await until('no problem', () => problems().length === 0, LIMIT);
  });

  it('puts a failure without a place in the workspace into the log of its job, and clears it with the job', async () => {
    const error = { message: 'exit code 137', stack: 'Killed\n    at f (/not/here.js:1:1)' };
    failJob('j4', error, new Date(Date.now() + 2000));
    const [path] = await until('the problem', () => problems()[0], LIMIT);
    assert.match(path, /^\/j4\/nightly-report\.log$/);
    await vscode.commands.executeCommand(commandId('openError'), { jobId: 'j4' });
    const { document } = await until(
      'the log',
      () => {
        const editor = vscode.window.activeTextEditor;
        return editor?.document.uri.scheme === 'pipescope-log' && editor;
      },
      LIMIT,
    );
    assert.ok(
      document.getText().includes('exit code 137') &&
        document.getText().includes('One document is empty'),
    );
    const linksIn = (uri: vscode.Uri): Thenable<vscode.DocumentLink[]> =>
      vscode.commands.executeCommand('vscode.executeLinkProvider', uri);
    assert.deepEqual(await linksIn(document.uri), []);
    await vscode.commands.executeCommand(commandId('openLog'), { jobId: 'j2' });
    const [link, ...others] = await linksIn(api.logDocuments.uriOf('j2', 'nightly-report'));
    assert.deepEqual([link?.target?.path, link?.target?.fragment], [source.path, 'L18,7']);
    assert.equal(others.length, 1);
    server.publish({ logs: [log({ log_id: 'late', job_id: 'j4', message: 'A late line' })] });
    await until('the late line', () => document.getText().includes('A late line'), LIMIT);
    server.publish({ removed: [{ kind: 'job', job_id: 'j4' }] });
    await until('no problem', () => problems().length === 0, LIMIT);
  });

  it('shows alerts, acknowledges one, and is red only while a grave one waits', async () => {
    server.publish({
      alerts: [alert({ alert_id: 'a1', title: 'Phase failed', severity: 'ERROR', job_id: 'j2' })],
    });
    const background = (): unknown => api.statusBar.item.backgroundColor;
    await until('red', () => background() !== undefined, LIMIT);
    const { tree } = api.alertsView;
    const row = tree.getChildren(tree.getChildren()[0])[0];
    assert.ok(row);
    assert.equal(tree.getTreeItem(row).contextValue, 'alert.open job');
    await vscode.commands.executeCommand(commandId('acknowledgeAlert'), row);
    await until('acknowledged', () => background() === undefined, LIMIT);
    const item = tree.getTreeItem(row);
    assert.equal(item.contextValue, 'alert.acknowledged job');
    assert.match(String(item.description), /^error · acknowledged by .+ since just now$/);
  });

  it('groups, filters and pins, and says so above the tree', async () => {
    const titles = (): string[] =>
      rows()
        .filter((row) => !row.startsWith(' '))
        .map((row) => row.split(' | ')[0] ?? '');
    await vscode.commands.executeCommand(commandId('groupJobs'));
    assert.deepEqual(titles(), ['nightly']);
    await vscode.commands.executeCommand(commandId('ungroupJobs'));
    await vscode.commands.executeCommand(commandId('pinJob'), { jobId: 'j3' });
    assert.equal(titles()[0], 'j3');
    await vscode.commands.executeCommand(commandId('unpinJob'), { jobId: 'j3' });
    api.jobsView.preferences.filter({ states: ['COMPLETED'], text: 'j3' });
    await until(
      'the line above',
      () => api.jobsView.view.message === 'Filter: completed · "j3"',
      LIMIT,
    );
    assert.deepEqual(titles(), ['j3']);
    await vscode.commands.executeCommand(commandId('clearJobFilter'));
  });

  it('opens one dashboard and brings it to the front again', async () => {
    const panels = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    await vscode.commands.executeCommand(commandId('openDashboard'));
    await vscode.commands.executeCommand(commandId('showJobInDashboard'), { jobId: 'j2' });
    await until(
      'the panel',
      () => panels().length === 1 && panels()[0]?.label === 'Pipescope',
      LIMIT,
    );
  });

  it('keeps what it knows when the line breaks, and goes on where it was', async () => {
    const hellos = server.hellos.length;
    server.dropClients();
    await until(
      'a new hello',
      () => server.hellos.slice(hellos).some(({ since }) => since !== null),
      LIMIT,
    );
    await until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
    assert.ok(api.mirror.jobs.has('j2'));
  });

  it('stops the service for all by the command, and says that it is off', async () => {
    await vscode.commands.executeCommand(commandId('removeJob'), { jobId: 'none' });
    server.publish({ removed: [{ kind: 'job', job_id: 'j1' }] });
    await until('no running job', () => !api.mirror.jobs.has('j1'), LIMIT);
    await vscode.commands.executeCommand(commandId('stopService'));
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
    assert.equal(existsSync(join(dataDir, 'service.json')), false);
    assert.deepEqual(rows(), []);
  });

  it('leaves nothing behind when it ends', async () => {
    await server.start();
    await until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
    api.lifetime.dispose();
    const commands = await vscode.commands.getCommands(true);
    const own = (Object.keys(COMMANDS) as CommandName[]).map((name): string => commandId(name));
    // A contributed command stays listed; calling one answers that nobody handles it.
    await assert.rejects(async () => vscode.commands.executeCommand(own[0] ?? ''), /not found/);
    assert.equal(commands.length > 0, true);
    assert.deepEqual(problems(), []);
    assert.equal(api.mirror.listeners, 0);
    assert.equal(api.supervisor.connection.state.kind, 'closed');
    await until('no client', () => server.clients === 0, LIMIT);
    const hellos = server.hellos.length;
    await server.stop();
    await server.start();
    await new Promise((resolve) => setTimeout(resolve, 6000));
    assert.equal(server.hellos.length, hellos);
  });
});
