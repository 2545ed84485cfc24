import { createHmac } from 'node:crypto';
import type { NotificationContent, NotificationKind } from '../../protocol/notification.ts';
import { ChannelError } from './error.ts';
import type { Sender } from './kind.ts';
import { postTo } from './postTo.ts';
import { keyOf } from './secretRules.ts';

export const WEBHOOK_TYPES: Record<NotificationKind, string> = {
  raised: 'alert.raised',
  resolved: 'alert.resolved',
  digest: 'alert.digest',
  test: 'alert.test',
};

/** Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const sendWebhook: Sender<'webhook'> = (sending, means) => {
  const { url, headers } = sending.channel.settings;
  const { notification_id, secret } = sending;
  const body = webhookBody(sending.content);
  const timestamp = Math.floor(means.now() / 1000);
  const keys = [secret('signing_key'), secret('previous_signing_key')].flatMap((key) => key ?? []);
  const signatures = keys.map((key) => signature(key, `${notification_id}.${timestamp}.${body}`));
  const authorization = secret('authorization');
  return postTo(sending, means, {
    url,
    headers: {
      ...headers,
      ...(authorization !== undefined && { authorization }),
      'webhook-id': notification_id,
      'webhook-timestamp': String(timestamp),
      ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
    },
    body,
  });
};

/** The same on every try. */
export function webhookBody(content: NotificationContent): string {
  const { kind, created_at, ...data } = content;
  return JSON.stringify({ type: WEBHOOK_TYPES[kind], timestamp: created_at, data });
}

function signature(key: string, signed: string): string {
  const bytes = keyOf(key);
  if (!bytes)
    throw new ChannelError(
      'The signing key is not valid. Give "whsec_" and 24 to 64 bytes in Base64.',
      { permanent: true },
    );
  return `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`;
}
