/** What the file of a kind of channel gives: how it sends one notification. */
import type { ChannelKind, ChannelOf } from '../../protocol/channel.ts';
import type { NotificationContent } from '../../protocol/notification.ts';
import type { Logger } from '../../logger.ts';
import type { AlertFiles } from './alertFiles.ts';
import type { Network } from './network/network.ts';

export interface Sending<K extends ChannelKind> {
  channel: ChannelOf<K>;
  /** The same on every try. */
  notification_id: string;
  content: NotificationContent;
  /** Null where nobody knows at which address the dashboard is. */
  dashboardUrl: string | null;
  /** Ends the try. */
  signal: AbortSignal;
  secret: (name: string) => string | undefined;
}

/** What senders work with. */
export interface Means {
  logger: Logger;
  files: AlertFiles;
  network: Network;
  /** Lines for who looks at the service's console. */
  writeLine: (line: string) => void;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Resolves, to what the other side said in a sentence, once it has the notification. Rejects with ChannelError. */
export type Sender<K extends ChannelKind> = (sending: Sending<K>, means: Means) => Promise<string>;
