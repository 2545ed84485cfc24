import { Type } from '@sinclair/typebox';
import { acknowledge, clearAcknowledged, knownAlert } from '../../commands/alerts.ts';
import { contextOf } from '../../commands/context.ts';
import { ALERT_STAGES, acknowledgedAlerts, listAlerts, newestAlerts } from '../../core/list.ts';
import { AlertRecord } from '../../protocol/record.ts';
import { SEVERITIES } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, TimeRange, choicesOf, timesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const Filters = Type.Object({
  ...PageQuery,
  job_id: Type.Optional(Type.String()),
  severity: Type.Optional(
    Type.Union(
      SEVERITIES.map((severity) => Type.Literal(severity)),
      { description: SEVERITIES.join(', ') },
    ),
  ),
  acknowledged: Type.Optional(Type.Boolean({ description: 'true or false' })),
});
const AllFilters = Type.Object({
  ...Filters.properties,
  severity: ChoicesOf(SEVERITIES),
  state: ChoicesOf(ALERT_STAGES),
  active: Type.Optional(Type.Boolean({ description: 'true or false; both when absent' })),
  rule: Type.Optional(
    Type.String({ maxLength: 64, description: 'id of a rule, or external for those of no rule' }),
  ),
  component: Type.Optional(Type.String({ description: 'job, phase, worker, queue...' })),
  text: Type.Optional(
    Type.String({
      maxLength: 256,
      description: 'anywhere in title, description, component or job',
    }),
  ),
  ...TimeRange,
  order: Type.Optional(
    Type.Union([Type.Literal('worst'), Type.Literal('newest'), Type.Literal('acknowledged')], {
      description:
        'worst (active ones first; the default), newest (by when they were raised) or acknowledged (those acknowledged longest ago first, so that nothing is forgotten)',
    }),
  ),
});

export function alertRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/monitoring/alerts',
      summary: 'Active alerts, the worst first.',
      query: Filters,
      response: PageOf('alerts', AlertRecord),
      handle: ({ query }) => {
        const { items, ...page } = pageOf(
          listAlerts(monitor.model, { ...query, active: true }),
          query,
        );
        return { alerts: items, ...page };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/monitoring/alerts/:alert_id/acknowledge',
      summary: 'Acknowledges an alert. Acknowledging it again changes nothing.',
      response: AlertRecord,
      fails: ['ALERT_UNKNOWN'],
      handle: async (request) => {
        const context = contextOf(monitor);
        const alert_id = param(request, 'alert_id');
        await acknowledge([knownAlert(context, alert_id)], {}, context);
        return knownAlert(context, alert_id);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/monitoring/alerts/clear-acknowledged',
      summary: 'Removes all acknowledged alerts.',
      response: Type.Object({ cleared: Type.Integer() }),
      handle: async () => ({ cleared: await clearAcknowledged(undefined, contextOf(monitor)) }),
    }),
    route({
      path: '/api/v1/alerts',
      summary: 'Alerts, active and resolved.',
      query: AllFilters,
      response: PageOf('alerts', AlertRecord),
      handle: ({ query }) => {
        const severity = choicesOf(query.severity, 'severity', SEVERITIES);
        const state = choicesOf(query.state, 'state', ALERT_STAGES);
        const order = ORDERS[query.order ?? 'worst'];
        const alerts = order(monitor.model, { ...query, severity, state, ...timesOf(query) });
        const { items, ...page } = pageOf(alerts, query);
        return { alerts: items, ...page };
      },
    }),
  ];
}

const ORDERS = { worst: listAlerts, newest: newestAlerts, acknowledged: acknowledgedAlerts };
