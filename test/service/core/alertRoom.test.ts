import assert from 'node:assert/strict';
import { MAX_ALERTS } from '../../../service/core/alertRoom.ts';
import { alertRecord } from '../../../service/core/alertView.ts';
import { Model } from '../../../service/core/fold.ts';
import { type Touched, newTouched } from '../../../service/core/touched.ts';
import type { Event } from '../../../service/protocol/event.ts';
import type { Severity } from '../../../service/protocol/states.ts';
import { getJson, send, useServices } from '../../support/service.ts';

const T0 = Date.UTC(2026, 2, 1);

function raised(id: string, severity: Severity = 'WARNING', job_id?: string): Event {
  const about = { title: id, severity, component: 'disk' } as const;
  return { type: 'alert.raised', id, time: T0, ...about, ...(job_id !== undefined && { job_id }) };
}

function said(type: 'resolved' | 'acknowledged' | 'routed', alert_id: string): Event {
  const event = { id: `${type} ${alert_id}`, time: T0 + 1, alert_id };
  if (type === 'routed') return { type: 'alert.routed', ...event, of: alert_id, outcomes: [] };
  return { type: `alert.${type}`, ...event };
}

class Told {
  readonly model = new Model({ alerts: 40 });
  touched: Touched = newTouched();
  #seq = 0;

  tell(...events: Event[]): this {
    for (const event of events)
      this.model.apply({ seq: ++this.#seq, received_at: T0, event }, this.touched);
    return this;
  }

  get ids(): string[] {
    return [...this.model.alerts.keys()];
  }
}

const many = (name: string, count: number, severity?: Severity) =>
  Array.from({ length: count }, (_, n) => raised(`${name}${n}`, severity));

describe('alerts beyond how many there may be', () => {
  it('let the ones go that are needed least', () => {
    const rule = 'pipescope:phase_failed:j/P1/1';
    const told = new Told().tell(
      raised(rule, 'INFO'),
      raised('critical', 'CRITICAL'),
      ...['warning', 'acknowledged', 'resolved'].map((id) => raised(id, 'WARNING')),
      said('resolved', 'resolved'),
      said('acknowledged', 'acknowledged'),
      raised('info', 'INFO'),
      ...many('w', 34),
    );
    assert.equal(told.model.alerts.size, 40);
    const order: string[] = [];
    for (let n = 0; n < 5; n++) {
      const before = told.ids;
      told.tell(raised(`more${n}`, 'CRITICAL'));
      order.push(...before.filter((id) => !told.model.alerts.has(id)));
    }
    assert.deepEqual(order, ['resolved', 'acknowledged', 'info', 'warning', 'w0']);
    assert.deepEqual([...told.touched.removedAlerts], order);
    told.tell(...many('c', 200, 'CRITICAL'));
    assert.equal(told.model.alerts.size, 40);
    assert.ok(told.model.alerts.has(rule) && !told.model.alerts.has('critical'));
    assert.equal(told.model.alertsDropped, 205);
  });

  it('go from their job as well, and what is said of them afterwards makes none', () => {
    const told = new Told().tell(
      { type: 'job.started', id: 's', time: T0, job_id: 'j' },
      raised('of job', 'INFO', 'j'),
      ...many('w', 39),
    );
    assert.equal(told.model.activeAlerts('j'), 1);
    told.touched = newTouched();
    told.tell(raised('new', 'ERROR'));
    assert.equal(told.model.activeAlerts('j'), 0);
    assert.equal(told.model.alertsOfJob.size, 0);
    assert.ok(told.touched.jobs.has('j'));
    const before = told.ids;
    told.tell(said('routed', 'of job'), said('resolved', 'of job'));
    assert.deepEqual(told.ids, before);
  });

  it('are the same ones after all of it was read again', () => {
    const events = Array.from({ length: 300 }, (_, n) => [
      raised(`a${n}`, (['INFO', 'ERROR', 'WARNING'] as const)[n % 3]),
      ...(n % 4 === 0 ? [said('resolved', `a${n - 2}`)] : []),
      ...(n % 5 === 0 ? [said('acknowledged', `a${n}`)] : []),
    ]).flat();
    const records = ({ model }: Told) => [...model.alerts.values()].map(alertRecord);
    const once = new Told().tell(...events);
    assert.equal(once.model.alerts.size, 40);
    assert.deepEqual(records(new Told().tell(...events)), records(once));
  });
});

describe('a storm of alerts from outside', () => {
  const start = useServices();

  it('leaves a bounded number, and says how many had to go', async function () {
    this.timeout(60_000);
    const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
    const total = MAX_ALERTS + 1500;
    for (let at = 0; at < total; at += 500) await send(to, many(`storm${at}-`, 500, 'ERROR'));
    const { total: held } = await getJson<{ total: number }>(to, '/api/v1/alerts?limit=1');
    assert.ok(held <= MAX_ALERTS && held > MAX_ALERTS * 0.9, `${held} alerts`);
    const path = '/api/v1/diagnostics';
    const { dropped } = await getJson<{ dropped: Record<string, number> }>(to, path);
    assert.equal(dropped['alerts'], total - held);
  });
});
