/** What people do with channels. A channel and its secrets are stored together or not at all; a secret is in no event. */
import {
  type ChannelRecordParts,
  type SecretValues,
  channelRecord,
  parseChannel,
  parseSecrets,
} from '../alerts/channels/index.ts';
import { NONE, deliveriesOf } from '../alerts/routing/records.ts';
import type { Monitor } from '../monitor.ts';
import { type Channel, ChannelRecord, type ChannelTest } from '../protocol/channel.ts';
import { CHANNEL_COMMON } from '../protocol/channel.ts';
import { type FieldError, ProductError } from '../protocol/errors.ts';
import { type Edit, below, changesOf, firstOf } from './edit.ts';
import { fieldsOf, keyFor } from './names.ts';
import { withSecrets } from './secretChanges.ts';

/** What a record says beside the channel itself: who sends one back need not take it out. */
const SAID_ONLY: ReadonlySet<string> = new Set(
  Object.keys(ChannelRecord.properties).filter(
    (key) => !(key in CHANNEL_COMMON) && key !== 'kind' && key !== 'settings',
  ),
);

/** A channel as it is shown. Throws CHANNEL_UNKNOWN. */
export function channelOf(monitor: Monitor, channel_id: string): ChannelRecord {
  return channelRecord(knownChannel(monitor, channel_id), channelParts(monitor));
}

export function channelParts({ alerting, model }: Monitor): ChannelRecordParts {
  const { channels, secrets } = alerting;
  const { definitions, notifications } = model.domain;
  const deliveries = deliveriesOf(notifications);
  return { channels, secrets, definitions, deliveries: (id) => deliveries.get(id) ?? NONE };
}

function knownChannel({ alerting }: Monitor, channel_id: string): Channel {
  const channel = alerting.channels.channel(channel_id);
  if (channel) return channel;
  const detail = `There is no channel "${channel_id.slice(0, 80)}". GET /api/v1/channels lists them.`;
  throw new ProductError('CHANNEL_UNKNOWN', { detail });
}

/** Who changed it when, the newest first; secrets are not in it. Throws CHANNEL_UNKNOWN. */
export function channelChanges(monitor: Monitor, channel_id: string): object[] {
  const changes = changesOf(monitor, 'channel', channel_id);
  if (changes.length === 0) knownChannel(monitor, channel_id);
  return changes;
}

/**
 * Stores a whole channel, or a part of one that is there, and secrets of it; without an id it gets one. Throws
 * CHANNEL_INVALID, CHANNEL_EXISTS, CHANNEL_UNKNOWN, DEFINITION_CHANGED; then nothing was stored.
 */
export async function setChannel(
  monitor: Monitor,
  { channel: value, secrets }: { channel: unknown; secrets?: unknown },
  { mode, revision, by }: Edit,
): Promise<ChannelRecord> {
  const { channels, definitions } = monitor.alerting;
  const fields = fieldsOf(value);
  return definitions.inTurn(async () => {
    const key = idOf(fields, (id) => channels.channel(id) !== undefined);
    const base = channels.channel(key);
    if (base && mode === 'create') throw new ProductError('CHANNEL_EXISTS');
    if (!base && mode === 'change') knownChannel(monitor, key);
    const parsed = () => {
      const channel = parseChannel(fields ? plainOf(fields, key) : value, base);
      const faults = ruleFaults(monitor, channel, base);
      if (faults.length > 0) throw new ProductError('CHANNEL_INVALID', firstOf(faults));
      return { channel, secrets: checkedSecrets(channel, secrets) };
    };
    await withSecrets(monitor.alerting.secrets, key, (store) =>
      definitions.changeNow({
        ...{ of: 'channel', key, revision, by },
        make: async () => {
          const checked = parsed();
          await store(checked.secrets);
          return checked.channel;
        },
      }),
    );
    return channelOf(monitor, key);
  });
}

function idOf(fields: Record<string, unknown> | null, isTaken: (id: string) => boolean): string {
  const given = fields?.['channel_id'];
  if (given !== undefined) return typeof given === 'string' ? given : JSON.stringify(given);
  const kind = fields?.['kind'];
  const usual = typeof kind === 'string' && /^[a-z]+$/.test(kind) ? kind : 'channel';
  return keyFor(fields?.['name'], { usual, isTaken });
}

