import assert from 'node:assert/strict';
import { arrangeAlerts, shapeOfGroup } from '../../../src/views/arrangeAlerts.ts';
import { AlertPreferences } from '../../../src/views/alertPreferences.ts';
import { MapStore } from '../wire/mapStore.ts';
import { alert, at } from '../wire/records.ts';

const alerts = [
  alert({ alert_id: 'slow', job_id: 'j1' }),
  alert({ alert_id: 'known', job_id: 'j1', severity: 'CRITICAL', acknowledged: true }),
  alert({ alert_id: 'disk', severity: 'ERROR' }),
  alert({ alert_id: 'failed', job_id: 'j2', severity: 'ERROR', raised_at: at(5) }),
  alert({ alert_id: 'over', job_id: 'j3', severity: 'CRITICAL', active: false }),
];
const arranged = (by: 'severity' | 'job') =>
  arrangeAlerts(alerts, by).map(({ key, alerts: of }) => [key, ...of.map((one) => one.alert_id)]);

describe('the order of alerts', () => {
  it('by severity has the gravest group first, and in it the newest that waits', () => {
    assert.deepEqual(arranged('severity'), [
      ['CRITICAL', 'known'],
      ['ERROR', 'failed', 'disk'],
      ['WARNING', 'slow'],
    ]);
  });

  it('by job has that of the gravest alert first, and alerts of no job last', () => {
    assert.deepEqual(arranged('job'), [
      ['j2', 'failed'],
      ['j1', 'slow', 'known'],
      ['', 'disk'],
    ]);
  });

  it('is remembered, by severity at first', () => {
    const store = new MapStore();
    let changes = 0;
    const preferences = new AlertPreferences(store);
    preferences.onDidChange(() => (changes += 1));
    assert.equal(preferences.grouping, 'severity');
    preferences.group('job');
    assert.deepEqual([new AlertPreferences(store).grouping, changes], ['job', 1]);
    store.values.set('alerts.grouping', 'colour');
    assert.equal(preferences.grouping, 'severity');
  });

  it('gives a group another shape when its rows or its counts change, and for nothing else', () => {
    const shape = (fields: object): string =>
      arrangeAlerts([alert({ alert_id: 'a', ...fields })], 'severity')
        .map(shapeOfGroup)
        .join();
    assert.equal(shape({ value: 1 }), shape({ value: 2, reopened_count: 4 }));
    assert.notEqual(shape({}), shape({ acknowledged: true }));
  });
});
