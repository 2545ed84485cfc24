/** The alert routes of the reference document (001): /alerts/active, /alerts/history, /alerts/configure. */
import { type Static, Type } from '@sinclair/typebox';
import { listAlerts } from '../../core/list.ts';
import { AlertDefaults } from '../../protocol/alertDefaults.ts';
import { AlertRecord } from '../../protocol/record.ts';
import { SEVERITIES } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, TimeRange, choicesOf, timesOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import { changeSettings } from './config.ts';

const Filters = Type.Object({
  ...PageQuery,
  severity: ChoicesOf(SEVERITIES),
  component: Type.Optional(Type.String({ description: 'job, phase, worker, queue...' })),
  job_id: Type.Optional(Type.String()),
  acknowledged: Type.Optional(Type.Boolean({ description: 'true or false' })),
  ...TimeRange,
});
const HistoryFilters = Type.Composite([
  Filters,
  Type.Object({
    active: Type.Optional(Type.Boolean({ description: 'true or false; both when absent' })),
  }),
]);

const AlertLimits = Type.Partial(AlertDefaults, { additionalProperties: false });

export function alertApiRoutes(monitor: Monitor): Route[] {
  const { model } = monitor;
  let last: Promise<unknown> = Promise.resolve();
  return [
    route({
      path: '/alerts/active',
      summary: 'Active alerts, the worst first.',
      query: Filters,
      response: PageOf('alerts', AlertRecord),
      handle: ({ query }) => {
        const { items, ...page } = pageOf(matching(model, { ...query, active: true }), query);
        return { alerts: items, ...page };
      },
    }),
    route({
      path: '/alerts/history',
      summary: 'Alerts, active and resolved, those raised last first.',
      query: HistoryFilters,
      response: PageOf('alerts', AlertRecord),
      handle: ({ query }) => {
        const alerts = matching(model, query).sort(
          (a, b) => Date.parse(b.raised_at) - Date.parse(a.raised_at),
        );
        const { items, ...page } = pageOf(alerts, query);
        return { alerts: items, ...page };
      },
    }),
    route({
      method: 'POST',
      path: '/alerts/configure',
      summary:
        'Sets limits of alerts on requests, models, caches and machines; what is left out stays. Answers those in effect.',
      body: AlertLimits,
      response: AlertDefaults,
      fails: ['CONFIG_CHANGED', 'CONFIG_INVALID'],
      handle: ({ input }) => {
        // One after the other: each builds on what is in effect.
        const done = last.then(() => setLimits(monitor, input));
        last = done.catch(() => undefined);
        return done;
      },
    }),
  ];
}

async function setLimits(
  monitor: Monitor,
  input: Static<typeof AlertLimits>,
): Promise<AlertDefaults> {
  const { settings } = monitor;
  const { revision, changes } = settings;
  if (Object.keys(input).length === 0) return settings.config.alert_defaults;
  const alert_defaults = { ...changes.alert_defaults, ...input };
  await changeSettings(monitor, { revision, changes: { ...changes, alert_defaults } });
  return settings.config.alert_defaults;
}

function matching(model: Monitor['model'], query: Static<typeof HistoryFilters>): AlertRecord[] {
  const { job_id, acknowledged, active, component } = query;
  const severity = choicesOf(query.severity, 'severity', SEVERITIES);
  const { from = -Infinity, to = Infinity } = timesOf(query);
  return listAlerts(model, { job_id, acknowledged, active }).filter((alert) => {
    const raised = Date.parse(alert.raised_at);
    return (
      (severity?.includes(alert.severity) ?? true) &&
      (component === undefined || alert.component === component) &&
      raised >= from &&
      raised <= to
    );
  });
}