function plainOf(fields: Record<string, unknown>, channel_id: string): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name]) => !SAID_ONLY.has(name));
  return { channel_id, ...Object.fromEntries(kept) };
}

/** Their errors stand below /secrets. */
function checkedSecrets(channel: Channel, secrets: unknown): SecretValues {
  if (secrets === undefined) return {};
  try {
    return parseSecrets(channel, secrets);
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    throw new ProductError(error.code, firstOf(below('/secrets', error.errors)));
  }
}

/** The name by which channels know alerts that no rule raised. */
const EXTERNAL = 'external';

/** A channel only of rules that nobody knows would never be told anything. */
function ruleFaults(
  { alerting }: Monitor,
  channel: Channel,
  base: Channel | undefined,
): FieldError[] {
  return (channel.rules ?? []).flatMap((id, index) => {
    const isKnown = id === EXTERNAL || alerting.rules.rule(id) !== undefined;
    if (isKnown || base?.rules?.includes(id)) return [];
    const message = `There is no rule "${id}". GET /api/v1/rules lists them; "${EXTERNAL}" is for alerts of pipelines.`;
    return [{ path: `/rules/${index}`, message }];
  });
}

/**
 * Removes a channel that somebody made, with its secrets. Throws CHANNEL_UNKNOWN, CHANNEL_BUILTIN, CHANNEL_USED,
 * DEFINITION_CHANGED.
 */
export async function removeChannel(
  monitor: Monitor,
  channel_id: string,
  { revision, by }: Omit<Edit, 'mode'>,
): Promise<void> {
  const { channels, definitions, secrets } = monitor.alerting;
  await definitions.inTurn(() => {
    const channel = knownChannel(monitor, channel_id);
    if (channels.isBuiltin(channel_id)) throw new ProductError('CHANNEL_BUILTIN');
    refuseUsed(monitor, channel_id);
    return withSecrets(secrets, channel_id, (store) =>
      definitions.changeNow({
        ...{ of: 'channel', key: channel_id, revision, by },
        make: async () => {
          await store(noneOf(channel, monitor));
          return null;
        },
      }),
    );
  });
}

function noneOf(channel: Channel, monitor: Monitor): SecretValues {
  const { secrets } = channelRecord(channel, channelParts(monitor));
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, null]));
}

/** A rule that names no other channel would tell nobody any more. */
function refuseUsed({ alerting }: Monitor, channel_id: string): void {
  const users = alerting.rules.rules.filter(({ channels }) => channels?.includes(channel_id));
  if (users.length === 0) return;
  const named = users.slice(0, 5).map(({ name }) => `"${name}"`);
  const more = users.length > named.length ? ` and ${users.length - named.length} more` : '';
  throw new ProductError('CHANNEL_USED', {
    detail: `The rules ${named.join(', ')}${more} name this channel. Take it out of them first.`,
  });
}

/** A built-in channel is as it came again, another one is gone; null for that. */
export async function removeOrResetChannel(
  monitor: Monitor,
  channel_id: string,
  by: string | undefined,
): Promise<ChannelRecord | null> {
  const { channels, definitions } = monitor.alerting;
  if (!channels.isBuiltin(channel_id)) {
    await removeChannel(monitor, channel_id, { by });
    return null;
  }
  await definitions.change({ of: 'channel', key: channel_id, by, make: () => null });
  return channelOf(monitor, channel_id);
}

/** Sets and removes secrets. Throws CHANNEL_UNKNOWN, CHANNEL_INVALID, STORAGE_READ_ONLY. */
export async function setSecrets(
  monitor: Monitor,
  channel_id: string,
  { secrets, keep }: { secrets: unknown; keep: 'file' | 'memory' },
): Promise<ChannelRecord> {
  const { definitions, secrets: held } = monitor.alerting;
  return definitions.inTurn(async () => {
    const checked = parseSecrets(knownChannel(monitor, channel_id), secrets);
    await held.set(channel_id, checked, { keep });
    return channelOf(monitor, channel_id);
  });
}

/** Sends a test alert at once, also where the channel is switched off. Throws CHANNEL_UNKNOWN. */
export async function testChannel(monitor: Monitor, channel_id: string): Promise<ChannelTest> {
  return monitor.alerting.sender.test(knownChannel(monitor, channel_id));
}
