import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { memory, percent } from '../../service/protocol/describe.ts';
import type { SeriesAnswer } from '../../service/protocol/series.ts';
import { needsChromium } from '../support/skip.ts';
import { send, type TestService, useServices } from '../support/service.ts';
import { Pages } from './support/pages.ts';

const SECOND = 1_000;
/** A run of a minute that ended a minute ago; what its machine and a worker's did in that time. */
function story(from: number): object[] {
  const at = (second: number): string => new Date(from + second * SECOND).toISOString();
  const job = { job_id: 'nightly-1' };
  const seconds = Array.from({ length: 60 }, (_, second) => second).filter(
    // Nothing was measured for ten seconds.
    (second) => second < 30 || second >= 40,
  );
  return [
    { type: 'job.started', ...job, name: 'nightly', time: at(0) },
    ...['P00', 'P01'].flatMap((phase_id, index) => [
      { type: 'phase.started', ...job, phase_id, time: at(index * 30) },
      { type: 'phase.completed', ...job, phase_id, time: at(index * 30 + 30) },
    ]),
    ...seconds.flatMap((second) => [
      {
        type: 'resource.sampled',
        ...job,
        time: at(second),
        cpu_percent: second,
        memory_mb: 100 + second,
      },
      {
        type: 'resource.sampled',
        time: at(second),
        cpu_percent: 90 - second,
        memory_mb: 4096,
        net_in_mb_s: 1,
        net_out_mb_s: 2,
      },
      {
        type: 'worker.heartbeat',
        worker_id: 'w <1>',
        time: at(second),
        cpu_percent: 50,
        memory_mb: 700,
      },
    ]),
    { type: 'job.completed', ...job, time: at(60) },
  ];
}

describe('the resources on the dashboard', () => {
  needsChromium();
  const pages = new Pages();
  let service: TestService;
  let from = 0;
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(async () => {
    await pages.reset();
    service = await start();
    from = Math.floor(Date.now() / SECOND) * SECOND - 120 * SECOND;
    await send(service, story(from));
  });
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, []);
  });

  // After the pages are closed: they would complain of a service that is gone.
  const start = useServices();

  async function open(): Promise<{ page: Page; region: Locator }> {
    const page = await pages.blank();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    const region = page.getByRole('region', { name: 'Resources' });
    await region.waitFor();
    await region.scrollIntoViewIfNeeded();
    await region.getByRole('img', { name: /^CPU against time/ }).waitFor();
    return { page, region };
  }

  const show = (region: Locator, whose: string): Promise<void> =>
    region.getByRole('combobox', { name: 'Resources of' }).selectOption(whose).then();

  async function asked(path: string): Promise<SeriesAnswer> {
    const range = `from=${from}&to=${from + 60 * SECOND}`;
    const headers = { authorization: `Bearer ${service.tokens.admin}` };
    const answer = await fetch(`${service.url}/api/v1/series?${path}&${range}`, { headers });
    assert.equal(answer.status, 200);
    return (await answer.json()) as SeriesAnswer;
  }

  /** The rows of the CSV that a chart is saved as. */
  async function csv(page: Page, region: Locator, name: string): Promise<string[][]> {
    const download = page.waitForEvent('download');
    await region.getByRole('button', { name: `Save ${name}`, exact: true }).click();
    await region.getByRole('menuitem', { name: 'Save as CSV table' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    return text
      .replace('\uFEFF', '')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
  }

  it('are those of the run, as it was sampled', async () => {
    const { page, region } = await open();
    await region
      .getByRole('img', { name: /^CPU against time: last 59 % · average 29 % · highest 59 %\./ })
      .waitFor();
    const [head, ...rows] = await csv(page, region, 'CPU');
    assert.deepEqual(head, ['Time (UTC)', 'Phase', 'CPU (%)']);
    assert.equal(rows.length, 50);
    assert.deepEqual(rows[0], [new Date(from + 59_000).toISOString(), 'P01', '59']);
    assert.deepEqual(rows.at(-1), [new Date(from).toISOString(), 'P00', '0']);
    await region
      .getByText('Not measured for this run: GPU, GPU memory, Disk, and Network.')
      .waitFor();
  });

  it('are those of this machine, point by point what REST answers for the same range', async () => {
    const { page, region } = await open();
    await show(region, 'host');
    const { series } = await asked('metric=cpu_percent&label.source=host&aggregation=avg');
    const points = series[0]?.points ?? [];
    assert.ok(points.length >= 20, `${points.length} points`);
    const last = percent(points.at(-1)?.[1]);
    await region
      .getByRole('img', { name: new RegExp(`^CPU against time: last ${last} `) })
      .waitFor();
    const [, ...rows] = await csv(page, region, 'CPU');
    assert.deepEqual(
      rows.map(([time, , value]) => [Date.parse(time ?? ''), Number(value)]).reverse(),
      points.filter(([time]) => time >= from),
    );
    const network = await csv(page, region, 'Network');
    assert.deepEqual(network[0], ['Time (UTC)', 'Phase', 'received (MB/s)', 'sent (MB/s)']);
    assert.deepEqual(network[1]?.slice(2), ['1', '2']);
    await region.getByText('Not measured on this machine: GPU, GPU memory, and Disk.').waitFor();
  });

  it("are those of a worker's machine, and stay so over a reload", async () => {
    const { page, region } = await open();
    await show(region, 'worker:w <1>');
    const memoryChart = { name: new RegExp(`^Memory against time: last ${memory(700)} `) };
    await region.getByRole('img', memoryChart).waitFor();
    await region
      .getByText('Worker w <1> did not report GPU, GPU memory, Disk, and Network.')
      .waitFor();
    await page.reload();
    await region.scrollIntoViewIfNeeded();
    await region.getByRole('img', memoryChart).waitFor();
  });

  it('show a part of the time that is marked by keys, and all of it again', async () => {
    const { page, region } = await open();
    const cpu = region.getByRole('img', { name: /^CPU against time/ });
    await cpu.focus();
    for (const key of [
      'Home',
      'ArrowRight',
      'ArrowRight',
      'Shift+ArrowRight',
      'Shift+ArrowRight',
      'Shift+ArrowRight',
    ])
      await page.keyboard.press(key);
    await region.getByText(/ · CPU 5\.0 % · Memory 105 MB/).waitFor();
    await page.keyboard.press('Enter');
    await region
      .getByRole('img', {
        name: /^CPU against time: last 5\.0 % · average 3\.5 % · highest 5\.0 %/,
      })
      .waitFor();
    assert.equal((await csv(page, region, 'Memory')).length, 1 + 4);
    await cpu.focus();
    await page.keyboard.press('Backspace');
    await region.getByRole('img', { name: /^CPU against time: last 59 %/ }).waitFor();
  });

  it('say how to get samples where a run has none, and offer the machine', async () => {
    await send(service, [
      { type: 'job.started', job_id: 'bare', name: 'bare' },
      { type: 'phase.started', job_id: 'bare', phase_id: 'P0' },
    ]);
    const page = await pages.blank();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    const region = page.getByRole('region', { name: 'Resources' });
    await region.scrollIntoViewIfNeeded();
    await region
      .getByText(/^No samples so far\. Jobs that are started with "pipescope run"/)
      .waitFor();
    await region.getByRole('button', { name: 'Show This Machine' }).click();
    await region
      .getByText(/^Not measured on this machine|^Nothing was measured/)
      .first()
      .waitFor();
  });
});
