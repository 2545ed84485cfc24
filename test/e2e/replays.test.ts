import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { importerOf } from '../../service/cli/importers.ts';
import type { TaskRecord, WorkerRecord } from '../../service/protocol/domain.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { SeriesAnswer } from '../../service/protocol/series.ts';
import { corpus, needsCorpus } from '../support/corpus.ts';
import { needsVscode } from '../support/skip.ts';
import { readRest } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { openContainer, runCommand } from '../support/vscode/ui/index.ts';
import { bringUp, complaints, dashboard } from './support/pipescope.ts';
import { failedJob } from './support/reports.ts';

const BATCH = 1000;
const HOUR = 3_600_000;
const QUEUE = 'travel times';

/** A recording of Celery's events, the times of its tasks moved so that it ended an hour ago. */
async function celeryEvents(): Promise<object[]> {
  const lines = (await readFile(corpus('celery', 'events-run1.ndjson'), 'utf8')).trim().split('\n');
  const events = lines.map((line) => (JSON.parse(line) as { event: { timestamp: number } }).event);
  const last = Math.max(...events.map(({ timestamp }) => timestamp));
  const moved = events.map((event) => {
    return { ...event, timestamp: event.timestamp - last + (Date.now() - HOUR) / 1000 };
  });
  const text = moved.map((event) => JSON.stringify(event)).join('\n');
  return importerOf('celery')(text, Date.now()) as object[];
}

/** Travel times of a road, a value every 30 s up to an hour ago, as the length of a queue. */
async function roadEvents(): Promise<object[]> {
  const file = corpus('nab', 'data', 'realTraffic', 'TravelTime_451.csv');
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line, n) => ({
    ...{ type: 'queue.sampled', queue: QUEUE, pending: Number(line.split(',')[1]) },
    time: Date.now() - HOUR - (lines.length - n) * 30_000,
  }));
}

describe('recorded runs of others, replayed in VS Code', function () {
  needsVscode();
  needsCorpus('celery');
  needsCorpus('nab');
  this.timeout(60_000);
  let session: Session;
  let workers: Locator;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await session.postEvents(failedJob('orders-7', 'orders'));
    const events = [...(await celeryEvents()), ...(await roadEvents())];
    for (let i = 0; i < events.length; i += BATCH)
      await session.postEvents(events.slice(i, i + BATCH));
    await runCommand(session.page, 'Pipescope: Open Dashboard');
    await dashboard(session.page)
      .getByRole('button', { name: /^Time range: / })
      .click();
    await dashboard(session.page).getByRole('option', { name: 'Last 24 h' }).click();
    workers = await bringUp(session.page, 'Workers');
  });
  after(() => session?.close());
  afterEach(() => assert.deepEqual(complaints(session), []));

  const rest = async <T>(path: string): Promise<T> =>
    JSON.parse((await readRest(session.dataFolder, path)).toString()) as T;

  it('shows the workers and tasks of a Celery application, as many as REST has', async () => {
    const known = await rest<{ workers: WorkerRecord[] }>('/api/v1/workers');
    assert.ok(known.workers.length > 1);
    const rows = workers.getByRole('table', { name: 'Workers' }).locator('tbody tr:not(.gap)');
    for (const { worker_id, completed_tasks, failed_tasks } of known.workers) {
      const row = rows.filter({ hasText: worker_id });
      await row.locator('td.completed').getByText(numeral(completed_tasks)).waitFor();
      await row.locator('td.failed').getByText(numeral(failed_tasks)).waitFor();
    }
    const { tasks, total } = await rest<{ tasks: TaskRecord[]; total: number }>(
      '/api/v1/tasks?limit=50',
    );
    assert.ok(total > 200, String(total));
    await workers.getByText(`The newest 50 of ${numeral(total)} tasks.`).waitFor();
    const shown = workers.getByRole('table', { name: 'Tasks' }).locator('tbody tr td:first-child');
    const ids = (await shown.allInnerTexts()).map((id) => id.trim());
    assert.deepEqual(
      ids,
      tasks.map(({ task_id }) => task_id),
    );
  });

  it('shows a metric of a day with the average and the highest value of REST', async () => {
    const { series } = await rest<SeriesAnswer>(
      `/api/v1/series?metric=queue_pending&aggregation=avg&group_by=queue&from=${Date.now() - 24 * HOUR}`,
    );
    const values = series
      .filter(({ labels }) => labels.queue === QUEUE)
      .flatMap(({ points }) => points.map(([, value]) => value));
    assert.ok(values.length > 100, String(values.length));
    const chart = workers.locator('pipescope-chart').filter({ hasText: 'Waiting tasks by queue' });
    await chart.scrollIntoViewIfNeeded();
    const two = { most: 2 };
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    await chart.getByText(`highest ${numeral(Math.max(...values), two)}`).waitFor();
    await chart.getByText(`average ${numeral(average, two)}`).waitFor();
    const [last = NaN] = values.slice(-1);
    await chart.getByText(`now ${numeral(last, two)}`).waitFor();
  });
});
