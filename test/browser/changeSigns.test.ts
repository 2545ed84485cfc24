import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { SeriesChanges } from '../../service/protocol/changes.ts';
import { duration } from '../../service/protocol/describe.ts';
import type { JobStatistics } from '../../service/protocol/jobStatistics.ts';
import { changeWords } from '../../webview/changeView.ts';
import { pipelineRun, wobble } from '../support/pipelineRuns.ts';
import { eventually, getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { cellsOf, useLive } from './support/livePages.ts';

const MINUTE = 60_000;
const RUNS = 20;
const FIRST_SLOW = 10;

/** Twenty runs a minute apart, of which P06 takes half as long again from the eleventh on; then three of another pipeline. */
function events(now: number): object[] {
  const begin = now - 60 * MINUTE;
  const stepped = Array.from({ length: RUNS }, (_, number) => {
    const ms = number < FIRST_SLOW ? 12_100 : 17_900;
    const p06_ms = ms * (1 + 0.02 * wobble(number));
    return pipelineRun({ pipeline: 'stepped', number, begin: begin + number * MINUTE, p06_ms });
  });
  const others = [1, 2, 3].map((number) =>
    pipelineRun({ pipeline: 'other', number, begin: begin + (30 + number) * MINUTE, p06_ms: 5000 }),
  );
  return [...stepped, ...others].flat();
}

describe('changes on charts of runs, of a real service', () => {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });

  /** Of whole runs, or of a phase; each has changed once. */
  const changesOf = async (phase: string) => {
    const path = `/api/v1/changes?pipeline=stepped&metric=execution_time&phase_id=${phase}`;
    const { series } = await eventually(async () => {
      const answer = await getJson<{ series: SeriesChanges[] }>(live().service, path);
      return answer.series[0]?.changes.length === 1 ? answer : null;
    }, 'The change');
    const [change] = series[0]?.changes ?? [];
    assert.ok(change);
    return { change, words: changeWords('execution_time', change) };
  };

  it('mark since which run one is slower, in Performance: chart, list, table and file', async () => {
    const { change, words } = await changesOf('');
    const phase = await changesOf('P06');
    assert.equal(change.job_id, `stepped-${FIRST_SLOW}`);
    const [region, page] = await live().open('Performance');
    await region.getByRole('combobox', { name: 'Pipeline' }).selectOption('stepped');
    const list = region.getByRole('list', { name: 'Lasting changes' });
    await list.getByRole('button', { name: words }).waitFor();
    assert.deepEqual(
      (await list.getByRole('button').allInnerTexts()).map((text) => text.trim()),
      [`Whole runs: ${words}`, `P06: ${phase.words}`],
    );
    const download = page.waitForEvent('download');
    await region.getByRole('button', { name: /^Save Execution time/ }).click();
    await region.getByRole('menuitem', { name: 'Save as SVG drawing' }).click();
    assert.match(await readFile(await (await download).path(), 'utf8'), />slower</);
    await region.getByRole('button', { name: 'Show Execution time as table' }).click();
    const rows = await cellsOf(region.getByRole('table', { name: 'Execution time' }));
    const marked = rows.flatMap((cells, at) => (cells.at(-1) === words ? [RUNS - 1 - at] : []));
    assert.deepEqual(marked, [FIRST_SLOW]);
    await list.getByRole('button', { name: `P06: ${phase.words}` }).click();
    await page.getByRole('button', { name: new RegExp(`^Job: ${change.job_id}`) }).waitFor();
  });

  it('and the usual range stand on the times of one pipeline in History, and are read by keys', async () => {
    const { words } = await changesOf('');
    const [region] = await live().open('History');
    const hint = 'Choose a pipeline above to see since when it is slower or faster.';
    await region.getByText(hint).waitFor();
    await region.getByRole('combobox', { name: 'Pipeline' }).selectOption('stepped');
    await region.getByText(`Last change: ${words}.`).waitFor();
    assert.equal(await region.getByText(hint).count(), 0);
    const chart = region.getByRole('img', { name: /^Time of each run/ });
    await chart.focus();
    await chart.press('Home');
    for (let n = 0; n < FIRST_SLOW; n++) await chart.press('ArrowRight');
    await region.getByText(`Change ${words}`).first().waitFor();
    await region.getByRole('button', { name: 'Show Time of each run as table' }).click();
    const { runs } = await getJson<JobStatistics>(
      live().service,
      '/api/v1/statistics/jobs?pipeline=stepped',
    );
    const rows = await cellsOf(region.getByRole('table', { name: 'Time of each run' }));
    // Only rows on the screen are drawn, the newest first.
    assert.ok(rows.length > FIRST_SLOW);
    assert.deepEqual(
      rows.map((cells) => cells.slice(6, 9)),
      [...runs]
        .reverse()
        .slice(0, rows.length)
        .map(({ expected_low_ms, expected_high_ms }, at) => [
          ...[expected_low_ms, expected_high_ms].map((ms) => duration(ms)),
          RUNS - 1 - at === FIRST_SLOW ? words : '-',
        ]),
    );
    assert.ok(runs.some(({ expected_low_ms }) => expected_low_ms !== null));
  });
});
