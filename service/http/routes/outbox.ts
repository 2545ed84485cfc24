import { Type } from '@sinclair/typebox';
import { notificationRecord, notificationRecords } from '../../alerts/routing/records.ts';
import type { Monitor } from '../../monitor.ts';
import { ProductError } from '../../protocol/errors.ts';
import { NOTIFICATION_STATES, NotificationRecord } from '../../protocol/notification.ts';
import { ByQuery } from '../definitions.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

export function outboxRoutes(monitor: Monitor): Route[] {
  const { notifications } = monitor.model.domain;
  return [
    route({
      path: '/api/v1/outbox',
      summary: 'Notifications: what channels were told, are to be told, and could not be told.',
      query: Type.Object({
        ...PageQuery,
        state: ChoicesOf(NOTIFICATION_STATES),
        channel_id: Type.Optional(Type.String({ maxLength: 64 })),
      }),
      response: PageOf('notifications', NotificationRecord),
      handle: ({ query }) => {
        const states = choicesOf(query.state, 'state', NOTIFICATION_STATES);
        const { channel_id } = query;
        const records = notificationRecords(notifications, { channel_id }).filter(
          ({ state }) => states?.includes(state) ?? true,
        );
        const { items, ...page } = pageOf(records, query);
        return { notifications: items, ...page };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/outbox/:notification_id/send',
      summary: 'Tries a notification that was given up again, under the same id.',
      query: ByQuery,
      response: NotificationRecord,
      fails: ['NOTIFICATION_UNKNOWN', 'NOTIFICATION_NOT_DEAD'],
      handle: async (request) => {
        const id = param(request, 'notification_id');
        await monitor.alerting.outbox.sendAgain(id, request.query.by);
        const row = notifications.get(id);
        if (!row) throw new ProductError('NOTIFICATION_UNKNOWN');
        return notificationRecord(row);
      },
    }),
  ];
}
