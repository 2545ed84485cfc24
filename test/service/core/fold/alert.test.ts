import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alertRecord } from '../../../../service/core/alertView.ts';
import { Model } from '../../../../service/core/fold.ts';
import {
  MAX_LIFE_MARKS,
  foldAlert,
  newAlert,
  restoredAlert,
} from '../../../../service/core/fold/alert.ts';
import { retain } from '../../../../service/core/retention.ts';
import type { AlertState } from '../../../../service/core/model.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import type { AlertEvent } from '../../../../service/protocol/event.ts';
import { fieldsOf } from './support.ts';

const T0 = Date.parse('2026-03-01T08:00:00Z');
const alert_id = 'pipescope:phase_failed:a/P1/1';

const raised: AlertEvent = {
  ...{ type: 'alert.raised', id: alert_id, time: T0 },
  ...{ title: 'P1 failed', description: 'first', severity: 'WARNING', component: 'phase' },
  ...{ value: 1, job_id: 'a', phase_id: 'P1', tags: { pipeline: 'etl' } },
};
const at = (type: AlertEvent['type'], id: string, after: number, more: object = {}): AlertEvent =>
  ({ type, id, time: T0 + after, alert_id, ...more }) as AlertEvent;

function folded(events: readonly AlertEvent[]): AlertState {
  const alert = newAlert(alert_id);
  for (const event of events) foldAlert(alert, event, { seq: 7, received_at: 0, event });
  return alert;
}

function record(...events: AlertEvent[]) {
  const made = alertRecord(folded([raised, ...events]));
  assert.ok(made);
  return made;
}

const routed = (id: string, after: number, of: string, outcome: string, more: object = {}) =>
  at('alert.routed', id, after, {
    ...{ of, outcomes: [{ channel_id: 'ops', outcome, notification_id: `for ${id}` }], ...more },
  });

const anyEvent: fc.Arbitrary<AlertEvent> = fc
  .record({
    type: fc.constantFrom(
      ...(['alert.acknowledged', 'alert.unacknowledged', 'alert.resolved'] as const),
      ...(['alert.reopened', 'alert.routed', 'alert.cleared'] as const),
    ),
    after: fc.integer({ min: 0, max: 12 }),
    id: fc.integer({ min: 0, max: 1e6 }),
    until: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  })
  .map(({ type, after, id, until }) => {
    if (type === 'alert.acknowledged')
      return at(type, `e${id}`, after, { by: `p${id}`, ...(until && { until: T0 + until }) });
    if (type === 'alert.routed') return routed(`e${id}`, after, `e${id % 5}`, 'queued');
    if (type === 'alert.reopened')
      return at(type, `e${id}`, after, { value: id, severity: 'ERROR' });
    return at(type, `e${id}`, after, { reason: `r${id}` });
  });

