import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TaskRecord } from '../../service/protocol/domain.ts';
import type { Occupancy } from '../../service/protocol/occupancy.ts';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { getJson, send, startService, type TestService } from '../support/service.ts';
import { axeViolations } from '../support/axe.ts';
import { needsChromium } from '../support/skip.ts';
import { removeTempDir } from '../support/tempDir.ts';
import { Pages } from './support/pages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const JOB = 'nightly';
const T0 = Date.now() - 400_000;
const at = (second: number): { time: number } => ({ time: T0 + second * 1000 });
const TASKS = 1_500;

function phase(id: string, from: number, to: number, depends_on: string[] = []): object[] {
  const named = { job_id: JOB, phase_id: id, name: `Step ${id}` };
  return [
    { type: 'phase.started', ...named, depends_on, ...at(from) },
    { type: 'phase.completed', ...named, ...at(to) },
  ];
}

function taskEvents(n: number): object[] {
  const task = { task_id: `task-${n}`, job_id: JOB, phase_id: 'P1' };
  const ids = { ...task, worker_id: `w-${n % 6}` };
  const start = 50 + (n % 90);
  const end = { ...ids, ...at(start + 2) };
  return [
    { type: 'task.submitted', ...task, ...at(start - 10) },
    { type: 'task.started', ...ids, ...at(start) },
    n % 100 === 7
      ? { type: 'task.failed', ...end, error: { message: 'out of memory' } }
      : { type: 'task.completed', ...end },
  ];
}

/** P0 -> P2 -> P3, beside P1; P3 began 20 s after it could; the job ended 5 s after it. */
const EVENTS = [
  { type: 'job.started', job_id: JOB, name: 'Nightly', pipeline: 'nightly', ...at(0) },
  ...phase('P0', 10, 50),
  ...phase('P1', 50, 80, ['P0']),
  ...phase('P2', 50, 180, ['P0']),
  ...phase('P3', 200, 295, ['P1', 'P2']),
  { type: 'job.completed', job_id: JOB, ...at(300) },
  ...Array.from({ length: TASKS }, (_, n) => taskEvents(n)).flat(),
];

