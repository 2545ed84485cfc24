import assert from 'node:assert/strict';
import { Court } from '../../../support/court.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function courtAt(start: string, params: object, rule: object = {}): Court {
  const court = new Court({}, Date.parse(start));
  court.only();
  court.define({
    ...{ rule_id: 'r', kind: 'missed_schedule', scope: { pipeline: 'nightly' } },
    ...{ params: { timezone: 'UTC', grace_ms: 10 * MINUTE_MS, ...params }, ...rule },
  });
  return court;
}

const begin = (court: Court, pipeline = 'nightly', fields: object = {}) =>
  court.hear({ type: 'job.started', job_id: `${pipeline}-${court.now}`, pipeline, ...fields });
const until = (court: Court, time: string) => court.pass(Date.parse(time) - court.now);

describe('missed_schedule rules', () => {
  it('fire after the grace, not before, say what was due, and end with the next run', async () => {
    const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 6 * * *' });
    await until(court, '2026-03-01T06:09:50Z');
    assert.deepEqual(court.alerts('r'), []);
    await until(court, '2026-03-01T06:10:20Z');
    assert.deepEqual(court.said('r'), {
      title: 'nightly has not run',
      description:
        'A run of nightly was due at 2026-03-01T06:00:00.000Z and has not begun. No run is known.',
      ...{ component: 'pipeline', component_id: 'nightly', tags: { pipeline: 'nightly' } },
      ...{ metric: null, value: null, threshold: null },
    });
    await until(court, '2026-03-01T07:00:00Z');
    assert.equal(court.alerts('r').length, 1, 'once');
    begin(court);
    await court.pass(2000);
    assert.deepEqual(court.states('r'), [['nightly', false]]);
  });

  it('are content with a run that begins in time, a little early, or late within the grace', async () => {
    for (const start of ['05:59:30', '06:00:00', '06:09:00']) {
      const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 6 * * *' });
      await until(court, `2026-03-01T${start}Z`);
      begin(court);
      await until(court, '2026-03-01T06:30:00Z');
      assert.deepEqual(court.alerts('r'), [], start);
    }
  });

  it('are told when the run began an hour ago but is heard of only now', async () => {
    const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 6 * * *' });
    await until(court, '2026-03-01T07:00:00Z');
    assert.deepEqual(court.states('r'), [['nightly', true]]);
    begin(court, 'nightly', { time: Date.parse('2026-03-01T06:01:00Z') });
    await court.pass(2000);
    assert.deepEqual(court.states('r'), [['nightly', false]]);
  });

  it('mean the time of their zone, in summer and winter', async () => {
    const berlin = { schedule: '0 6 * * *', timezone: 'Europe/Berlin', grace_ms: 0 };
    for (const [day, due] of [
      ['2026-03-01', '05:00'],
      ['2026-07-01', '04:00'],
    ] as const) {
      const court = courtAt(`${day}T00:00:00Z`, berlin);
      await court.pass(Date.parse(`${day}T${due}:00Z`) - court.now - 2000);
      assert.deepEqual(court.alerts('r'), []);
      await court.pass(4000);
      assert.match(court.said('r')?.description ?? '', new RegExp(`${day}T${due}:00.000Z`));
      assert.equal(court.alerts('r').length, 1);
    }
  });

  it('are due once on days with 23 and with 25 hours, also when the hour is not there or is there twice', async () => {
    const berlin = { schedule: '30 2 * * *', timezone: 'Europe/Berlin', grace_ms: 0 };
    for (const day of ['2026-03-28', '2026-10-24']) {
      const court = courtAt(`${day}T12:00:00Z`, berlin);
      await court.pass(23 * HOUR_MS, 30_000);
      assert.equal(court.alerts('r').length, 1, day);
    }
  });

  it('look at the pipelines of a pattern that have been seen; one that is named need not be', async () => {
    const court = courtAt(
      '2026-03-01T05:00:00Z',
      { schedule: '0 6 * * *' },
      {
        scope: { pipeline: 'night*' },
      },
    );
    begin(court, 'nightly');
    begin(court, 'nights');
    begin(court, 'daily');
    await until(court, '2026-03-01T06:01:00Z');
    begin(court, 'nights');
    await until(court, '2026-03-01T06:11:00Z');
    assert.deepEqual(court.states('r'), [['nightly', true]]);
  });

  it('miss nothing that was due before they were made or while they were off', async () => {
    const court = courtAt('2026-03-01T06:30:00Z', { schedule: '0 6 * * *' }, { enabled: false });
    await until(court, '2026-03-02T08:00:00Z');
    court.define({ rule_id: 'r', enabled: true });
    await court.pass(HOUR_MS);
    assert.deepEqual(court.alerts('r'), []);
    await until(court, '2026-03-03T06:11:00Z');
    assert.equal(court.alerts('r').length, 1);
  });

  it('say it once until it runs again, in the words of a person, also over a restart', async () => {
    const message = '{{rule}}: {{subject}} {{pipeline}} {{title}}';
    const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 * * * *' }, { message });
    await until(court, '2026-03-01T08:15:00Z');
    assert.equal(court.alerts('r').length, 1);
    assert.equal(court.said('r')?.description, 'r: nightly nightly nightly has not run');
    court.restart();
    await court.pass(20 * MINUTE_MS);
    assert.equal(court.alerts('r').length, 1);
    begin(court);
    await court.pass(2 * HOUR_MS);
    assert.deepEqual(
      court.alerts('r').map(({ active }) => active),
      [false, true],
    );
  });

  it('wait on while the clock jumps or the machine sleeps: who reports gets the grace anew', async () => {
    const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 6 * * *' });
    await until(court, '2026-03-01T05:30:00Z');
    court.jump(HOUR_MS);
    await court.tick();
    await court.pass(5000);
    assert.deepEqual(court.alerts('r'), [], 'right after it');
    begin(court, 'nightly', { time: Date.parse('2026-03-01T06:00:30Z') });
    await court.pass(HOUR_MS);
    assert.deepEqual(court.alerts('r'), [], 'its run was only told late');
  });

  it('fire after a sleep when really nothing ran', async () => {
    const court = courtAt('2026-03-01T05:00:00Z', { schedule: '0 6 * * *' });
    court.jump(2 * HOUR_MS);
    await court.pass(11 * MINUTE_MS);
    assert.equal(court.alerts('r').length, 1);
  });
});
