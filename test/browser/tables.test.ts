import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { Bottleneck } from '../../service/protocol/bottleneck.ts';
import type { ModelRecord, QueueRecord, TaskRecord } from '../../service/protocol/domain.ts';
import type { PipelinePerformance } from '../../service/protocol/pipelinePerformance.ts';
import type { EndpointFigures } from '../../service/protocol/requests.ts';
import { getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { systemEvents } from '../support/systemEvents.ts';
import { useLive } from './support/livePages.ts';

const SECOND = 1000;

/** Besides a system at work: a run that has ended with a failure, and a machine that is busy. */
function events(now: number): object[] {
  const job = { job_id: 'nightly-0', pipeline: 'nightly' };
  const busy = Array.from({ length: 60 }, (_, n) => ({
    type: 'resource.sampled',
    ...{ source: 'host', cpu_percent: 97, time: now - (60 - n) * SECOND },
  }));
  return [
    { type: 'job.started', ...job, name: 'nightly report', time: now - 900 * SECOND },
    { type: 'phase.started', ...job, phase_id: 'load', time: now - 900 * SECOND },
    {
      type: 'phase.failed',
      ...{ ...job, phase_id: 'load', time: now - 800 * SECOND, error: { message: 'no disk' } },
    },
    { type: 'job.failed', ...job, time: now - 800 * SECOND, error: { message: 'no disk' } },
    ...systemEvents(now),
    ...busy,
  ];
}

interface Saved {
  file: string;
  heads: string[];
  rows: string[][];
}

/** Of names and numbers that hold neither commas nor quotes. */
async function saved(page: Page, region: Locator, name: string): Promise<Saved> {
  const download = page.waitForEvent('download');
  await region.getByRole('button', { name: `Save ${name} as CSV table`, exact: true }).click();
  const done = await download;
  const text = await readFile(await done.path(), 'utf8');
  assert.ok(text.startsWith('\uFEFF'));
  const [heads = [], ...rows] = text
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...`,${line}`.matchAll(/,("(?:[^"]|"")*"|[^",]*)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
    );
  return { file: done.suggestedFilename(), heads, rows };
}

