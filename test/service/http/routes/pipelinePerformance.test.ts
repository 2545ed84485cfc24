import assert from 'node:assert/strict';
import type { PipelinePerformance } from '../../../../service/protocol/pipelinePerformance.ts';
import { read, refusal } from '../../../support/rest.ts';
import { send, useSharedService } from '../../../support/service.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const HOUR = 3_600_000;
const PATH = '/api/v1/performance';

/** A run of `load` (10 s) and `train` (of some seconds). */
function night(n: number, trainSeconds: number) {
  const job_id = `night-${n}`;
  const at = (seconds: number) => ({ job_id, time: T0 + n * HOUR + seconds * 1000 });
  const end = 10 + trainSeconds;
  return [
    { type: 'job.started', ...at(0), name: `Night ${n}`, pipeline: 'nightly' },
    { type: 'phase.started', phase_id: 'load', ...at(0) },
    { type: 'phase.completed', phase_id: 'load', ...at(10) },
    { type: 'phase.started', phase_id: 'train', name: 'Training', ...at(10) },
    { type: 'phase.completed', phase_id: 'train', ...at(end) },
    { type: 'job.completed', ...at(end) },
  ];
}

describe('the performance of a pipeline over REST', () => {
  const shared = useSharedService();
  const get = (query: string) => read<PipelinePerformance>(shared(), `${PATH}?${query}`);

  before(async () => {
    await send(
      shared(),
      [1, 2, 3, 4, 5, 6].flatMap((n) => night(n, n === 6 ? 90 : 20 + n)),
    );
    await send(shared(), [{ type: 'job.started', job_id: 'o', pipeline: 'other', time: T0 }]);
  });

  it('answers runs, phases and hours, and what was worse in a job', async () => {
    const answer = await get('pipeline=nightly&job_id=night-6&last=4');
    assert.deepEqual(
      answer.runs.map(({ job_id, value }) => [job_id, value]),
      [
        ['night-3', 33_000],
        ['night-4', 34_000],
        ['night-5', 35_000],
        ['night-6', 100_000],
      ],
    );
    assert.deepEqual([answer.runs_total, answer.shown?.usual?.median], [6, 33_000]);
    const [train, load] = answer.phases;
    assert.deepEqual(train?.values, [23_000, 24_000, 25_000, 90_000]);
    assert.deepEqual([train?.place, load?.place], [1, 0]);
    assert.deepEqual(
      answer.worse.map(({ phase_id, usual }) => [phase_id, usual?.median]),
      [['train', 23_000]],
    );
    assert.deepEqual(answer.hours[0], {
      ...{ day: '2026-03-01', hour: 11, runs: 1, failed: 0, median: 31_000, job_id: 'night-1' },
    });
  });

  it('keeps to as many phases as are asked for, and says how many there are', async () => {
    const { phases, phases_total } = await get('pipeline=nightly&phases=1');
    assert.deepEqual([phases.map(({ phase_id }) => phase_id), phases_total], [['train'], 2]);
  });

  it('says what is wrong with a question', async () => {
    const field = async (query: string) => (await refusal(shared(), `${PATH}?${query}`)).field;
    assert.equal(await field(''), '/pipeline');
    assert.equal(await field('pipeline=nightly&metric=speed'), '/metric');
    assert.equal(await field('pipeline=nightly&last=101'), '/last');
  });
});
