import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CriticalPathRecord } from '../../service/protocol/criticalPath.ts';
import { duration, percent } from '../../service/protocol/describe.ts';
import { gainsOf } from '../../webview/elements/bottlenecks/speedUp.ts';
import { pathLine } from '../../webview/elements/timeline/runWords.ts';
import { pathView } from '../../webview/pathView.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { bringIntoView, cellsOf, useLive } from './support/livePages.ts';

const JOB = 'nightly';
const NAMES = { P0: 'Load', P1: 'Check', P2: 'Train', P3: 'Index', P4: 'Store' };

/** P0, then P2 (through P1, which was skipped) and P3 which end together, then P4; it ended long before `now`. */
function events(now: number): object[] {
  const at = (second: number) => ({ job_id: JOB, time: now - 400_000 + second * 1000 });
  const phase = (id: keyof typeof NAMES, [from, to]: [number, number], depends_on: string[]) => {
    const of = { phase_id: id, name: NAMES[id] };
    return [
      { type: 'phase.started', ...of, depends_on, ...at(from) },
      { type: 'phase.completed', ...of, ...at(to) },
    ];
  };
  const phases = Object.entries(NAMES).map(([phase_id, name]) => ({
    ...{ phase_id, name, depends_on: phase_id === 'P1' ? ['P0'] : [] },
  }));
  return [
    { type: 'job.started', pipeline: 'nightly', phases, ...at(0) },
    ...phase('P0', [5, 45], []),
    { type: 'phase.skipped', phase_id: 'P1', reason: 'cached', ...at(45) },
    ...phase('P2', [45, 145], ['P1']),
    ...phase('P3', [45, 145], ['P0']),
    ...phase('P4', [150, 230], ['P2', 'P3']),
    { type: 'job.completed', ...at(240) },
  ];
}

describe('the critical path on the page, of a real service', () => {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });
  const record = (job = JOB) =>
    getJson<CriticalPathRecord>(live().service, `/api/v1/jobs/${job}/critical-path`);

  it('is the one of REST on the timeline and the graph, where a phase was skipped and two tie', async () => {
    const told = await record();
    const ids = told.path.map(({ phase_id }) => phase_id);
    assert.deepEqual([ids, told.path_ms], [['P0', 'P2', 'P4'], 220_000]);
    const [timeline, page] = await live().open('Timeline');
    const view = pathView(told);
    assert.ok(view);
    await timeline.getByText(pathLine(view), { exact: true }).waitFor();
    const rows = await timeline
      .getByRole('option')
      .evaluateAll((all) => all.map((row) => row.ariaLabel ?? ''));
    const critical = rows.filter((text) => text.includes('on the critical path'));
    assert.deepEqual(
      critical.map((text) => text.slice(0, 2)),
      ids,
    );
    for (const [at, { share }] of told.path.entries())
      assert.ok(critical[at]?.includes(`on the critical path: ${percent(share * 100)} of the run`));
    const flow = await bringIntoView(page, 'Pipeline flow');
    await flow.locator('.node.critical').first().waitFor();
    const marked = await flow.locator('.node.critical').allInnerTexts();
    assert.deepEqual(marked.map((text) => text.trim().slice(0, 2)).sort(), [...ids].sort());
  });

  it('says what one would gain, with headings that are read whole in both languages', async () => {
    const told = await record();
    const expected = gainsOf(told).map((one) => {
      const less = (ms: number | null) =>
        `${duration(ms)} less, ${percent((100 * (ms ?? 0)) / told.length_ms)}`;
      return [duration(one.took_ms), less(one.gain_ms_if_halved), less(one.gain_ms_if_free)];
    });
    assert.ok(expected.length >= 2);
    for (const [locale, name] of [
      ['en', 'What to speed up'],
      ['de-DE', 'Was zu beschleunigen ist'],
    ] as const)
      for (const width of [320, 760, 1280]) {
        const viewport = { width, height: 900 };
        const [region] = await live().open('Bottlenecks', { viewport, locale });
        const table = region.getByRole('table', { name });
        await table.waitFor();
        if (locale === 'en' && width === 1280) assert.deepEqual(await cellsOf(table), expected);
        const cut = await table
          .locator('thead th:visible, td:visible')
          .evaluateAll((all) =>
            all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
          );
        assert.deepEqual(cut, [], `${locale}, ${width} px`);
      }
  }).timeout(120_000);

  it('says why it is not known and asks again, and is asked for once by all regions', async () => {
    const page = await live().pages.blank();
    const asked: string[] = [];
    await page.route('**/critical-path', (route) => {
      asked.push(route.request().url());
      return asked.length === 1 ? route.abort() : route.continue();
    });
    await page.goto(`${live().service.url}/enhanced-monitor#token=${live().service.tokens.admin}`);
    const timeline = await bringIntoView(page, 'Timeline');
    await timeline.getByText(/^The critical path is not known: /).waitFor();
    await timeline.getByRole('button', { name: 'Try Again' }).click();
    await timeline.getByText(/^Critical path: P0/).waitFor();
    const bottlenecks = await bringIntoView(page, 'Bottlenecks');
    await bottlenecks.getByRole('table', { name: /speed up/ }).waitFor();
    assert.equal(asked.length, 2);
    // The browser itself complains of what was cut off.
    live().pages.complaints = live().pages.complaints.filter((one) => !one.includes('ERR_FAILED'));
  });

  it('follows a run that goes on, without a question for each word of its progress', async () => {
    const job_id = 'goes-on';
    const begin = Date.now() - 20_000;
    const at = (second: number) => ({ job_id, time: begin + second * 1000 });
    await live().tell([
      { type: 'job.started', pipeline: 'nightly', ...at(0) },
      { type: 'phase.started', phase_id: 'A', ...at(0) },
    ]);
    const page = await live().pages.blank();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes(`${job_id}/critical-path`)) asked++;
    });
    await page.goto(`${live().service.url}/enhanced-monitor#token=${live().service.tokens.admin}`);
    const timeline = await bringIntoView(page, 'Timeline');
    await timeline.getByText(/^Critical path: A, /).waitFor();
    const before = asked;
    for (let n = 1; n <= 15; n++) {
      await live().tell([{ type: 'phase.progress', phase_id: 'A', progress: n / 20, ...at(20) }]);
      await sleep(150);
    }
    assert.ok(asked - before <= 1, `${asked - before} questions in about 3 s`);
    await live().tell([
      { type: 'phase.completed', phase_id: 'A', ...at(21) },
      { type: 'phase.started', phase_id: 'B', ...at(21) },
    ]);
    await timeline.getByText(/^Critical path: A → B, /).waitFor();
  });
});