describe('the timeline of a run, from a real service', () => {
  needsChromium();
  const pages = new Pages();
  let service: TestService;
  before(async () => {
    await pages.start();
    const dist = process.env.PIPESCOPE_DIST;
    service = await startService(dist === undefined ? {} : { dist });
    for (let from = 0; from < EVENTS.length; from += 1000)
      await send(service, EVENTS.slice(from, from + 1000));
  });
  after(async () => {
    await pages.stop();
    await service.stop();
    removeTempDir(service.dataDir);
  });
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', exact: true });
  const rows = (page: Page) => timeline(page).getByRole('option');

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await pages.blank(options);
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await rows(page).first().waitFor();
    return page;
  }

  async function saved(page: Page, format: string): Promise<string> {
    await timeline(page).getByRole('button', { name: 'Save the timeline' }).click();
    const download = page.waitForEvent('download');
    await timeline(page).getByRole('menuitem', { name: format }).click();
    return readFile(await (await download).path(), 'utf8');
  }

  it('marks the critical path, and says it and its share in words', async () => {
    const page = await open();
    const text = 'Critical path: P0 → P2 → P3, 4m 25s of 4m 55s; P2 alone 44 %.';
    await timeline(page).getByText(text, { exact: true }).waitFor();
    assert.equal(await rows(page).count(), 4);
    assert.equal(await timeline(page).locator('.plot line.critical').count(), 3);
    await timeline(page).getByLabel('Only critical path').check();
    await page.waitForFunction(() =>
      sessionStorage.getItem('pipescope.view')?.includes('"critical":true'),
    );
    const names = await rows(page).evaluateAll((all) =>
      all.map((row) => row.ariaLabel?.slice(0, 19)),
    );
    assert.deepEqual(names, ['P0 Step P0 critical', 'P2 Step P2 critical', 'P3 Step P3 critical']);
  });

  it('says what a phase waited for, and why nothing ran', async () => {
    const page = await open();
    const last = await rows(page).nth(3).getAttribute('aria-label');
    assert.match(
      last ?? '',
      /waited 1m 40s for P2, ready 20\.0 s before it started, on the critical path: 32 % of the run/,
    );
    await timeline(page)
      .getByText(
        'Nothing ran for 35.0 s (12 %) in 3 gaps. The longest, 20.0 s: P3 was ready after P2 and had not started.',
      )
      .waitFor();
  });

  it('shows the moment that is pointed at, as the time of day', async () => {
    const page = await open();
    const plot = timeline(page).locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    await plot.hover({ position: { x: 200, y: 30 } });
    const said = await timeline(page).locator('.cross:visible span').textContent();
    assert.match(said ?? '', /^\d\d:\d\d:\d\d\.\d{3}/);
    await page.mouse.move(5, 5);
    await timeline(page).locator('.cross:visible').waitFor({ state: 'detached' });
  });

  it('is the same as a table and as CSV, with the gaps', async () => {
    const page = await open();
    const csv = await saved(page, 'Save as CSV table');
    const lines = csv.trim().split('\r\n');
    const { phases } = await getJson<{ phases: PhaseRecord[] }>(
      service,
      `/api/v1/monitoring/jobs/${JOB}/snapshot`,
    );
    assert.equal(lines.length, 1 + phases.length + 3);
    for (const [index, { phase_id, name, started_at, ended_at }] of phases.entries())
      assert.ok(
        lines[index + 1]?.startsWith(
          `phase,${phase_id},${name},COMPLETED,${started_at},${ended_at}`,
        ),
        lines[index + 1],
      );
    const svg = await saved(page, 'Save as SVG drawing');
    assert.match(svg, /^<svg /);
    assert.ok(svg.includes('Critical path: P0 → P2 → P3') && svg.includes('P3 Step P3'));
    await timeline(page).getByRole('button', { name: 'Table of the timeline' }).click();
    const table = timeline(page).getByRole('table', { name: 'Timeline' });
    assert.equal(await table.getByRole('row').count(), lines.length);
  });

  it('shows the tasks by worker as REST has them: counts, failures, and each by the keyboard', async () => {
    const page = await open();
    await timeline(page).getByRole('button', { name: 'Workers' }).click();
    await timeline(page)
      .getByText(`${TASKS.toLocaleString('en')} tasks by worker.`)
      .waitFor();
    const { lanes } = await getJson<Occupancy>(service, `/api/v1/task-occupancy?job_id=${JOB}`);
    const told = await rows(page).allTextContents();
    assert.equal(told.length, lanes.length);
    for (const { worker_id, tasks, failed } of lanes) {
      const row = told.find((text) => text.includes(worker_id ?? '?')) ?? '';
      assert.ok(row.includes(`${tasks} tasks`), row);
      assert.equal(row.includes(`${failed} failed`), failed > 0, row);
    }
    await timeline(page).getByRole('listbox').focus();
    await page.keyboard.press('ArrowRight');
    const tip = await timeline(page).locator('.tooltip').allInnerTexts();
    const id = tip[0]?.split('\n')[0] ?? '';
    const task = await getJson<TaskRecord>(service, `/api/v1/tasks/${id}`);
    assert.equal(task.worker_id, 'w-0');
    assert.match(tip[0] ?? '', /waited 10\.0 s in the queue/);
    const csv = await saved(page, 'Save as CSV table');
    assert.equal(csv.trim().split('\r\n').length, TASKS + 1);
  });

  it('has no violation that axe finds, in any theme', async () => {
    // The policy of the page would refuse the script of axe itself.
    const page = await open({ bypassCSP: true });
    const found = (region: string): Promise<string[]> =>
      inEachTheme(page, () => axeViolations(page, ['pipescope-dashboard', region]));
    assert.deepEqual(await found('pipescope-timeline'), []);
    assert.deepEqual(await found('pipescope-phases'), []);
    await timeline(page).getByRole('button', { name: 'Table of the timeline' }).click();
    await timeline(page).getByRole('table').waitFor();
    assert.deepEqual(await found('pipescope-timeline'), []);
    await timeline(page).getByRole('button', { name: 'Table of the timeline' }).click();
    await timeline(page).getByRole('button', { name: 'Workers' }).click();
    await rows(page).first().waitFor();
    assert.deepEqual(await found('pipescope-timeline'), []);
  }).timeout(IN_EACH_THEME_MS);

  it('goes through the phases by the arrow keys, and saves them as they are filtered', async () => {
    const page = await open();
    const phases = page.getByRole('region', { name: 'Phases', exact: true });
    await phases.getByRole('button', { name: /^P0 Step P0/ }).focus();
    await page.keyboard.press('ArrowDown');
    const focused = phases.getByRole('button', { name: /^P1 Step P1/ });
    assert.equal(await focused.evaluate((button) => button.matches(':focus')), true);
    await page.keyboard.press('/');
    await phases.locator('input:focus').waitFor();
    await page.keyboard.type('P3');
    await phases
      .getByText('1 of 4 phases matches.')
      .or(phases.getByText('1 of 4 phases match.'))
      .waitFor();
    const download = page.waitForEvent('download');
    await phases.getByRole('button', { name: 'Save the phases as CSV table' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    const lines = csv.trim().split('\r\n');
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /^P3,Step P3,COMPLETED,1,.*,95000,,,,20000,/);
  });
});
