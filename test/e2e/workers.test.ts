import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { until } from '../src/wire/until.ts';
import { startProcess } from '../support/processes.ts';
import { needsVscode } from '../support/skip.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  activeEditor,
  activityBadge,
  cursorPosition,
  openContainer,
  tree,
  type TreeRow,
} from '../support/vscode/ui/index.ts';
import { dashboard } from './support/pipescope.ts';
import { runningJob } from './support/reports.ts';

const VIEW = 'Workers';
const LIMIT = 30_000;
/** Longer than the agent's 5 s between heartbeats. */
const OFFLINE_AFTER_MS = 7000;

describe('workers, their tasks and queues, watched in VS Code', function () {
  needsVscode();
  this.timeout(90_000);
  const parent = makeTempDir('workers');
  const source = join(parent, 'project', 'load.js');
  let session: Session;
  before(async () => {
    mkdirSync(join(source, '..'));
    writeFileSync(source, 'a();\n  b();\nc();\n');
    const config = join(parent, 'pipescope.yaml');
    writeFileSync(config, `worker_offline_ms: ${OFFLINE_AFTER_MS}\n`);
    const env = { PIPESCOPE_CONFIG: config };
    session = await openSession({ folder: join(source, '..'), env });
    await openContainer(session.page, 'Pipescope');
    await session.host.eval(
      (id, { commands }) => commands.executeCommand(`${id}.focus`),
      'pipescope.workers',
    );
    await session.service();
    // Only rows on screen can be read: the view gets the whole side bar.
    for (const other of ['Jobs', 'Alerts']) {
      const header = session.page.locator('.pane-header', { hasText: other });
      // In the middle of the header there may be buttons of the view.
      await header.and(session.page.locator('[aria-expanded="true"]')).press('ArrowLeft');
      await header.and(session.page.locator('[aria-expanded="false"]')).waitFor();
    }
  });
  after(async () => {
    await session?.close();
    removeTempDir(parent);
  });

  const rows = () => tree.read(session.page, VIEW);
  const shows = async (label: string, description: RegExp): Promise<TreeRow> => {
    let seen: TreeRow | undefined;
    return until(
      `${label} ${String(description)}`,
      async () => {
        seen = (await rows()).find((row) => row.label === label);
        return description.test(seen?.description ?? '') && seen;
      },
      LIMIT,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it shows ${JSON.stringify(seen)}`);
    });
  };
  const iconOf = (label: string) =>
    tree
      .row(session.page, label, VIEW)
      .locator('.custom-view-tree-node-item-icon')
      .evaluate(({ className }: Element) => /codicon-([\w-]+)/.exec(className)?.[1] ?? className);
  const worker = (worker_id: string, fields: object = {}) => ({
    ...{ type: 'worker.heartbeat', worker_id, kind: 'cpu', cpu_percent: 12, memory_mb: 900 },
    ...fields,
  });
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

  it('says the next step while there is no worker, and copies the line that starts one', async () => {
    const { page } = session;
    const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: VIEW }) });
    await pane.getByText('No worker has reported yet.').waitFor({ timeout: LIMIT });
    await pane.getByRole('button', { name: 'Copy the Line' }).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const line = await until('the line', async () => {
      const text = await copied();
      return text.includes(' agent --worker-id ') && text;
    });
    const agent = startProcess('bash', ['-c', `exec env ${line}`], { cwd: parent });
    try {
      await shows(hostname(), /^online · (cpu|hybrid) · idle · CPU [\d.]+ % · [\d.]+ [GM]B$/);
      assert.equal(await iconOf(hostname()), 'vm-active');
    } finally {
      await agent.stop();
    }
    await shows(hostname(), /^stopped (just now|\d+ s ago) · (cpu|hybrid)$/);
    assert.equal(await iconOf(hostname()), 'circle-slash');
  });

  it('shows workers with their tasks as they come and go', async () => {
    const task = { task_id: 'encode-1', queue: 'frames' };
    await session.postEvents([
      ...runningJob('nightly-9', 'nightly'),
      worker('gpu-1', { kind: 'gpu', gpu_percent: 80, active_tasks: 1, memory_mb: 3277 }),
      { type: 'task.submitted', ...task, job_id: 'nightly-9', time: ago(10) },
      { type: 'task.started', ...task, worker_id: 'gpu-1', time: ago(9) },
    ]);
    await shows('gpu-1', /^online · gpu · 1 active · CPU 12 % · 3\.2 GB$/);
    await tree.expand(session.page, 'gpu-1', VIEW);
    const running = await shows('encode-1', /^running [\d.]+ s · waited 1\.0 s$/);
    await until(
      'the next second',
      async () =>
        (await rows()).some(
          ({ label, description }) => label === 'encode-1' && description !== running.description,
        ),
      LIMIT,
    );
    assert.equal(await iconOf('encode-1'), 'loading');
    await session.postEvents([
      { type: 'task.completed', ...task, worker_id: 'gpu-1' },
      worker('gpu-1', { kind: 'gpu', active_tasks: 0, memory_mb: 3277 }),
    ]);
    await shows('encode-1', /^completed in [\d.]+ s · waited 1\.0 s · [\d.]+ s in all$/);
    await shows('gpu-1', /^online · gpu · idle · /);
  });

  it('shows the job of a task in the dashboard', async () => {
    await tree.inlineAction(session.page, 'encode-1', 'Show Job in Dashboard');
    await dashboard(session.page)
      .getByRole('button', { name: /nightly/ })
      .first()
      .waitFor();
  });

  it('shows a failed task with its error, and opens the line', async () => {
    const stack = `ValueError: no such row\n    at load (${source}:2:3)`;
    const error = { type: 'ValueError', message: 'no such row', stack };
    const task = { task_id: 'load-7', worker_id: 'gpu-1' };
    await session.postEvents([
      { type: 'task.started', ...task, time: ago(3) },
      { type: 'task.failed', ...task, error },
    ]);
    const row = await shows('load-7', /^failed after [\d.]+ s · ValueError: no such row/);
    assert.ok(row.name.startsWith('load-7, failed after '), row.name);
    assert.equal(await iconOf('load-7'), 'error');
    await tree.inlineAction(session.page, 'load-7', 'Open Error');
    await until('the editor', async () => (await activeEditor(session.page)) === 'load.js', LIMIT);
    assert.equal((await cursorPosition(session.page)).line, 2);
  });

  it('shows how many tasks wait in a queue, and for how long', async () => {
    await session.postEvents([
      { type: 'queue.sampled', queue: 'frames', kind: 'gpu', pending: 12, oldest_wait_ms: 185_000 },
      { type: 'task.submitted', task_id: 'encode-2', queue: 'frames', time: ago(60) },
    ]);
    await shows('Queues', /^1 queue · 12 pending$/);
    await shows('frames', /^12 pending · oldest waits 3m 05s · gpu$/);
    await tree.expand(session.page, 'frames', VIEW);
    await shows('encode-2', /^waiting for 1m \d\ds$/);
  });

  it('calls a worker unhealthy that fails task after task', async () => {
    const failures = [1, 2, 3].flatMap((n) => {
      const task = { task_id: `bad-${n}`, worker_id: 'cpu-2' };
      return [
        { type: 'task.started', ...task },
        { type: 'task.failed', ...task, error: { message: 'exit code 137' } },
      ];
    });
    await session.postEvents([worker('cpu-2'), ...failures]);
    await shows('cpu-2', /^unhealthy, 3 failures in a row · cpu · idle/);
    assert.equal(await iconOf('cpu-2'), 'warning');
    await tree.row(session.page, 'cpu-2', VIEW).hover();
    await session.page.getByText('Its last 3 tasks failed.').first().waitFor({ timeout: LIMIT });
  });

  it('says that a worker is offline that falls silent, counts it in the badge, and takes it back', async () => {
    await session.postEvents([worker('cpu-3')]);
    await shows('cpu-3', /^online · cpu · idle/);
    await shows('cpu-3', /^offline for \d+ s · cpu$/);
    assert.equal(await iconOf('cpu-3'), 'debug-disconnect');
    await until(
      'the badge',
      async () => Number(await activityBadge(session.page, 'Pipescope')) >= 1,
      LIMIT,
    );
    await session.postEvents([worker('cpu-3')]);
    await shows('cpu-3', /^online · cpu · idle · CPU 12 % · 900 MB$/);
  });

  it('copies the id of a worker', async () => {
    await tree.contextAction(session.page, 'cpu-3', 'Copy Worker Id');
    await until(
      'the id',
      async () => (await session.page.evaluate(() => navigator.clipboard.readText())) === 'cpu-3',
      LIMIT,
    );
  });
});
