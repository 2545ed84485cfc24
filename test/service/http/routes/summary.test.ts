import assert from 'node:assert/strict';
import type { RunSummary } from '../../../../service/protocol/summary.ts';
import { pipelineRun, wobble } from '../../../support/pipelineRuns.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useSharedService,
} from '../../../support/service.ts';

const BEGIN = Date.parse('2026-11-01T00:00:00Z');
const HOUR_MS = 3_600_000;

const run = (pipeline: string, number: number, p06_ms: number, fails = false) =>
  pipelineRun({ pipeline, number, begin: BEGIN + number * HOUR_MS, p06_ms, fails });

const summaryOf = (to: TestService, job_id: string) =>
  getJson<RunSummary>(to, `/api/v1/jobs/${job_id}/summary`);

/** Sends runs and waits until all of them are history. */
async function sendRuns(to: TestService, pipeline: string, times: readonly number[]) {
  await send(
    to,
    times.flatMap((ms, i) => run(pipeline, i, ms)),
  );
  await eventually(async () => {
    const { runs } = (
      await getJson<{ series: { runs: number }[] }>(
        to,
        `/api/v1/changes?pipeline=${pipeline}&phase_id=P07&metric=execution_time`,
      )
    ).series[0] ?? { runs: 0 };
    return runs === times.length;
  }, 'the history');
}

describe('GET /api/v1/jobs/{job_id}/summary', () => {
  const shared = useSharedService();

  it('says how much slower than usual a run was, and which phase explains it', async () => {
    const times = Array.from({ length: 25 }, (_, i) => 20_000 + 60 * wobble(i));
    await sendRuns(shared(), 'slow', [...times, 25_500]);
    const summary = await summaryOf(shared(), 'slow-25');
    assert.equal(
      summary.sentence,
      'This run is 22 % slower than the median of the last 20; P06 explains 100 % of it.',
    );
    assert.deepEqual([summary.state, summary.running, summary.usual?.runs], ['known', false, 20]);
    const [first, ...others] = summary.explained_by;
    assert.deepEqual([first?.phase_id, first?.share, others], ['P06', 1, []]);
    assert.deepEqual(summary.evidence.decisive_phases, ['P06', 'P07']);
  });

  it('says that a run was as usual, and explains nothing', async () => {
    await sendRuns(shared(), 'even', [10_000, 10_100, 9900, 10_050, 10_000]);
    const { state, sentence, explained_by } = await summaryOf(shared(), 'even-4');
    assert.deepEqual(
      [state, sentence, explained_by],
      ['as_usual', 'This run is as fast as usual: 15.0 s, the median of the last 4 is 15.1 s.', []],
    );
  });

  it('gives no number for a first run', async () => {
    await sendRuns(shared(), 'first', [10_000]);
    const { state, sentence, slower_percent, usual } = await summaryOf(shared(), 'first-0');
    assert.deepEqual(
      { state, sentence, slower_percent, usual },
      {
        state: 'not_enough_data',
        sentence:
          'It took 15.0 s. Whether that is usual is not known: not enough data (0 of 3 runs).',
        ...{ slower_percent: null, usual: null },
      },
    );
  });

  it('says where a run failed, after what time and why, instead of comparing it', async () => {
    await send(shared(), run('broken', 0, 7000, true));
    const { state, sentence, slower_percent } = await summaryOf(shared(), 'broken-0');
    assert.deepEqual(
      [state, sentence, slower_percent],
      ['failed', 'This run failed in P07 after 12.0 s: ValueError: no such column: price.', null],
    );
  });

  it('holds what has ended so far of a running one against the same phases before', async () => {
    await sendRuns(shared(), 'live', [10_000, 10_100, 9900, 10_050, 10_000]);
    const begin = Date.now() - 15_500;
    const now = pipelineRun({ pipeline: 'live', number: 9, begin, p06_ms: 15_000 });
    await send(shared(), now.slice(0, 4));
    const { running, sentence } = await summaryOf(shared(), 'live-9');
    assert.deepEqual(
      [running, sentence],
      [
        true,
        'So far this run is 50 % slower than the median of the last 5; P06 explains 100 % of it.',
      ],
    );
  });

  it('knows no job that there is not', async () => {
    assert.equal((await call(shared(), '/api/v1/jobs/nobody/summary')).status, 404);
  });
});
