import assert from 'node:assert/strict';
import { tiles } from '../../../../webview/elements/overview/summary.ts';
import { dashboardFrame, RUNNING_JOB } from '../../../fixtures/frames.ts';

describe('the tiles of the overview', () => {
  it('say the state of the shown job and of the alerts', () => {
    const now = Date.parse('2026-05-05T10:00:00Z');
    const { jobs, alerts, phases } = dashboardFrame(now);
    const job = jobs.find(({ job_id }) => job_id === RUNNING_JOB);
    const mine = phases.filter(({ job_id }) => job_id === RUNNING_JOB);
    const shown = tiles({ jobs, alerts, job, phases: mine }, now);
    assert.deepEqual(
      shown.map(({ label, value, unit, caption, tone }) =>
        [label, value, unit, caption, tone].filter((part) => part !== undefined),
      ),
      [
        ['Running jobs', '1', 'of 3 jobs', 'plain'],
        ['Progress', '58 %', '5 of 10 phases done', 'plain'],
        ['Elapsed', '1m 08s', '~50 s left', 'plain'],
        ['Throughput', '119', 'items/s', 'now', 'plain'],
        ['Errors', '0', '4 warnings', 'warn'],
        ['Active alerts', '2', '1 acknowledged', 'bad'],
      ],
    );
  });

  it('show dashes while nothing is known', () => {
    const shown = tiles({ jobs: [], alerts: [], job: undefined, phases: [] }, 0);
    assert.deepEqual(
      shown.map(({ value }) => value),
      ['0', '-', '-', '-', '-', '0'],
    );
  });
});
