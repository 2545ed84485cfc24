import assert from 'node:assert/strict';
import { wfFormatToEvents } from '../../../service/ingest/wfformat.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { Aggregation } from '../../../service/protocol/aggregation.ts';
import { services } from '../../faults/support/service.ts';
import { needsCorpus } from '../../support/corpus.ts';
import { type TestService, call, useServices } from '../../support/service.ts';
import { useTempDir } from '../../support/tempDir.ts';
import {
  DAY,
  answersOf,
  assertSameAnswers,
  listAll,
  peerOf,
  peerOfChild,
  sendAll,
  shuffled,
} from './support.ts';
import { BEGIN_OF_DAY, END, type Recorded, recordedRuns } from './workflows.ts';

const config = { sampling: { host_interval_ms: 0 } };
const id = encodeURIComponent;
const YESTERDAY = `from=${BEGIN_OF_DAY}&to=${BEGIN_OF_DAY + DAY - 1}`;

/** Every question whose answer follows from the events alone. */
function questions(runs: readonly Recorded[]): string[] {
  const series = (aggregation: Aggregation, by: string) =>
    `/api/v1/series?metric=task_processing_ms&${YESTERDAY}&step=1h&aggregation=${aggregation}&group_by=${by}&limit=1000`;
  return [
    '/api/v1/jobs?limit=1000',
    '/api/v1/workers?limit=1000',
    ...runs.map(({ job_id }) => `/api/v1/tasks?limit=1000&job_id=${id(job_id)}`),
    ...runs.map(({ job_id }) => `/api/pipeline/executions/${id(job_id)}/stages?limit=1000`),
    ...runs.map(({ job_id }) => `/api/pipeline/dependency-graph?job_id=${id(job_id)}`),
    '/api/pipeline/stages/metrics?limit=1000',
    '/api/pipeline/metrics/stages?limit=1000',
    '/api/v1/statistics/hourly?limit=1000',
    '/api/v1/statistics/daily',
    ...(['count', 'sum', 'p50', 'p95', 'p99', 'max'] as const).map((one) => series(one, 'none')),
    series('p95', 'content_type'),
    series('p95', 'worker_id'),
    `/api/v1/series?metric=tasks_completed&${YESTERDAY}&step=1h&aggregation=sum`,
  ];
}

describe('the recorded workflows (WfFormat), all in one service', () => {
  needsCorpus('wfcommons');
  const start = useServices();
  let runs: Recorded[];
  let known: string[] | undefined;
  const events = () => runs.flatMap((run) => run.events);

  before(() => {
    runs = recordedRuns();
  });

  async function filled(list: readonly object[]): Promise<TestService> {
    const service = await start({ config });
    await sendAll(peerOf(service), list);
    return service;
  }

  /** What a service answers that got all events once and in their order. */
  async function expected(): Promise<string[]> {
    known ??= await answersOf(peerOf(await filled(events())), questions(runs));
    return known;
  }

  it('change nothing when they are sent once more, and nothing is lost by a new start', async () => {
    const first = await filled(events());
    const before = await answersOf(peerOf(first), questions(runs));
    assertSameAnswers(before, await expected());
    const { accepted, duplicates } = await sendAll(peerOf(first), events());
    assert.deepEqual([accepted, duplicates], [0, events().length]);
    assertSameAnswers(await answersOf(peerOf(first), questions(runs)), await expected());
    await first.stop();
    const second = peerOf(await start({ config, dataDir: first.dataDir }));
    assertSameAnswers(await answersOf(second, questions(runs)), await expected());
  }).timeout(60_000);

  it('give the same answers in any order', async () => {
    const other = peerOf(await filled(shuffled(events(), 17)));
    assertSameAnswers(await answersOf(other, questions(runs)), await expected());
  }).timeout(60_000);

  it('of years ago, as recorded, keep their records, and it is said that no series reaches so far back', async () => {
    const service = await start({ config });
    const { workflow, job_id } = runs.find((run) => run.pipeline === 'seismology') ?? assert.fail();
    const old = wfFormatToEvents(workflow.document, END);
    assert.ok(old.every(({ time }) => time < END - 3 * 365 * DAY));
    await sendAll(peerOf(service), old);
    const [job] = await listAll<JobRecord>(peerOf(service), '/api/v1/jobs', 'jobs');
    assert.deepEqual([job?.job_id, job?.status], [job_id, 'COMPLETED']);
    const count = workflow.tasks.length;
    const { total } = await peerOf(service).get<{ total: number }>('/api/v1/tasks?limit=1');
    assert.equal(total, count);
    // Each task was submitted, completed, and has three times; each phase has one.
    const points = 5 * count + (job?.phases_total ?? NaN);
    const exposed = await (await call(service, '/metrics')).text();
    assert.match(exposed, new RegExp(`^pipescope_series_refused_total ${points}$`, 'm'));
    // What is refused takes no room from other label sets.
    const { metrics } = await peerOf(service).get<{ metrics: object[] }>('/api/v1/series/metrics');
    assert.deepEqual(metrics, []);
  });

  describe('when the service is killed', () => {
    const startChild = services();
    const folder = useTempDir('wfcommons-kill');

    it('are all there in the next one', async () => {
      const first = await startChild(folder());
      await sendAll(peerOfChild(first), events());
      await first.kill();
      const second = peerOfChild(await startChild(folder()));
      assertSameAnswers(await answersOf(second, questions(runs)), await expected());
    }).timeout(60_000);
  });
});
