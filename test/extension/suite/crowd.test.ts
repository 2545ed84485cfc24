// The Workers view in a real window, fed by a real WebSocket server on the window's data directory.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commandId, VIEWS } from '../../../src/contributions.ts';
import type { TestApi } from '../../../src/extension.ts';
import type { Node } from '../../../src/views/node.ts';
import { job, offline, queue, task, worker } from '../../src/wire/records.ts';
import { RecordServer } from '../../src/wire/recordServer.ts';
import { until } from '../../src/wire/until.ts';

const LIMIT = 10_000;

describe('the Workers view in a window', function () {
  this.timeout(30_000);
  const server = new RecordServer(process.env.PIPESCOPE_DATA_DIR ?? '');
  let api: TestApi;
  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('pipescope.pipescope');
    assert.ok(extension);
    api = await extension.activate();
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
    // Another service than those of the other suites: a window does not go on where these were.
    server.epoch = 'crowd';
    await server.start();
    await until('connected', () => api.supervisor.state.kind === 'connected', LIMIT);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await server.stop();
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
  });

  const tree = () => api.workersView.tree;
  /** Rows as a person reads them, an indented line each. */
  const rows = (parent?: Node, depth = 0): string[] =>
    tree()
      .getChildren(parent)
      .flatMap((node) => {
        const { label, description } = tree().getTreeItem(node);
        const text = `${'  '.repeat(depth)}${label as string} | ${description || ''}`;
        return [text, ...rows(node, depth + 1)];
      });
  const row = (label: string, parent?: Node): Node | undefined => {
    for (const node of tree().getChildren(parent)) {
      const found = tree().getTreeItem(node).label === label ? node : row(label, node);
      if (found) return found;
    }
    return undefined;
  };
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

  it('asks for nothing until somebody looks at it', async () => {
    server.publish({ workers: [worker({ worker_id: 'gpu-1' })] });
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(api.mirror.work.known, false);
    assert.ok(server.hellos.every(({ topics }) => !topics.includes('workers')));
    await vscode.commands.executeCommand(`${VIEWS.workers}.focus`);
    await until('the worker', () => api.mirror.work.workers.has('gpu-1'), LIMIT);
  });

  it('shows workers with their tasks, then queues with theirs, then the others', async () => {
    server.publish({
      workers: [
        worker({ worker_id: 'gpu-1', kind: 'gpu', active_tasks: 1, cpu_percent: 62 }),
        offline({ worker_id: 'gpu-2', offline_since: ago(720) }),
      ],
      queues: [queue({ queue: 'frames', pending: 12, oldest_wait_ms: 185_000, kind: 'gpu' })],
      tasks: [
        task({
          task_id: 'encode',
          worker_id: 'gpu-1',
          queue: 'frames',
          status: 'COMPLETED',
          wait_ms: 840,
          processing_ms: 3100,
          total_ms: 3940,
        }),
        task({ task_id: 'wait', queue: 'frames' }),
        task({ task_id: 'lonely' }),
      ],
    });
    await until('the tasks', () => rows().length === 8, LIMIT);
    assert.deepEqual(rows(), [
      'gpu-2 | offline for 12 min',
      'gpu-1 | online · gpu · 1 active · CPU 62 %',
      '  encode | completed in 3.1 s · waited 840 ms · 3.9 s in all',
      'Queues | 1 queue · 12 pending',
      '  frames | 12 pending · oldest waits 3m 05s · gpu',
      '    wait | waiting',
      'Other tasks | 1 active',
      '  lonely | waiting',
    ]);
    await until('the badge', () => api.workersView.view.badge?.value === 1, LIMIT);
    assert.equal(api.workersView.view.badge?.tooltip, '1 worker offline');
  });

  it('makes a hover when somebody hovers, and trusts nothing in it', () => {
    const node = row('gpu-1');
    assert.ok(node);
    const item = tree().getTreeItem(node);
    assert.equal(item.tooltip, undefined);
    const { tooltip } = tree().resolveTreeItem(item, node);
    assert.ok(tooltip instanceof vscode.MarkdownString && !tooltip.isTrusted);
    assert.match(tooltip.value, /\| CPU \| 62 \\% \|/);
  });

  it('keeps rows apart whose ids have slashes and quotes in them', async () => {
    const ids = ['a', 'a/task/t', 'a","task","t', '作業者 1'];
    server.publish({
      workers: ids.map((worker_id) => worker({ worker_id })),
      tasks: [task({ task_id: 't', worker_id: 'a' })],
    });
    await until('the workers', () => rows().some((text) => text.startsWith('作業者 1')), LIMIT);
    const all = (parent?: Node): Node[] =>
      tree()
        .getChildren(parent)
        .flatMap((node) => [node, ...all(node)]);
    const found = all().map(({ id }) => id);
    assert.equal(new Set(found).size, found.length);
    const removed = ids.map((worker_id) => ({ kind: 'worker' as const, worker_id }));
    server.publish({ removed: [...removed, { kind: 'task', task_id: 't' }] });
    await until('no such worker', () => !api.mirror.work.workers.has('a'), LIMIT);
  });

  it('refreshes the changed worker only, and keeps its row', async () => {
    const before = row('gpu-1');
    const changed: (Node[] | undefined)[] = [];
    // What happened before has been drawn.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const listening = tree().onDidChangeTreeData((nodes) => changed.push(nodes));
    server.publish({ workers: [worker({ worker_id: 'gpu-1', cpu_percent: 70 })] });
    await until(
      'the refresh',
      () => changed.some((nodes) => nodes?.includes(before as Node)),
      LIMIT,
    );
    listening.dispose();
    assert.deepEqual(changed.flat(), [before]);
    assert.equal(row('gpu-1'), before);
  });

  it('counts on while a task runs', async () => {
    server.publish({
      workers: [worker({ worker_id: 'gpu-1' })],
      tasks: [
        task({ task_id: 'long', worker_id: 'gpu-1', status: 'PROCESSING', started_at: ago(5) }),
      ],
    });
    const node = await until('the task', () => row('long'), LIMIT);
    const said = String(tree().getTreeItem(node).description);
    assert.match(said, /^running [56]\.\d s$/);
    const seen: Node[] = [];
    const listening = tree().onDidChangeTreeData((nodes) => seen.push(...(nodes ?? [])));
    await until('a tick', () => seen.includes(node), LIMIT);
    listening.dispose();
    assert.notEqual(String(tree().getTreeItem(node).description), said);
  });

  it('opens the error of a task at its line, else as a document', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const source = vscode.Uri.joinPath(folder, 'work', 'load.js');
    mkdirSync(join(source.fsPath, '..'));
    writeFileSync(source.fsPath, 'a();\nb();\nc();\n');
    const stack = `ValueError: no row\n    at load (${source.fsPath}:2:3)`;
    const failed = { worker_id: 'gpu-1', status: 'FAILED' as const, job_id: 'render' };
    server.publish({
      jobs: [job({ job_id: 'render' })],
      tasks: [
        task({ task_id: 'bad', ...failed, error: { message: 'no row', stack } }),
        task({ task_id: 'killed', ...failed, error: { message: 'exit code 137' } }),
      ],
    });
    const node = await until('the task', () => row('bad'), LIMIT);
    assert.equal(tree().getTreeItem(node).contextValue, 'task failed job');
    await vscode.commands.executeCommand(commandId('openError'), node);
    const editor = vscode.window.activeTextEditor;
    assert.deepEqual([editor?.document.uri.path, editor?.selection.active.line], [source.path, 1]);
    await vscode.commands.executeCommand(commandId('openError'), row('killed'));
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.uri.scheme, 'pipescope-task');
    assert.match(document?.getText() ?? '', /Error\n {2}exit code 137\n/);
    server.publish({ tasks: [task({ task_id: 'killed', worker_id: 'gpu-1', retry_count: 1 })] });
    await until('the retry', () => document?.getText().includes('Retries'), LIMIT);
    rmSync(join(source.fsPath, '..'), { recursive: true });
  });

  it('shows the job of a task in the dashboard', async () => {
    const node = await until('the task', () => row('bad'), LIMIT);
    await vscode.commands.executeCommand(commandId('showJobInDashboard'), node);
    const panel = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ input }) => input instanceof vscode.TabInputWebview);
    await until('the panel', panel, LIMIT);
  });

  it('groups a thousand workers and stays quick under a storm of heartbeats', async () => {
    const crowd = (cpu_percent: number) =>
      Array.from({ length: 1000 }, (_, n) =>
        worker({ worker_id: `node-${n}`, cpu_percent, memory_mb: 512, kind: 'cpu' }),
      );
    const tasks = Array.from({ length: 500 }, (_, n) =>
      task({
        task_id: `t${n}`,
        worker_id: `node-${n % 40}`,
        status: 'PROCESSING',
        started_at: ago(n),
      }),
    );
    server.publish({ workers: crowd(1), tasks });
    await until('the group', () => row('Online') ?? row('node-999'), LIMIT);
    assert.deepEqual(
      rows().filter((text) => /^(?:Offline|Online)/.test(text)),
      ['Offline | 1 worker', 'Online | 1,001 workers'],
    );
    const online = row('Online');
    assert.ok(online);
    const [, first] = tree().getChildren(online);
    assert.ok(first);
    assert.equal(tree().getTreeItem(first).description, 'cpu · idle · CPU 1.0 % · 512 MB');
    // The window has the group once the next refresh has come.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await api.workersView.view.reveal(online, { expand: true });
    let refreshes = 0;
    const listening = tree().onDidChangeTreeData(() => (refreshes += 1));
    const lags: number[] = [];
    const began = performance.now();
    let last = began;
    const timer = setInterval(() => {
      lags.push(performance.now() - last - 10);
      last = performance.now();
    }, 10);
    for (let n = 0; n < 60; n += 1) {
      server.publish({ workers: crowd(n).slice(0, 200) });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    clearInterval(timer);
    listening.dispose();
    const seconds = (performance.now() - began) / 1000;
    lags.sort((a, b) => a - b);
    const p95 = lags[Math.floor(lags.length * 0.95)] ?? 0;
    console.log(
      `    ${refreshes} refreshes in ${seconds.toFixed(1)} s; the extension host was late by ${p95.toFixed(0)} ms (p95), ${(lags.at(-1) ?? 0).toFixed(0)} ms at most`,
    );
    assert.ok(refreshes > 0 && refreshes <= seconds * 4 + 1, `${refreshes} in ${seconds} s`);
    assert.ok(p95 < 100, `${p95} ms`);
  });

  it('keeps what it shows when the line breaks, and empties when the service is off', async () => {
    const lines = server.clients; // the window's and the dashboard's
    server.dropClients();
    await until('new lines', () => server.clients === lines, LIMIT);
    assert.equal(api.mirror.work.workers.size, 1002);
    await server.stop();
    await until('off', () => api.supervisor.state.kind === 'off', LIMIT);
    assert.deepEqual(rows(), []);
    await until('no badge', () => api.workersView.view.badge === undefined, LIMIT);
    await vscode.commands.executeCommand(`${VIEWS.jobs}.focus`);
  });
});
