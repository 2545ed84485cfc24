import { Type } from '@sinclair/typebox';
import { type ServiceCommand, runCommand } from '../../commands.ts';
import { listAlerts, newestAlerts } from '../../core/list.ts';
import { alertRecord } from '../../core/alertView.ts';
import { ProductError } from '../../protocol/errors.ts';
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
  active: Type.Optional(Type.Boolean({ description: 'true or false; both when absent' })),
  text: Type.Optional(
    Type.String({
      maxLength: 256,
      description: 'anywhere in title, description, component or job',
    }),
  ),
  ...TimeRange,
  order: Type.Optional(
    Type.Union([Type.Literal('worst'), Type.Literal('newest')], {
      description: 'worst (active ones first; the default) or newest (by when they were raised)',
    }),
  ),
});

export function alertRoutes(monitor: Monitor): Route[] {
  const run = (command: ServiceCommand) =>
    runCommand(command, { monitor, now: Date.now(), stop: () => undefined });
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
        const alert_id = param(request, 'alert_id');
        await run({ command: 'alert.acknowledge', alert_id });
        const alert = monitor.model.alerts.get(alert_id);
        const record = alert && alertRecord(alert);
        if (!record) throw new ProductError('ALERT_UNKNOWN');
        return record;
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/monitoring/alerts/clear-acknowledged',
      summary: 'Removes all acknowledged alerts.',
      response: Type.Object({ cleared: Type.Integer() }),
      handle: async () => ({ cleared: await run({ command: 'alert.clear_acknowledged' }) }),
    }),
    route({
      path: '/api/v1/alerts',
      summary: 'Alerts, active and resolved.',
      query: AllFilters,
      response: PageOf('alerts', AlertRecord),
      handle: ({ query }) => {
        const severity = choicesOf(query.severity, 'severity', SEVERITIES);
        const list = query.order === 'newest' ? newestAlerts : listAlerts;
        const alerts = list(monitor.model, { ...query, severity, ...timesOf(query) });
        const { items, ...page } = pageOf(alerts, query);
        return { alerts: items, ...page };
      },
    }),
  ];
}
