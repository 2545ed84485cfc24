import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { emptyFrame, hugeFrame, job, phase, RUNNING_JOB } from '../fixtures/frames.ts';
import { axeViolations } from '../support/axe.ts';
import { getJson, send, startService, type TestService } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { removeTempDir } from '../support/tempDir.ts';
import { TOKEN } from './support/dashboardServer.ts';
import { Pages } from './support/pages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const flow = (page: Page): Locator => page.getByRole('region', { name: 'Pipeline flow' });
const nodes = (page: Page): Locator => flow(page).getByRole('listitem').locator('.node');
const node = (page: Page, name: RegExp): Locator => flow(page).getByRole('button', { name });

/** One to many and together again. */
function fan(count: number): RecordsFrame {
  const reads = Array.from({ length: count }, (_, n) => `r${n}`);
  const of = (phase_id: string, index: number, part: Partial<PhaseRecord>): PhaseRecord =>
    phase({ ...{ job_id: 'fan', phase_id, index }, ...part });
  const phases = [
    of('split', 0, { status: 'COMPLETED' }),
    ...reads.map((id, n) =>
      of(id, n + 1, {
        ...{ name: `Read ${n}`, depends_on: ['split'] },
        status: n === 7 ? 'FAILED' : n % 2 ? 'COMPLETED' : 'PENDING',
      }),
    ),
    of('merge', count + 1, { depends_on: reads }),
  ];
  const jobs = [job({ job_id: 'fan', name: 'fan', phases_total: phases.length })];
  return emptyFrame({ reset: true, jobs, phases, jobs_total: 1 });
}

describe('the graph of a run', () => {
  needsChromium();
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  async function open(frame?: () => RecordsFrame, width = 1280): Promise<Page> {
    if (frame !== undefined) {
      pages.server.first = frame;
      pages.server.topic = () => ({ ...frame(), reset: false });
    }
    const page = await pages.blank({ viewport: { width, height: 900 }, bypassCSP: true });
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await flow(page).waitFor();
    return page;
  }

  it('walks along the edges by the arrow keys, selects with Enter and shows the way', async () => {
    const page = await open();
    await node(page, /^P00 /).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await node(page, /^P01 /).and(page.locator('[aria-pressed=true]')).waitFor();
    assert.equal(await flow(page).locator('.node.related').count(), 10);
    await page.keyboard.press('End');
    const last = node(page, /^P09 /);
    assert.ok(await last.evaluate((it) => it === (it.getRootNode() as ShadowRoot).activeElement));
  });

  it('puts the metric that is chosen on every phase, and keeps it over a reload', async () => {
    const page = await open();
    await node(page, /^P05 /).waitFor();
    await flow(page).getByRole('combobox', { name: 'Shade phases by' }).selectOption('Memory');
    await node(page, /^P05 .*880 MB/).waitFor();
    assert.equal(await flow(page).locator('.heat.memory').count(), 6);
    await page.reload();
    await node(page, /^P05 .*880 MB/).waitFor();
  });

  it('changes a phase in place when its state does', async () => {
    const page = await open();
    const p05 = await node(page, /^P05 /).elementHandle();
    const record = pages.server
      .topic(RUNNING_JOB)
      ?.phases.find((one) => one.job_id === RUNNING_JOB && one.phase_id === 'P05');
    assert.ok(record && p05);
    const failed = { ...record, status: 'FAILED', error_count: 3, seq: 1e9 } as const;
    pages.server.send(emptyFrame({ phases: [failed] }));
    await node(page, /^P05 .*3 errors.*, failed/).waitFor();
    assert.ok(await p05.evaluate((element) => element.isConnected));
  });

  it('folds phases beside each other, with the worst state, and unfolds them', async () => {
    const page = await open(() => fan(120));
    const group = node(page, /^Read 120 phases/);
    await group.and(page.locator('[aria-expanded=false]')).waitFor();
    assert.match((await group.textContent()) ?? '', /1 failed.*, failed/s);
    assert.equal(await nodes(page).count(), 3);
    await group.click();
    await node(page, /^r0 Read 0/).waitFor();
    await flow(page).getByRole('button', { name: 'Fold Read: 120 phases' }).click();
    await group.waitFor();
  });

  it('shows all of a large graph, a map to move on it, and the rest in a table', async () => {
    const page = await open(() => fan(500));
    await flow(page).getByRole('button', { name: 'Unfold the groups' }).click();
    await node(page, /^r7 Read 7\b.*failed/s).waitFor();
    const map = flow(page).getByRole('group', { name: /^Map of the graph/ });
    const scrolled = (): Promise<number> =>
      flow(page)
        .locator('.view')
        .evaluate((view) => view.scrollTop);
    await map.focus();
    await page.keyboard.press('End');
    const end = await scrolled();
    await page.keyboard.press('ArrowUp');
    assert.ok((await scrolled()) < end);
    await flow(page).getByRole('button', { name: 'Fit the graph in' }).click();
    await map.waitFor({ state: 'detached' });
    assert.equal(await nodes(page).count(), 1, 'the rest is painted');
    await flow(page).getByRole('button', { name: 'Show as table' }).click();
    const table = flow(page).getByRole('table', { name: 'Phases by dependency' });
    assert.equal(await table.getAttribute('aria-rowcount'), '503');
    await table.getByRole('cell', { name: 'split' }).first().waitFor();
  });

  it('asks before it draws thousands of phases, and stays light when it does', async () => {
    const page = await open(() => hugeFrame(Date.now()));
    await flow(page).getByText('This run has 5,000 phases.').waitFor();
    assert.equal(await nodes(page).count(), 0);
    const begun = performance.now();
    await flow(page).getByRole('button', { name: 'Draw the graph' }).click();
    await nodes(page).first().waitFor();
    console.log(`      5,000 phases drawn after ${Math.round(performance.now() - begun)} ms`);
    assert.ok((await nodes(page).count()) < 450);
  });

  it('survives circles, unknown phases and names that would break a page', async () => {
    const name = `<img src=x onerror=alert(1)>\u202e${'long '.repeat(2_000)}`;
    const page = await open(() => {
      const all = [
        phase({ phase_id: 'a', depends_on: ['b', 'a', 'gone'], name }),
        phase({ phase_id: 'b', index: 1, depends_on: ['a'] }),
      ];
      const jobs = [job({ job_id: RUNNING_JOB, phases_total: 2 })];
      return emptyFrame({ reset: true, jobs, phases: all, jobs_total: 1 });
    });
    await flow(page).getByText('in a circle').waitFor();
    assert.equal(await flow(page).locator('img').count(), 0);
    await node(page, /^a </).hover();
    await flow(page).getByText('depends on gone, which this run does not have').waitFor();
  });

  for (const format of ['SVG', 'PNG', 'CSV'])
    it(`saves itself as ${format}`, async () => {
      const page = await open();
      await node(page, /^P05 /).waitFor();
      await flow(page).getByRole('button', { name: 'Save the graph' }).click();
      const download = page.waitForEvent('download');
      await flow(page).getByRole('menuitem', { name: format }).click();
      const bytes = await readFile(await (await download).path());
      const head = bytes.subarray(0, 4).toString('latin1');
      if (format === 'PNG') assert.equal(head, '\x89PNG');
      else assert.match(bytes.toString('utf8'), /P05 Near-Duplicate D/);
    });

  it('has no violation that axe finds, in any theme', async () => {
    const page = await open(() => fan(120));
    await flow(page).getByRole('combobox', { name: 'Shade phases by' }).selectOption('Errors');
    await node(page, /^Read 120/).click();
    await node(page, /^r7 /).click();
    const path = ['pipescope-dashboard', 'pipescope-flow'];
    assert.deepEqual(await inEachTheme(page, () => axeViolations(page, path)), []);
  }).timeout(IN_EACH_THEME_MS);
});

