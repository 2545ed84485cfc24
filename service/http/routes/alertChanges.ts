/** What people do with alerts, one by one and many at a time. */
import { type Static, Type } from '@sinclair/typebox';
import {
  acknowledge,
  alertsOf,
  knownAlert,
  resolve,
  unacknowledge,
} from '../../commands/alerts.ts';
import { type CommandContext, contextOf } from '../../commands/context.ts';
import { alertRecord } from '../../core/alertView.ts';
import { ProductError } from '../../protocol/errors.ts';
import { AlertRecord } from '../../protocol/record.ts';
import type { Monitor } from '../../monitor.ts';
import { type Route, param, route } from '../route.ts';

const By = {
  by: Type.Optional(Type.String({ maxLength: 200, description: 'who, at most 200 letters' })),
};
const Note = {
  ...By,
  note: Type.Optional(Type.String({ maxLength: 2000, description: 'why, at most 2000 letters' })),
};
const Acknowledgement = {
  ...Note,
  for_ms: Type.Optional(
    Type.Integer({
      minimum: 1000,
      maximum: 30 * 86_400_000,
      description: 'milliseconds after which it ends, 1000 to 2592000000 (30 days); absent: never',
    }),
  ),
};
const closed = { additionalProperties: false };
const Many = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(Type.String({ maxLength: 2048 }), {
        maxItems: 1000,
        description: 'ids of alerts, at most 1000',
      }),
    ),
    all: Type.Optional(
      Type.Boolean({ description: 'true for all active ones, or those of `job_id`' }),
    ),
    job_id: Type.Optional(Type.String({ maxLength: 256, description: 'with `all`: of this job' })),
    ...Acknowledgement,
  },
  closed,
);
const Acknowledged = Type.Object({
  acknowledged: Type.Integer({ description: 'alerts that were not acknowledged before' }),
  unknown: Type.Array(Type.String(), { description: 'ids that are none of an alert' }),
});

interface Change<T> {
  name: string;
  summary: string;
  body: T;
}

export function alertChangeRoutes(monitor: Monitor): Route[] {
  /** One that concerns one alert and answers it as it is then. */
  const one = <T extends ReturnType<typeof Type.Object>>(
    { name, summary, body }: Change<T>,
    run: (alert: AlertRecord, input: Static<T>, context: CommandContext) => Promise<unknown>,
  ) =>
    route({
      method: 'POST',
      path: `/api/v1/alerts/:alert_id/${name}`,
      ...{ summary, body },
      response: AlertRecord,
      fails: ['ALERT_UNKNOWN'],
      handle: async (request) => {
        const context = contextOf(monitor);
        const alert = knownAlert(context, param(request, 'alert_id'));
        await run(alert, request.input, context);
        return knownAlert(context, alert.alert_id);
      },
    });
  return [
    route({
      path: '/api/v1/alerts/:alert_id',
      summary: 'An alert, with what was said of it.',
      response: AlertRecord,
      fails: ['ALERT_UNKNOWN'],
      handle: (request) => knownAlert({ monitor }, param(request, 'alert_id')),
    }),
    one(
      {
        name: 'acknowledge',
        summary: 'Acknowledges an alert, for good or for a time. The first one stands.',
        body: Type.Object(Acknowledgement, closed),
      },
      (alert, input, context) => acknowledge([alert], input, context),
    ),
    one(
      {
        name: 'unacknowledge',
        summary: 'Takes the acknowledgement of an alert back.',
        body: Type.Object(By, closed),
      },
      ({ alert_id }, input, context) => unacknowledge({ alert_id, ...input }, context),
    ),
    one(
      {
        name: 'resolve',
        summary: 'Ends an alert by hand. It opens again when its cause comes back.',
        body: Type.Object(Note, closed),
      },
      ({ alert_id }, input, context) => resolve({ alert_id, ...input }, context),
    ),
    route({
      method: 'POST',
      path: '/api/v1/alerts/acknowledge',
      summary: 'Acknowledges many alerts: those of `ids`, or all that are active.',
      body: Many,
      response: Acknowledged,
      handle: ({ input }) => acknowledgeMany(input, contextOf(monitor)),
    }),
  ];
}

async function acknowledgeMany(
  { ids, all = false, job_id, ...said }: Static<typeof Many>,
  context: CommandContext,
): Promise<Static<typeof Acknowledged>> {
  if (all === (ids !== undefined))
    throw wrong('/ids', 'Give either "ids" or "all": true, and not both.');
  if (job_id !== undefined && !all) throw wrong('/job_id', 'Give "job_id" together with "all".');
  const { alerts } = context.monitor.model;
  const found = [...new Set(ids)].map((id) => {
    const alert = alerts.get(id);
    return { id, record: alert ? alertRecord(alert) : null };
  });
  const records = all ? alertsOf(context, job_id) : found.flatMap(({ record }) => record ?? []);
  return {
    acknowledged: await acknowledge(records, said, context),
    unknown: found.flatMap(({ id, record }) => (record ? [] : [id])),
  };
}

function wrong(path: string, detail: string): ProductError {
  return new ProductError('BODY_INVALID', { detail, errors: [{ path, message: detail }] });
}
