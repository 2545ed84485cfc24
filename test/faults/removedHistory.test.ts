import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { phaseHistory } from '../../service/core/history.ts';
import { useTempDir } from '../support/tempDir.ts';
import { HandClock, finishedJob, openMonitor } from './support/seed.ts';

describe('the history of a job that is removed', () => {
  const folder = useTempDir('removed');

  it('stays, also when the job goes at once and when the tables are read again from the journal', async () => {
    const clock = new HandClock();
    const first = await openMonitor(folder(), { clock });
    const done = finishedJob('gone', clock.now());
    const now = clock.now();
    await first.monitor.ingest(done);
    await first.monitor.append([{ type: 'job.removed', id: 'removal', time: now, job_id: 'gone' }]);
    const held = phaseHistory(first.monitor.model.domain, 'P00');
    assert.deepStrictEqual(
      held.map(({ job_id, status }) => [job_id, status]),
      [['gone', 'COMPLETED']],
    );
    await first.monitor.close();
    rmSync(join(folder(), 'state', 'domain'), { recursive: true });
    const { monitor } = await openMonitor(folder(), { clock });
    const found = phaseHistory(monitor.model.domain, 'P00');
    await monitor.close();
    assert.deepStrictEqual(found, held);
  });
});