describe('the tables of the regions, saved as CSV', () => {
  needsChromium();
  const live = useLive(events, { sampling: { host_interval_ms: 0 } });
  const rest = <T>(path: string): Promise<T> => getJson<T>(live().service, path);
  const today = new Date().toISOString().slice(0, 10);

  it('has the workers as they are filtered and sorted', async () => {
    const [region, page] = await live().open('Workers');
    const table = region.getByRole('table', { name: 'Workers' });
    await table.getByRole('button', { name: 'gpu-2' }).waitFor();
    await region.getByRole('textbox').fill('gpu');
    await table.getByRole('columnheader', { name: 'Worker' }).getByRole('button').click();
    await table.getByRole('columnheader', { name: 'Worker' }).getByRole('button').click();
    const { file, heads, rows } = await saved(page, region, 'Workers');
    assert.equal(file, `Workers-${today}.csv`);
    assert.deepEqual(heads.slice(0, 7), [
      ...['Worker', 'State', 'Reason', 'Kind', 'Host', 'CPU (%)', 'Memory (MB)'],
    ]);
    assert.deepEqual(
      rows.map(([id]) => id),
      ['gpu-2', 'gpu-1'],
    );
  });

  it('has the queues, and the tasks of what was chosen, as REST has them', async () => {
    const [region, page] = await live().open('Workers');
    const { queues } = await rest<{ queues: QueueRecord[] }>('/api/v1/queues');
    const ofQueues = await saved(page, region, 'Queues');
    assert.deepEqual(
      ofQueues.rows.map(([queue, , pending]) => [queue, pending]).sort(),
      queues.map(({ queue, pending }) => [queue, String(pending)]).sort(),
    );
    await region.getByRole('table', { name: 'Tasks' }).waitFor();
    const { tasks } = await rest<{ tasks: TaskRecord[] }>('/api/v1/tasks?limit=1000');
    const ofTasks = await saved(page, region, 'Newest tasks');
    assert.ok(tasks.length > 50, 'more than the page shows');
    assert.deepEqual(
      ofTasks.rows.map(([id]) => id),
      tasks.map(({ task_id }) => task_id),
    );
    await region.getByRole('button', { name: 'gpu-2' }).click();
    const ofOne = await saved(page, region, 'Tasks of worker gpu-2');
    assert.ok(ofOne.rows.length > 0);
    assert.ok(ofOne.rows.every(([, , worker]) => worker === 'gpu-2'));
    assert.equal(ofOne.file, `Tasks_of_worker_gpu-2-${today}.csv`);
  });

  it('has the endpoints with bare milliseconds', async () => {
    const [region, page] = await live().open('API');
    await page.getByRole('button', { name: /^Time range:/ }).click();
    await page.getByRole('option', { name: 'Last 15 min' }).click();
    const { endpoints } = await rest<{ endpoints: EndpointFigures[] }>(
      `/api/v1/endpoints/statistics?from=${Date.now() - 900 * SECOND}`,
    );
    const own = endpoints.find(({ endpoint }) => endpoint === '/predict');
    assert.ok(own);
    await region.getByRole('row', { name: `/predict ${own.requests}` }).waitFor();
    await region.getByRole('textbox').fill('predict');
    const { heads, rows } = await saved(page, region, 'Endpoints');
    const [row = []] = rows;
    assert.equal(rows.length, 1);
    assert.deepEqual(
      [row[0], row[1], row[heads.indexOf('p95 (ms)')], row[heads.indexOf('Errors')]],
      ['/predict', `${own.requests}`, `${own.p95_response_time_ms}`, `${own.errors}`],
    );
  });

  it('has the models with their baselines', async () => {
    const [region, page] = await live().open('Models');
    const { rows } = await saved(page, region, 'Models');
    const { models } = await rest<{ models: ModelRecord[] }>('/api/v1/models');
    const read = (all: readonly unknown[]): string[] => all.map((value) => `${value as string}`);
    assert.deepEqual(
      rows.map(([model, mae, baseline]) => [model, mae, baseline]).sort(),
      models.map((one) => read([one.model, one.avg_mae, one.baseline_mae])).sort(),
    );
  });

  it('has how often runs and phases succeed', async () => {
    const [region, page] = await live().open('Performance');
    await region.getByRole('tab', { name: 'Success' }).click();
    const { heads, rows } = await saved(page, region, 'Success rates of nightly');
    assert.deepEqual(heads, ['Phase', 'Name', 'Success (%)', 'Completed', 'Failed', 'Other']);
    const answer = await rest<PipelinePerformance>('/api/v1/performance?pipeline=nightly');
    assert.deepEqual(rows[0]?.slice(1), [
      ...['Whole run', `${answer.success_rate_percent}`, `${answer.completed}`],
      ...[`${answer.failed}`, '0'],
    ]);
    assert.deepEqual(
      rows.slice(1).map(([phase]) => phase),
      answer.phases.map(({ phase_id }) => phase_id),
    );
  });

  it('has what holds everything back, and the phases that took most', async () => {
    const [region, page] = await live().open('Bottlenecks');
    const { bottlenecks } = await rest<{ bottlenecks: Bottleneck[] }>('/api/bottlenecks');
    assert.ok(bottlenecks.some(({ kind }) => kind === 'CPU'));
    const what: Record<string, string> = {
      CPU: 'CPU is used up',
      LOCK: 'One worker works, others wait',
    };
    const now = await saved(page, region, 'Holds back now');
    assert.deepEqual(
      now.rows.map(([what, where, metric]) => [what, where, metric]),
      bottlenecks.map(({ kind, worker_id, metric }) => [
        ...[what[kind], worker_id === null ? 'this machine' : `worker ${worker_id}`, metric],
      ]),
    );
    const shares = await saved(page, region, 'Phases that took most of this run');
    assert.deepEqual(shares.heads, ['Phase', 'Name', 'Status', 'Took (ms)', 'Of the run (0-1)']);
    assert.deepEqual(
      shares.rows.map(([phase]) => phase),
      ['split', 'load'],
    );
  });
});
