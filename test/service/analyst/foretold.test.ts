import assert from 'node:assert/strict';
import { Foretold } from '../../../service/analyst/foretold.ts';
import { forecastsTable } from '../../../service/core/domain/forecast.ts';
import { startService, useServices } from '../../support/service.ts';

const rest = (ms: number) => ({ ms, low: ms / 2, high: ms * 2, basis: 'history' as const });

/** A run of 100 s that was foretold at 25, 50 and 75 % of its time to take so many times that. */
function run(foretold: Foretold, pipeline: string, job_id: string, times: number): void {
  for (const second of [30, 55, 80])
    foretold.note({ job_id, pipeline, started_at: 0 }, second * 1000, rest((100 - second) * 1000));
  foretold.ended(job_id, 100_000 * times);
}

describe('how well ends were foretold', () => {
  it('is kept by pipeline: the newest 60 scores, and the 500 pipelines that ran last', () => {
    const table = forecastsTable();
    const foretold = new Foretold(table);
    for (let n = 0; n < 30; n++) run(foretold, 'p', `j${n}`, 1);
    run(foretold, 'p', 'late', 2);
    const scores = foretold.scores('p');
    assert.deepEqual([scores.length, scores[0]], [60, 0]);
    assert.ok((scores.at(-1) ?? 0) > 1 && scores.every(Number.isFinite));
    run(foretold, 'kept', 'a', 1);
    for (let n = 0; n < 499; n++) run(foretold, `other-${n}`, `o${n}`, 1);
    run(foretold, 'kept', 'b', 1);
    run(foretold, 'one more', 'c', 1);
    assert.deepEqual([table.rows.size, table.refused], [500, 0]);
    assert.deepEqual([foretold.scores('p'), foretold.scores('kept').length], [[], 6]);
  });

  it('says nothing of a run that failed, ended before it was foretold, or ended twice', () => {
    const foretold = new Foretold(forecastsTable());
    foretold.note({ job_id: 'a', pipeline: 'p', started_at: 0 }, 50_000, rest(50_000));
    foretold.ended('a', null);
    foretold.note({ job_id: 'b', pipeline: 'p', started_at: 0 }, 50_000, rest(50_000));
    foretold.ended('b', 40_000);
    foretold.note({ job_id: 'c', pipeline: 'p', started_at: 0 }, 50_000, rest(50_000));
    foretold.ended('c', 100_000);
    foretold.ended('c', 100_000);
    foretold.ended('nobody', 1);
    assert.deepEqual(foretold.scores('p'), [0]);
  });

  const start = useServices();

  it('is known after a restart', async () => {
    const first = await startService();
    const { forecasts } = first.service.monitor.model.domain;
    run(new Foretold(forecasts), 'nightly', 'a', 1.5);
    const scores = new Foretold(forecasts).scores('nightly');
    assert.equal(scores.length, 3);
    await first.stop();
    const again = await start({ dataDir: first.dataDir });
    const held = again.service.monitor.model.domain.forecasts;
    assert.deepEqual(new Foretold(held).scores('nightly'), scores);
  });
});