describe('the graph of what a service knows', () => {
  needsChromium();
  const pages = new Pages();
  let service: TestService;
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(async () => {
    await pages.reset();
    const dist = process.env['PIPESCOPE_DIST'];
    service = await startService(dist === undefined ? {} : { dist });
  });
  afterEach(async () => {
    await pages.close();
    await service.stop();
    removeTempDir(service.dataDir);
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  const at = (second: number): string =>
    new Date(Date.now() - 60_000 + second * 1000).toISOString();
  /** A run whose phases declare nothing: `b` and `c` after `a`, side by side. */
  async function run(jobId: string): Promise<void> {
    const event = (type: string, second: number, rest: object): object => ({
      ...{ id: `${jobId}-${type}-${second}-${JSON.stringify(rest)}`, type, time: at(second) },
      ...{ source: 'test', job_id: jobId },
      ...rest,
    });
    await send(service, [
      event('job.started', 0, { pipeline: 'nightly', name: 'nightly' }),
      event('phase.started', 1, { phase_id: 'a' }),
      event('phase.completed', 3, { phase_id: 'a' }),
      event('phase.started', 4, { phase_id: 'b' }),
      event('phase.started', 4.5, { phase_id: 'c' }),
      event('phase.completed', 6, { phase_id: 'b' }),
      event('phase.completed', 7, { phase_id: 'c' }),
    ]);
  }

  it('draws the order that all runs kept where nothing is declared, as REST says it', async () => {
    for (const id of ['one', 'two', 'three', 'four']) await run(id);
    const graph = await getJson<{ edges: { from: string; to: string; kind: string }[] }>(
      service,
      '/api/pipeline/dependency-graph?job_id=four',
    );
    assert.deepEqual(
      graph.edges.map(({ from, to, kind }) => [from, to, kind]),
      [
        ['a', 'b', 'observed'],
        ['a', 'c', 'observed'],
      ],
    );
    const page = await pages.blank();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await flow(page).getByText('No dependency is declared.').waitFor();
    assert.equal(await flow(page).locator('svg.observed .edge').count(), graph.edges.length);
    const { phases } = await getJson<{ phases: PhaseRecord[] }>(
      service,
      '/api/v1/monitoring/jobs/four/phases',
    );
    assert.equal(await nodes(page).count(), phases.length);
    await node(page, /^b 2\.0 s/).waitFor();
  });
});
