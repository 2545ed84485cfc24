import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import type { SubPhaseRecord } from '../../service/protocol/record.ts';
import { dashboardFrame, FAILED_JOB } from '../fixtures/frames.ts';
import { needsChromium } from '../support/skip.ts';
import { TOKEN } from './support/dashboardServer.ts';
import { Pages } from './support/pages.ts';

/** The failed run alone, with five sub-phases in every phase that began: more rows than are in sight. */
function longRun(): RecordsFrame {
  const frame = dashboardFrame(Date.now());
  const mine = <T extends { job_id: string }>(all: readonly T[]): T[] =>
    all.filter(({ job_id }) => job_id === FAILED_JOB);
  const phases = mine(frame.phases);
  const sub_phases = phases.flatMap(({ phase_id, started_at }) =>
    started_at === null
      ? []
      : [1, 2, 3, 4, 5].map((n): SubPhaseRecord => {
          const name = `${phase_id} step ${n}`;
          const times = { started_at, duration_ms: n * 100, recorded_at: started_at };
          const rest = { metrics: {}, seq: frame.seq, status: 'COMPLETED' } as const;
          return { job_id: FAILED_JOB, phase_id, name, ...times, ...rest };
        }),
  );
  return { ...frame, jobs: mine(frame.jobs), phases, sub_phases, alerts: [] };
}

describe('the timeline of a long job', () => {
  needsChromium();
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(async () => {
    await pages.reset();
    pages.server.first = longRun;
    pages.server.topic = () => ({ ...longRun(), reset: false });
  });
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  async function open(): Promise<Page> {
    const page = await pages.blank();
    await page.goto(`${pages.server.url}#token=${TOKEN}`);
    await items(page).first().waitFor();
    return page;
  }
  const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', exact: true });
  const items = (page: Page) => timeline(page).getByRole('treeitem');
  const step = (page: Page, name: string) => timeline(page).getByText(name, { exact: true });

  it('shows all phases in sight, and the sub-phases of those that are opened', async () => {
    const page = await open();
    assert.equal(await items(page).count(), 10);
    const first = timeline(page).getByRole('treeitem', { name: /^P00 Document Assembly/ });
    await first.and(page.locator('[aria-expanded=false]')).locator('.twistie').click();
    await step(page, 'P00 step 5').waitFor();
    assert.equal(await first.getAttribute('aria-selected'), 'false');
    await first.and(page.locator('[aria-expanded=true]')).locator('.twistie').click();
    await step(page, 'P00 step 5').waitFor({ state: 'detached' });
  });

  it('opens and closes a phase by the arrow keys, beginning at the one that failed', async () => {
    const page = await open();
    await timeline(page).getByRole('tree').focus();
    await page.keyboard.press('ArrowRight');
    await step(page, 'P06 step 1').waitFor();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft'])
      await page.keyboard.press(key);
    await step(page, 'P06 step 1').waitFor({ state: 'detached' });
  });

  it('opens all at once, and shows them with the failed phase in sight after a reload', async () => {
    const page = await open();
    await timeline(page).getByRole('button', { name: 'Show sub-phases' }).click();
    await timeline(page).getByRole('button', { name: 'Hide sub-phases' }).waitFor();
    await page.reload();
    const failed = timeline(page).getByRole('treeitem', { name: /^P06 Clustering/ });
    await failed.waitFor();
    const rows = await timeline(page).getByRole('tree').boundingBox();
    const row = await failed.boundingBox();
    assert.ok(rows && row && row.y >= rows.y && row.y + row.height <= rows.y + rows.height + 1);
  });
});
