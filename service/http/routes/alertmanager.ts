import { Type } from '@sinclair/typebox';
import { alertRecord } from '../../core/alertView.ts';
import { AlertmanagerWebhook, fromAlertmanager } from '../../ingest/alertmanager.ts';
import type { Event } from '../../protocol/event.ts';
import type { Monitor } from '../../monitor.ts';
import { MAX_INFLATED, textOf } from '../body.ts';
import { type Route, route } from '../route.ts';
import { Ack, ContentEncoding } from './events.ts';

const Received = Type.Object({
  ...Ack.properties,
  accepted: Type.Integer({ description: 'alerts that are new' }),
  duplicates: Type.Integer({ description: 'alerts that were known already' }),
  resolved: Type.Integer({ description: 'alerts that have ended' }),
});

export function alertmanagerRoutes(monitor: Monitor): Route[] {
  return [
    route({
      method: 'POST',
      path: '/ingest/alertmanager',
      summary:
        'Takes the webhook of Prometheus Alertmanager: raises its alerts, once each, and resolves them.',
      headers: ContentEncoding,
      accepts: { 'application/json': AlertmanagerWebhook },
      fails: ['BODY_TOO_MANY_EVENTS'],
      response: Received,
      handle: async ({ body, headers }) =>
        receive(monitor, await textOf(body, headers, MAX_INFLATED)),
    }),
  ];
}

/** Only what is new becomes events: Alertmanager repeats an alert for as long as it fires. */
async function receive(monitor: Monitor, text: string) {
  const { alerts, rejected } = fromAlertmanager(text, monitor.now());
  const known = new Set<string>();
  const events: Event[] = [];
  let resolved = 0;
  let duplicates = 0;
  for (const alert of alerts) {
    const { id } = alert.raised;
    const held = monitor.model.alerts.get(id);
    if (held?.raised || known.has(id)) duplicates++;
    else events.push(alert.raised);
    known.add(id);
    if (!alert.resolved || (held && alertRecord(held)?.active === false)) continue;
    events.push(alert.resolved);
    resolved++;
  }
  await monitor.append(events);
  const accepted = alerts.length - duplicates;
  monitor.ingested.add('http', { accepted, duplicates, rejected });
  return { accepted, duplicates, resolved, rejected, seq: monitor.seq };
}
