import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { createTransport } from 'nodemailer';
import type { NotificationContent } from '../../protocol/notification.ts';
import type { Means, Sender, Sending } from './kind.ts';
import { mailError } from './mailErrors.ts';
import { mailText } from './mailText.ts';
import { oneLine } from './plainText.ts';

type Mail = Sending<'email'>;
type CreateTransport = typeof createTransport;
interface SentInfo {
  response?: string;
  rejected?: unknown[];
}

/** A mail to all its receivers, over a connection that was checked and is ours. */
export const sendMail: Sender<'email'> = async (sending, means) => {
  const { host, port, allow_private: allowPrivate } = sending.channel.settings;
  // Much code that most services never need: it is read with the first mail, before a server waits for us.
  const { createTransport } = await import('nodemailer');
  const to = { host, port, allowPrivate };
  const info = await means.network.converse(to, sending.signal, (socket, signal) =>
    deliver(createTransport, sending, { ...means, socket, signal }),
  );
  return taken(sending, info, means);
};

function taken({ channel }: Mail, info: SentInfo, { logger }: Means): string {
  const { host, to } = channel.settings;
  const refused = (info.rejected ?? []).map((one) => oneLine(String(one)));
  if (refused.length > 0)
    logger.warn(
      { channel_id: channel.channel_id, refused },
      'The mail server took a notification for some of its receivers only.',
    );
  const count = to.length - refused.length;
  const addresses = to.length === 1 ? '1 address' : `${count} of ${to.length} addresses`;
  return `${host} took the mail for ${addresses}: ${oneLine(info.response ?? '', 200)}.`;
}

async function deliver(
  createTransport: CreateTransport,
  sending: Mail,
  { network, socket, signal }: Means & { socket: Socket; signal: AbortSignal },
): Promise<SentInfo> {
  const { settings } = sending.channel;
  const { host, port, security, user } = settings;
  const pass = sending.secret('password') ?? '';
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(user !== null && { auth: { user, pass } }),
    tls: { minVersion: 'TLSv1.2', ...(network.ca && { ca: network.ca }) },
    ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
    ...{ connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 15_000 },
    getSocket: (_: unknown, callback: (error: Error | null, socket: object) => void) =>
      callback(null, { connection: socket }),
  });
  const end = () => void socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await transport.sendMail(message(sending));
  } catch (error) {
    throw mailError(error, host);
  } finally {
    signal.removeEventListener('abort', end);
    transport.close();
  }
}

/** Addresses go as such, never as text that is read again: one cannot become two. */
function message({ channel, content, notification_id, dashboardUrl }: Mail) {
  const { from, to } = channel.settings;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const thread = threadOf(content, domain);
  return {
    from: { name: 'Pipescope', address: from },
    to: to.map((address) => ({ name: '', address })),
    ...mailText(content, { notification_id, dashboardUrl }),
    messageId: `<${digest(notification_id)}@${domain}>`,
    ...(thread !== null && { references: [thread] }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    date: new Date(content.created_at),
  };
}

/** Mail programs show what is said of one alert together. */
function threadOf({ alerts }: NotificationContent, domain: string): string | null {
  const [first, second] = alerts;
  return first && !second ? `<alert.${digest(first.alert_id)}@${domain}>` : null;
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
