import { ChannelError } from './error.ts';
import type { Sender } from './kind.ts';
import { fillIn, formatOf } from './placeholders.ts';
import { postTo } from './postTo.ts';

/** A request as a person wrote it. */
export const sendTemplate: Sender<'template'> = (sending, means) => {
  const { url, method, content_type, headers, body } = sending.channel.settings;
  const format = formatOf(content_type);
  if (format === null)
    throw new ChannelError('The content type of the channel is not known. Choose another.', {
      permanent: true,
    });
  const authorization = sending.secret('authorization');
  return postTo(sending, means, {
    ...{ url, method, contentType: content_type },
    headers: {
      ...headers,
      ...(authorization !== undefined && { authorization }),
      'idempotency-key': idempotencyKey(sending.notification_id),
    },
    body: fillIn(body, format, sending.content, sending),
  });
};

/** What a header can carry; ids of our own are like that already. */
function idempotencyKey(notification_id: string): string {
  return encodeURIComponent(notification_id).slice(0, 255);
}
