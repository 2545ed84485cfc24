import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../src/wire/until.ts';
import { needsVscode } from '../support/skip.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';
import { makeDemoWorkspace } from '../support/vscode/demoWorkspace.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  activeEditor,
  activityBadge,
  cursorPosition,
  notifications,
  openContainer,
  openProblems,
  tree,
  type TreeRow,
} from '../support/vscode/ui/index.ts';
import { runDemo, statusReads } from './support/pipescope.ts';

const PHASES = [
  'P00 Document Assembly',
  'P01 Validation',
  'P02 Splitting',
  'P03 Tokenising',
  'P04 Term statistics',
  'P05 Near-duplicate detection',
  'P06 Clustering',
  'P07 Scoring',
  'P08 Aggregation',
  'P09 Report',
];
const JOB = 'Documents of handbook';
const FILE = 'p06-clustering.mjs';
const FAILURE =
  /Phase P06 Clustering of Documents of handbook failed: Error in p06-clustering\.mjs:\d+: The similarity of section .* is NaN/;

describe('the demo pipeline, watched in VS Code', function () {
  needsVscode();
  this.timeout(90_000);
  const parent = makeTempDir('demo');
  let session: Session;
  /** The line that throws, from 1. */
  let line = 0;
  before(async () => {
    const folder = makeDemoWorkspace(parent);
    const path = join(folder, 'examples/document-pipeline/phases', FILE);
    const source = (await readFile(path, 'utf8')).split('\n');
    line = 1 + source.findIndex((text) => text.includes('throw new Error(whyNotANumber'));
    const env = { PIPESCOPE_DEMO_SECONDS: '8' };
    session = await openSession({ folder, env });
    await openContainer(session.page, 'Pipescope');
    await session.service();
  });
  after(async () => {
    await session?.close();
    removeTempDir(parent);
  });

  const jobRows = () => tree.read(session.page, 'Jobs');
  /** Without the rows of their groups. */
  const alertRows = async () =>
    (await tree.read(session.page, 'Alerts')).filter(({ level }) => level === 2);
  /** Waits until the rows of the view are as wanted, and gives the last one looked at. */
  const rowsShow = (what: string, check: (rows: TreeRow[]) => boolean) =>
    until(
      what,
      async () => {
        const rows = await jobRows();
        return check(rows) && rows;
      },
      30_000,
    );
  const iconOf = (label: string) =>
    tree
      .row(session.page, label, 'Jobs')
      .locator('.custom-view-tree-node-item-icon')
      .evaluate(({ className }: Element) => /codicon-([\w-]+)/.exec(className)?.[1] ?? className);

  it('shows the running job with its progress and its phases in order, live', async () => {
    await runDemo(session.page, 'Let phase P06 fail');
    // Side by side: the run may be over before one was read after the other.
    const [rows] = await Promise.all([
      rowsShow('the running job', ([job, ...phases]) =>
        Boolean(job && /^running \d+ % · \d/.test(job.description) && phases.length >= 10),
      ),
      statusReads(session.page, { text: /^1 running \d+ %(,|$)/, kind: 'plain' }),
    ]);
    assert.equal(rows[0]?.label, JOB);
    assert.deepEqual(
      rows.filter(({ level }) => level === 2).map(({ label }) => label),
      PHASES,
    );
    const running = await rowsShow('a running phase', (all) =>
      all.some(({ level, description }) => level === 2 && /^\d+ % · \d/.test(description)),
    );
    const phase = running.find(
      ({ level, description }) => level === 2 && /^\d+ % · /.test(description),
    );
    assert.equal(await iconOf(JOB), 'loading');
    const later = await rowsShow('another progress', (all) => {
      const now = all.find(({ label }) => label === phase?.label);
      return now !== undefined && now.description !== phase?.description;
    });
    assert.equal(later.filter(({ level }) => level === 2).length, 10);
  });

  it('turns red at the failure: tree, status bar and badge', async () => {
    await statusReads(session.page, { text: /^1 failed$/, kind: 'error' });
    const rows = await rowsShow('the failed job', ([job]) =>
      /^failed at P06 · [\d.]+ s · just now · 1 error$/.test(job?.description ?? ''),
    );
    const texts = Object.fromEntries(rows.map(({ label, description }) => [label, description]));
    assert.match(texts['P00 Document Assembly'] ?? '', /^[\d.]+ m?s$/);
    assert.match(texts['P01 Validation'] ?? '', /^[\d.]+ m?s · 3 warnings$/);
    assert.match(texts['P06 Clustering'] ?? '', /^failed · [\d.]+ m?s · 1 error$/);
    assert.equal(texts['P09 Report'], 'skipped');
    const icons = await Promise.all(
      [JOB, 'P00 Document Assembly', 'P06 Clustering', 'P09 Report'].map(iconOf),
    );
    assert.deepEqual(icons, ['error', 'pass', 'error', 'debug-step-over']);
    assert.equal(await activityBadge(session.page, 'Pipescope'), '2');
    const [alert] = await alertRows();
    assert.equal(alert?.label, 'Phase P06 Clustering failed');
    assert.match(alert?.description ?? '', /^error · just now$/);
  });

  it('shows the sub-phases below their phase', async () => {
    await tree.expand(session.page, 'P03 Tokenising', 'Jobs');
    const rows = await rowsShow('sub-phases', (all) => all.some(({ level }) => level === 3));
    assert.ok(rows.filter(({ level }) => level === 3).every(({ name }) => name.includes(', ')));
  });

  it('tells once, with the next steps', async () => {
    await notifications.toast(session.page, FAILURE).waitFor();
    const texts = await notifications.texts(session.page);
    assert.equal(texts.filter((text) => /failed/.test(text)).length, 1, texts.join('\n'));
    const buttons = notifications.toast(session.page, FAILURE).locator('.monaco-button');
    assert.deepEqual(await buttons.allTextContents(), [
      'Open Error',
      'Show in Dashboard',
      'Acknowledge',
    ]);
  });

  it('opens the line that threw from the Problems panel', async () => {
    const rows = await openProblems(session.page);
    const problem = rows
      .filter({ hasText: 'P06 Clustering: Error: The similarity of section' })
      .first();
    await problem.waitFor();
    const texts = await rows.allTextContents();
    assert.ok(
      texts.some((text) => /worker\.mjs.*in perform/.test(text)),
      texts.join('\n'),
    );
    assert.ok(
      texts.some((text) => text.includes(`Log of ${JOB}`)),
      texts.join('\n'),
    );
    await problem.dblclick();
    await until('the editor', async () => (await activeEditor(session.page)) === FILE, 10_000);
    assert.equal((await cursorPosition(session.page)).line, line);
    const squiggles = session.page.locator('.part.editor .squiggly-error');
    await squiggles.first().waitFor();
  });

  it('opens the same line by "Open Error" of the notification', async () => {
    await session.page.keyboard.press('Control+Home');
    await until('line 1', async () => (await cursorPosition(session.page)).line === 1);
    await notifications.click(session.page, FAILURE, 'Open Error');
    await until('the line', async () => (await cursorPosition(session.page)).line === line);
    assert.equal(await activityBadge(session.page, 'Pipescope'), '1');
  });

  it('is quiet once the alert is acknowledged in the tree', async () => {
    await tree.inlineAction(session.page, 'Phase P06 Clustering failed', 'Acknowledge Alert');
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
    await until('an acknowledged row', async () =>
      /^error · acknowledged by \S+ since just now$/.test(
        (await alertRows())[0]?.description ?? '',
      ),
    );
    await until('no badge', async () => (await activityBadge(session.page, 'Pipescope')) === null);
  });

  it('tells of a second failure, acknowledged by its notification', async () => {
    await runDemo(session.page, 'Let phase P06 fail');
    await statusReads(session.page, { text: /^1 failed$/, kind: 'error' });
    await notifications.click(session.page, FAILURE, 'Acknowledge');
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
    const rows = await openProblems(session.page);
    assert.equal(await rows.filter({ hasText: 'P06 Clustering: Error' }).count(), 1);
  });

  it('clears the problem when the phase passes', async () => {
    await runDemo(session.page, 'Run to the end');
    const rows = await openProblems(session.page);
    await until(
      'no problem',
      async () => (await rows.filter({ hasText: 'P06 Clustering' }).count()) === 0,
      30_000,
    );
    await rowsShow('the completed job', (all) =>
      /^completed · [\d.]+ s · just now · 3 warnings$/.test(all[0]?.description ?? ''),
    );
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
  });
});
