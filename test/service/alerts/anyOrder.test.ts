import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Court, T0 } from '../../support/court.ts';

const error = { message: 'boom' };

/**
 * Runs of four jobs, each event with its own id and time. No phase runs twice: a failure that is heard of only after the
 * next run of its phase is of the past, and raises nothing.
 */
function story(): object[] {
  const events: object[] = [];
  let at = T0 - 600_000;
  const say = (type: string, job_id: string, fields: object = {}) =>
    events.push({ type, id: `s${events.length}`, time: (at += 10_000), job_id, ...fields });
  for (const job_id of ['a', 'b', 'c']) {
    const pipeline = `nightly-${job_id}`;
    say('job.started', job_id, { pipeline, name: 'Nightly' });
    say('phase.started', job_id, { phase_id: 'P1' });
    if (job_id !== 'b') say('phase.failed', job_id, { phase_id: 'P1', error });
    if (job_id === 'b') say('phase.completed', job_id, { phase_id: 'P1' });
    say('phase.started', job_id, { phase_id: 'P2' });
    say('phase.completed', job_id, { phase_id: 'P2' });
    say(job_id === 'b' ? 'job.completed' : 'job.failed', job_id, job_id === 'b' ? {} : { error });
  }
  say('job.started', 'd', { pipeline: 'backup' });
  say('job.failed', 'd', { error });
  return events;
}

const RULES = ['phase_failed', 'job_failed'];

/** Alerts that are active at the end: which ones, and of what. */
function active(court: Court): unknown[] {
  return RULES.flatMap((rule) => court.alerts(rule))
    .filter((alert) => alert.active)
    .map(({ alert_id, job_id, phase_id }) => [alert_id, job_id, phase_id])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function courtOf(): Court {
  const court = new Court();
  court.only(...RULES);
  return court;
}

describe('alerts of events in any order', () => {
  const events = story();
  const straight = courtOf();
  for (const event of events) straight.hear(event);

  it('are the same as in their order, when some come again and the service starts anew in between', () => {
    assert.equal(active(straight).length > 0, true);
    const order = fc.shuffledSubarray(
      events.map((_, n) => n),
      { minLength: events.length },
    );
    const again = fc.array(fc.nat(events.length - 1), { maxLength: 15 });
    const restarts = fc.infiniteStream(fc.nat(6));
    fc.assert(
      fc.property(order, again, restarts, (first, more, restart) => {
        const court = courtOf();
        for (const n of [...first, ...more]) {
          court.hear(events[n] ?? {});
          if (restart.next().value === 0) court.restart();
        }
        assert.deepEqual(active(court), active(straight));
      }),
      { numRuns: 60 },
    );
  });

  it('are not told twice: each has one id, however often all of it comes again', () => {
    const court = courtOf();
    for (const event of [...events, ...events, ...events]) court.hear(event);
    const ids = (one: Court) => RULES.flatMap((rule) => one.alerts(rule)).map((a) => a.alert_id);
    assert.deepEqual(ids(court), ids(straight));
  });
});

describe('alerts over standstills', () => {
  it('take no time for lasting that the clock jumped over', async () => {
    const court = new Court();
    court.only();
    court.define({
      ...{ rule_id: 'r', kind: 'queue_size', params: { threshold: 5 }, for_ms: 60_000 },
    });
    court.hear({ type: 'queue.sampled', queue: 'q', pending: 9 });
    await court.pass(10_000);
    court.jump(3_600_000);
    await court.pass(5000);
    assert.deepEqual(court.alerts('r'), []);
    await court.pass(60_000);
    assert.equal(court.alerts('r').length, 1);
  });
});
