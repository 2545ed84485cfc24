/** Sends notifications, by the kind of the channel. Has all that must be ended when the service ends. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import {
  CHANNEL_SECRETS,
  type Channel,
  type ChannelKind,
  type ChannelTest,
} from '../../protocol/channel.ts';
import type { NotificationContent } from '../../protocol/notification.ts';
import { messageOf } from '../../protocol/errors.ts';
import { duration } from '../../protocol/describe.ts';
import { AlertFiles } from './alertFiles.ts';
import { ChannelError } from './error.ts';
import type { Means, Sending } from './kind.ts';
import { Network, type NetworkOptions } from './network/network.ts';
import { oneLine } from './plainText.ts';
import { incompleteness } from './records.ts';
import { redacted } from './redact.ts';
import type { Secrets } from './secrets.ts';
import { SENDERS } from './senders.ts';
import { testContent } from './texts.ts';

export interface ChannelsOptions {
  secrets: Secrets;
  logger: Logger;
  dataDir: string;
  clock: Clock;
  /** The page that notifications lead to; null where nobody knows. */
  dashboardUrl: () => string | null;
  /** Gets lines of console channels: standard error where absent. */
  writeLine?: (line: string) => void;
  network?: NetworkOptions;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #means: Means;
  /** Every try that goes on, and what ends it. */
  readonly #running = new Map<Promise<unknown>, AbortController>();
  #isClosed = false;
  /** Channels that are being tested: one test at a time. */
  readonly #tested = new Set<string>();

  constructor(options: ChannelsOptions) {
    const { logger, dataDir, clock, network, writeLine } = options;
    this.#options = options;
    this.#means = {
      logger,
      files: new AlertFiles(join(dataDir, 'alerts')),
      network: new Network(network),
      writeLine: writeLine ?? ((line) => void process.stderr.write(line)),
      now: () => clock.now(),
    };
  }

  /** Resolves once the other side has it. Rejects with ChannelError; its message holds nothing secret. */
  async send(
    channel: Channel,
    notification_id: string,
    content: NotificationContent,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#send(channel, notification_id, content, signal);
  }

  /** Sends a test notification now and says what came of it. Never rejects. */
  async test(channel: Channel): Promise<ChannelTest> {
    const { clock } = this.#options;
    const { channel_id } = channel;
    if (this.#tested.has(channel_id))
      return { ok: false, message: 'A test of this channel is going on.', duration_ms: 0 };
    const began = clock.elapsed();
    const ended = (ok: boolean, message: string): ChannelTest => {
      const duration_ms = Math.round(clock.elapsed() - began);
      return { ok, message: `${message} It took ${duration(duration_ms)}.`, duration_ms };
    };
    this.#tested.add(channel_id);
    try {
      const content = testContent(channel.name, new Date(clock.now()).toISOString());
      return ended(true, await this.#send(channel, `test-${randomUUID()}`, content));
    } catch (error) {
      return ended(false, messageOf(error));
    } finally {
      this.#tested.delete(channel_id);
    }
  }

  /** Ends every try that goes on, and resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const ends of this.#running.values()) ends.abort();
    await Promise.allSettled(this.#running.keys());
  }

  async #send(
    channel: Channel,
    notification_id: string,
    content: NotificationContent,
    signal?: AbortSignal,
  ): Promise<string> {
    if (this.#isClosed || signal?.aborted) throw new ChannelError('The service is stopping.');
    const missing = incompleteness(channel, this.#options.secrets);
    // A window may still come and give it.
    if (missing !== null) throw new ChannelError(missing);
    const ends = new AbortController();
    const end = () => ends.abort();
    signal?.addEventListener('abort', end);
    const running = this.#run(channel, { notification_id, content, signal: ends.signal });
    this.#running.set(running, ends);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      signal?.removeEventListener('abort', end);
    }
  }

  async #run(
    channel: Channel,
    sending: Pick<Sending<ChannelKind>, 'notification_id' | 'content' | 'signal'>,
  ): Promise<string> {
    const { secrets, dashboardUrl, logger } = this.#options;
    const { channel_id } = channel;
    const all = () => secrets.all(channel_id, Object.keys(CHANNEL_SECRETS[channel.kind]));
    try {
      const said = await sendBy(
        channel,
        {
          ...sending,
          dashboardUrl: dashboardUrl(),
          secret: (name) => secrets.get(channel_id, name),
        },
        this.#means,
      );
      return redacted(oneLine(said, 500), all());
    } catch (error) {
      const message = redacted(oneLine(messageOf(error), 500), all());
      if (error instanceof ChannelError)
        throw new ChannelError(message, {
          permanent: error.permanent,
          retryAfterMs: error.retryAfterMs,
        });
      // What nobody expects says too much of itself to be shown, and names no next step.
      logger.error({ channel_id, error: message }, 'A notification could not be sent.');
      throw new ChannelError(`The notification could not be sent: ${message}`);
    }
  }
}

function sendBy<K extends ChannelKind>(
  channel: Channel & { kind: K },
  sending: Omit<Sending<K>, 'channel'>,
  means: Means,
): Promise<string> {
  return SENDERS[channel.kind]({ ...sending, channel }, means);
}