describe('The life of an alert', () => {
  it('is a function of the set of its events, in any order and however often they come', () => {
    const lives = fc.uniqueArray(anyEvent, { maxLength: 30, selector: ({ id }) => id });
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (events, random) => {
        const all = [raised, ...events];
        const shuffled = [...all, ...all]
          .map((event) => ({ event, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ event }) => event);
        assert.deepStrictEqual(folded(shuffled), folded(all));
      }),
      { numRuns: 300 },
    );
  });

  it('shows by whom and why it ended, and goes on with what is true when its cause is back', () => {
    const end = at('alert.resolved', 'r1', 10, { by: 'Ada', reason: 'Fixed.' });
    const ended = record(end);
    const { active, resolved_by, resolve_reason } = ended;
    assert.deepStrictEqual(
      { active, resolved_by, resolve_reason },
      {
        active: false,
        resolved_by: 'Ada',
        resolve_reason: 'Fixed.',
      },
    );
    const back = at('alert.reopened', 'o1', 20, {
      value: 5,
      severity: 'ERROR',
      description: 'now',
    });
    const again = record(end, back);
    assert.deepStrictEqual(
      fieldsOf(again, ['active', 'resolved_at', 'value', 'severity', 'description']),
      { active: true, resolved_at: null, value: 5, severity: 'ERROR', description: 'now' },
    );
    assert.equal(again.reopened_count, 1);
    assert.equal(again.raised_at, '2026-03-01T08:00:00.000Z');
    assert.equal(again.last_raised_at, '2026-03-01T08:00:00.020Z');
  });

  it('keeps the first of two ends, and no return without an end', () => {
    const ends = [at('alert.resolved', 'r1', 10), at('alert.resolved', 'r2', 30)];
    assert.equal(record(...ends).resolved_at, '2026-03-01T08:00:00.010Z');
    assert.equal(record(at('alert.reopened', 'o1', 5)).reopened_count, 0);
  });

  it('stays acknowledged over a return, until somebody takes it back', () => {
    const ack = at('alert.acknowledged', 'a1', 5, { by: 'Ada', note: 'mine', until: T0 + 99 });
    const cycle = [at('alert.resolved', 'r1', 10), at('alert.reopened', 'o1', 20)];
    const held = record(ack, ...cycle);
    assert.deepStrictEqual(
      fieldsOf(held, ['acknowledged', 'acknowledged_by', 'note', 'acknowledged_until']),
      {
        ...{ acknowledged: true, acknowledged_by: 'Ada', note: 'mine' },
        acknowledged_until: '2026-03-01T08:00:00.099Z',
      },
    );
    assert.equal(record(ack, ...cycle, at('alert.unacknowledged', 'u1', 30)).acknowledged, false);
    const later = at('alert.acknowledged', 'a2', 40, { by: 'Bob' });
    assert.equal(record(ack, later).acknowledged_by, 'Ada');
    assert.equal(record(ack, at('alert.unacknowledged', 'u1', 30), later).acknowledged_by, 'Bob');
    const overdue = at('alert.acknowledged', 'a3', 120, { by: 'Cy' });
    assert.equal(record(ack, overdue).acknowledged_by, 'Cy');
  });

  it('stays cleared whatever else is said of it', () => {
    const events = [at('alert.cleared', 'c1', 5), at('alert.reopened', 'o1', 20)];
    assert.equal(alertRecord(folded([raised, ...events])), null);
  });

  it('shows what became of its latest change on the way to each channel', () => {
    const first = routed('n1', 1, alert_id, 'queued', { flapping: false });
    assert.deepStrictEqual(record(first).routed, [
      { channel_id: 'ops', outcome: 'queued', notification_id: 'for n1' },
    ]);
    const second = routed('n2', 12, 'r1', 'digest', { flapping: true });
    const { routed: now, flapping } = record(first, second);
    assert.deepStrictEqual(
      { now, flapping },
      {
        now: [{ channel_id: 'ops', outcome: 'digest', notification_id: 'for n2' }],
        flapping: true,
      },
    );
    const { told, routes } = folded([second, first]);
    assert.equal(told[0]?.of, 'r1');
    const filtered = routed('n3', 14, 'o1', 'filtered');
    const last = folded([filtered, first, second]);
    assert.equal(last.routes[0]?.outcome, 'filtered');
    assert.equal(last.told[0]?.of, routes[0]?.of);
  });

  it('has bounded memory, and still counts each return', () => {
    const events = Array.from({ length: 500 }, (_, n) => [
      at('alert.resolved', `r${n}`, 10 * n + 1),
      at('alert.reopened', `o${n}`, 10 * n + 5, { value: n }),
    ]).flat();
    const alert = folded([raised, ...events]);
    assert.ok(alert.life.length <= MAX_LIFE_MARKS);
    assert.equal(alert.reopened_count, 500);
    assert.equal(alertRecord(alert)?.value, 499);
  });

  it('is read from the checkpoint of an earlier version', () => {
    const acknowledged = at('alert.acknowledged', 'a1', 5);
    const resolved = at('alert.resolved', 'r1', 10);
    const old = { alert_id, raised, acknowledged, resolved, cleared: false, seq: 7 };
    const held = JSON.parse(JSON.stringify(old)) as Partial<AlertState> & { alert_id: string };
    assert.deepStrictEqual(restoredAlert(held), folded([raised, acknowledged, resolved]));
  });

  it('is the same after a checkpoint, and after what the checkpoint holds is replayed', () => {
    const events = [raised, at('alert.resolved', 'r1', 10), at('alert.reopened', 'o1', 20)];
    const model = new Model();
    const entries = events.map((event, n) => ({ seq: n + 1, received_at: 0, event }));
    for (const entry of entries) model.apply(entry, newTouched());
    const [held] = model.alerts.values();
    const restored = restoredAlert(JSON.parse(JSON.stringify(held)) as AlertState);
    assert.deepStrictEqual(restored, held);
    const touched = newTouched();
    for (const entry of entries) model.apply(entry, touched);
    assert.deepStrictEqual([...model.alerts.values()], [restored]);
    assert.equal(touched.alerts.size, 0);
  });

  it('ends with its days; what is said of an alert that is gone makes none', () => {
    const model = new Model();
    const limits = { jobs: 10, job_days: 30, alert_days: 30 };
    const day = 86_400_000;
    model.apply({ seq: 1, received_at: 0, event: raised }, newTouched());
    model.apply({ seq: 2, received_at: 0, event: at('alert.resolved', 'r', 9) }, newTouched());
    const gone = (days: number) => retain(model, { limits, now: T0 + days * day }, newTouched());
    assert.deepStrictEqual(gone(29).alerts, []);
    assert.deepStrictEqual(gone(31).alerts, [alert_id]);
    model.apply({ seq: 3, received_at: 0, event: routed('n1', 3, 'r', 'queued') }, newTouched());
    gone(31);
    assert.equal(model.alerts.size, 0);
  });
});
