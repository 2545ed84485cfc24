import assert from 'node:assert/strict';
import type { SeriesChanges } from '../../../../service/protocol/changes.ts';
import { pipelineRun, wobble } from '../../../support/pipelineRuns.ts';
import {
  type TestService,
  call,
  eventually,
  send,
  useSharedService,
} from '../../../support/service.ts';

const BEGIN = Date.parse('2026-11-01T00:00:00Z');

const run = (pipeline: string, number: number, p06_ms: number) =>
  pipelineRun({ pipeline, number, begin: BEGIN + number * 3_600_000, p06_ms });

/** Sends them and waits until the history has the last one. */
async function sendRuns(to: TestService, pipeline: string, runs: readonly object[][]) {
  await send(to, runs.flat());
  await eventually(async () => {
    const { body } = await changes(to, `pipeline=${pipeline}&phase_id=P07&metric=execution_time`);
    return body.series[0]?.runs === runs.length;
  }, `the history of ${pipeline}`);
}

async function changes(service: TestService, query: string) {
  const answer = await call(service, `/api/v1/changes?${query}`);
  const body = (await answer.json()) as { series: SeriesChanges[]; total: number };
  return { status: answer.status, body };
}

describe('GET /api/v1/changes', () => {
  const shared = useSharedService();

  it('says since which run a phase is slower, by how much, and what did not change', async () => {
    const runs = Array.from({ length: 20 }, (_, i) =>
      run('shift', i, (i < 12 ? 12_000 : 17_900) + 200 * wobble(i)),
    );
    await sendRuns(shared(), 'shift', runs);
    const { body } = await changes(shared(), 'pipeline=shift&metric=execution_time');
    assert.deepEqual(
      body.series.map(({ phase_id, state, runs: count, changes: found }) => ({
        ...{ phase_id, state, count },
        found: found.map((one) => [one.class, one.job_id, one.run, one.direction]),
      })),
      [
        {
          ...{ phase_id: null, state: 'known', count: 20 },
          found: [['slower', 'shift-12', 13, 'worse']],
        },
        {
          ...{ phase_id: 'P06', state: 'known', count: 20 },
          found: [['slower', 'shift-12', 13, 'worse']],
        },
        { phase_id: 'P07', state: 'known', count: 20, found: [] },
      ],
    );
    const change = body.series[1]?.changes[0];
    assert.match(
      change?.sentence ?? '',
      /^P06 is slower since run #13: 12\.\d s -> 1[78]\.\d s, \+[45]\d %\.$/,
    );
    assert.ok((change?.confidence ?? 0) > 0.95);
    assert.equal(change?.at, new Date(BEGIN + 12 * 3_600_000).toISOString());
  });

  it('says how many runs it still needs, and nothing else', async () => {
    await sendRuns(
      shared(),
      'young',
      [0, 1, 2].map((i) => run('young', i, 1000 * (i + 1))),
    );
    const { body } = await changes(shared(), 'pipeline=young&phase_id=P06&metric=execution_time');
    assert.deepEqual(
      body.series.map(({ state, note, changes: found }) => ({ state, note, found })),
      [{ state: 'not_enough_data', note: 'not enough data (3 of 8 runs)', found: [] }],
    );
  });

  it('answers in pages, and for whole runs alone', async () => {
    await sendRuns(shared(), 'paged', [run('paged', 0, 1000)]);
    const all = await changes(shared(), 'pipeline=paged&limit=5');
    assert.deepEqual([all.body.series.length, all.body.total], [5, 12]);
    const whole = await changes(shared(), 'pipeline=paged&phase_id=');
    assert.deepEqual(
      whole.body.series.map(({ phase_id }) => phase_id),
      [null, null, null, null],
    );
  });

  it('refuses a metric that there is not, and is empty for a pipeline that there is not', async () => {
    const wrong = await changes(shared(), 'pipeline=paged&metric=beauty');
    assert.equal(wrong.status, 400);
    const unknown = await changes(shared(), 'pipeline=nobody');
    assert.deepEqual(unknown.body.series, []);
  });
});
