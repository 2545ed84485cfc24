/**
 * The outbox: tells each channel what waits for it, at least once, the same id on every try. One try at a time a channel, so
 * that one that hangs delays no other; nothing that takes events waits for any of it. What comes of a try is an event, so a
 * restart goes on where it was.
 */
import type { Logger } from 'pino';
import type { OutboxRow } from '../../core/domain/notification.ts';
import type { Table } from '../../core/domain/table.ts';
import { ProductError, messageOf } from '../../protocol/errors.ts';
import type { Event } from '../../protocol/event.ts';
import type { Channel } from '../../protocol/channel.ts';
import type { NotificationContent } from '../../protocol/notification.ts';
import { type Failure, type Attempt, afterFailure } from './backoff.ts';

/** Tells a channel. Rejects with an Error; where it has `permanent: true` no other try is made. */
export interface Sender {
  send(
    channel: Channel,
    notification_id: string,
    content: NotificationContent,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface OutboxParts {
  notifications: Table<OutboxRow>;
  channel: (channel_id: string) => Channel | undefined;
  sender: Sender;
  /** Epoch milliseconds that never run back. */
  now: () => number;
  /** Stores events; they are in the table when it resolves. */
  append: (events: readonly Event[]) => Promise<unknown>;
  retryHours: () => number;
  logger: Logger;
  random?: () => number;
}

/** Tries that run at once, of all channels together. */
const MAX_RUNNING = 64;
/** A try that takes longer is given up, and made again later. */
const TRY_MS = 30_000;
/** How long `close` waits for tries that do not end when they are told to. */
const CLOSE_MS = 1000;

export class Outbox {
  readonly #parts: OutboxParts;
  /** Channel -> its try. */
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  /** What came of tries, and could not be stored yet: they are not made again. */
  readonly #unsaid = new Map<string, Event>();
  #closed = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Begins what is due; to be called when notifications or channels changed, and every second. */
  wake(): void {
    if (this.#closed) return;
    this.#sayAgain();
    const now = this.#parts.now();
    for (const row of this.#parts.notifications.rows.values()) {
      if (this.#running.size >= MAX_RUNNING) break;
      if (row.state === 'WAITING' && !this.#running.has(row.channel_id)) this.#consider(row, now);
    }
  }

  /** Tries one that was given up again, under its id. Throws NOTIFICATION_UNKNOWN, NOTIFICATION_NOT_DEAD. */
  async sendAgain(notification_id: string, by?: string): Promise<void> {
    const row = this.#parts.notifications.get(notification_id);
    if (!row) throw new ProductError('NOTIFICATION_UNKNOWN');
    if (row.state !== 'DEAD') throw new ProductError('NOTIFICATION_NOT_DEAD');
    const time = this.#parts.now();
    // The id names the occasion: two that ask at once are one.
    const id = `${notification_id}:revived:${row.ended_at ?? 0}`;
    await this.#parts.append([
      { type: 'notification.revived', id, time, notification_id, ...(by !== undefined && { by }) },
    ]);
    this.wake();
  }

  /** Breaks tries off and waits a second for them. They are made again after the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(new Error('The service stops.'));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([Promise.allSettled(running.map(({ done }) => done)), late]);
    clearTimeout(timer);
  }

  #consider(row: OutboxRow, now: number): void {
    if (this.#unsaid.has(row.notification_id)) return;
    const channel = this.#parts.channel(row.channel_id);
    const why = unusable(channel);
    if (why !== null) void this.#say(row, { ok: false, error: why });
    else if (channel && (row.next_at ?? 0) <= now) this.#begin(row, channel);
  }

  #begin(row: OutboxRow, channel: Channel): void {
    const abort = new AbortController();
    const done = this.#try(row, channel, abort).finally(() => {
      this.#running.delete(row.channel_id);
      // Its next one need not wait for a second.
      this.wake();
    });
    this.#running.set(row.channel_id, { abort, done });
  }

  /** Never rejects. */
  async #try(row: OutboxRow, channel: Channel, abort: AbortController): Promise<void> {
    const late = setTimeout(
      () => abort.abort(new Error(`It did not answer within ${TRY_MS / 1000} s.`)),
      TRY_MS,
    );
    try {
      const { sender } = this.#parts;
      await orAborted(
        sender.send(channel, row.notification_id, row.content, abort.signal),
        abort.signal,
      );
      await this.#say(row, { ok: true });
    } catch (error) {
      // What was broken off by the stop is neither sent nor failed.
      if (!this.#closed) await this.#failed(row, error);
    } finally {
      clearTimeout(late);
    }
  }

  async #failed(row: OutboxRow, error: unknown): Promise<void> {
    const { now, retryHours, logger, random = Math.random } = this.#parts;
    const outcome = afterFailure({
      ...{ now: now(), triedSince: row.tried_since, attempt: row.attempts + 1 },
      ...{ retryMs: retryHours() * 3_600_000, failure: failureOf(error), random },
    });
    const { notification_id, channel_id } = row;
    if (outcome.next_at === undefined)
      logger.warn({ notification_id, channel_id }, `A notification was given up: ${outcome.error}`);
    await this.#say(row, { ok: false, ...outcome });
  }

  #say(row: OutboxRow, outcome: Attempt): Promise<void> {
    const { notification_id } = row;
    const attempt = row.attempts + 1;
    const time = this.#parts.now();
    // Names the try since it was created or sent again: said twice it is one.
    const id = `${notification_id}:${row.tried_since}:${attempt}`;
    const event: Event = {
      ...{ type: 'notification.tried', id, time, notification_id, attempt },
      ...outcome,
    };
    return this.#store(event, notification_id);
  }

  async #store(event: Event, notification_id: string): Promise<void> {
    this.#unsaid.set(notification_id, event);
    try {
      await this.#parts.append([event]);
      this.#unsaid.delete(notification_id);
    } catch (error) {
      if (this.#closed) return;
      this.#parts.logger.warn(
        { notification_id },
        `What came of a notification could not be stored, trying again: ${messageOf(error)}`,
      );
      this.#refused.add(notification_id);
    }
  }

  /** Of them those that the storage refused. */
  readonly #refused = new Set<string>();

  #sayAgain(): void {
    const again = [...this.#refused];
    this.#refused.clear();
    for (const id of again) {
      const event = this.#unsaid.get(id);
      if (event) void this.#store(event, id);
    }
  }
}

/** Why nothing can be told there, as a sentence; null where it can. */
function unusable(channel: Channel | undefined): string | null {
  if (channel === undefined) return 'The channel was removed.';
  return channel.enabled ? null : 'The channel was switched off. Switch it on, then send it again.';
}

/** What a sender says of a failure, whatever it threw. */
function failureOf(error: unknown): Failure {
  const { permanent, retryAfterMs } = (error ?? {}) as {
    permanent?: unknown;
    retryAfterMs?: unknown;
  };
  return {
    message: messageOf(error),
    permanent: permanent === true,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  };
}

/** A sender that does not heed the signal is waited for no longer. */
function orAborted(sending: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    sending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
