import assert from 'node:assert/strict';
import { openAlerts } from '../../../src/alerts.ts';
import type { ServiceState } from '../../../src/service/state.ts';
import { type StatusFacts, statusText } from '../../../src/surfaces/statusText.ts';
import { alert, job, START } from '../wire/records.ts';

const connected = { kind: 'connected' } as ServiceState;
const said = (facts: Partial<StatusFacts>) =>
  statusText({ service: connected, jobs: [], failed: [], alerts: [], now: START, ...facts });

describe('the status bar item', () => {
  it('says the worst state, and how often', () => {
    const failed = [job({ job_id: 'f', status: 'FAILED' })];
    const running = [0.5, 0.75].map((progress, n) => job({ job_id: `${n}`, progress }));
    const alerts = [1, 2, 3].map((n) => alert({ alert_id: `${n}` }));
    assert.deepEqual(
      [
        said({}),
        said({ jobs: running }),
        said({ failed }),
        said({ alerts }),
        said({ failed, alerts, jobs: running }),
      ].map(({ text }) => text),
      [
        '$(pulse) Pipescope',
        '$(sync~spin) 2 running 62 %',
        '$(error) 1 failed',
        '$(warning) 3 alerts',
        '$(error) 1 failed  $(sync~spin) 2 running 62 %',
      ],
    );
  });

  it('says how long until none of the jobs runs, where that is known of each', () => {
    const etas = [60, 180].map((seconds, n) =>
      job({ job_id: `${n}`, eta_at: new Date(START + seconds * 1000).toISOString() }),
    );
    assert.equal(said({ jobs: etas }).text, '$(sync~spin) 2 running, about 3 min left');
    const some = [...etas, job({ job_id: 'new' })];
    assert.equal(said({ jobs: some }).text, '$(sync~spin) 3 running');
  });

  it('is on red ground only while a grave alert waits', () => {
    const severities = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
    const red = severities.map(
      (severity) => said({ alerts: [alert({ alert_id: 'x', severity })] }).error,
    );
    assert.deepEqual(red, [false, false, true, true]);
    assert.equal(said({ failed: [job({ job_id: 'f', status: 'FAILED' })] }).error, false);
  });

  it('is plain again when the grave ones are acknowledged or over, whatever else waits', () => {
    const grave = { severity: 'CRITICAL' } as const;
    const alerts = [
      alert({ alert_id: 'known', ...grave, acknowledged: true }),
      alert({ alert_id: 'over', ...grave, active: false }),
      alert({ alert_id: 'mild' }),
    ];
    assert.equal(said({ alerts: openAlerts(alerts) }).error, false);
    const takenBack = alert({ alert_id: 'known', ...grave });
    assert.equal(said({ alerts: openAlerts([...alerts, takenBack]) }).error, true);
  });

  it('says that the service is off, with the next step', () => {
    const { text, sentence } = said({ service: { kind: 'off' } });
    assert.deepEqual(
      [text, sentence],
      ['$(debug-disconnect) Pipescope off', 'The Pipescope service is off. Click to start it.'],
    );
  });
});
