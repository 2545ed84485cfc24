/** Channels as records: what is set, where their secrets come from, and how they do. */
import type { DefinitionState } from '../../core/domain/definitions.ts';
import type { Table } from '../../core/domain/table.ts';
import { CHANNEL_SECRETS, type Channel, type ChannelRecord } from '../../protocol/channel.ts';
import { timeText } from '../../core/view.ts';
import type { ChannelBook } from './book.ts';
import { type Secrets, secretVariable } from './secrets.ts';

/** What the outbox knows of a channel. Times are epoch milliseconds. */
export interface Deliveries {
  waiting: number;
  dead: number;
  last_sent_at: number | null;
  /** Why the latest try failed; null when it went well, or there was none. */
  last_error: string | null;
}

export interface ChannelRecordParts {
  channels: ChannelBook;
  secrets: Secrets;
  definitions: Table<DefinitionState>;
  deliveries: (channel_id: string) => Deliveries;
}

export function channelRecords(parts: ChannelRecordParts): ChannelRecord[] {
  return parts.channels.channels.map((channel) => channelRecord(channel, parts));
}

export function channelRecord(channel: Channel, parts: ChannelRecordParts): ChannelRecord {
  const { channel_id, kind } = channel;
  const definition = parts.definitions.get(`channel/${channel_id}`);
  const { waiting, dead, last_sent_at, last_error } = parts.deliveries(channel_id);
  const names = Object.keys(CHANNEL_SECRETS[kind]);
  return {
    ...channel,
    builtin: parts.channels.isBuiltin(channel_id),
    revision: definition?.revision ?? 0,
    changed_at: definition && definition.revision > 0 ? timeText(definition.time) : null,
    changed_by: definition?.by ?? null,
    secrets: Object.fromEntries(
      names.map((name) => [name, parts.secrets.source(channel_id, name)]),
    ),
    ...stateOf(channel, parts, { last_error, isUsed: last_sent_at !== null }),
    ...{ waiting, dead },
    last_sent_at: last_sent_at === null ? null : timeText(last_sent_at),
  };
}

function stateOf(
  channel: Channel,
  { secrets, channels }: Pick<ChannelRecordParts, 'secrets' | 'channels'>,
  { last_error, isUsed }: { last_error: string | null; isUsed: boolean },
): Pick<ChannelRecord, 'state' | 'problem'> {
  const problem = incompleteness(channel, secrets) ?? ambiguity(channel, secrets, channels);
  if (!channel.enabled) return { state: 'OFF', problem };
  if (problem !== null) return { state: 'INCOMPLETE', problem };
  if (last_error !== null) return { state: 'FAILING', problem: last_error };
  return { state: isUsed ? 'OK' : 'UNUSED', problem: null };
}

/** `a-b` and `a_b` are one name in the environment: a secret of one would go to the receiver of the other. */
function ambiguity(channel: Channel, secrets: Secrets, { channels }: ChannelBook): string | null {
  const { channel_id, kind } = channel;
  const shared = Object.keys(CHANNEL_SECRETS[kind]).find(
    (name) => secrets.source(channel_id, name) === 'environment',
  );
  if (shared === undefined) return null;
  const variable = secretVariable(channel_id, shared);
  const other = channels.find(
    (one) => one.channel_id !== channel_id && secretVariable(one.channel_id, shared) === variable,
  );
  if (other === undefined) return null;
  return `The environment variable ${variable} is that of the channel "${other.channel_id}" too. Give one of them another id.`;
}

/** Which secret a channel cannot do without and has not, and where to give it; null when it has all. */
export function incompleteness(channel: Channel, secrets: Secrets): string | null {
  const name = neededSecrets(channel).find(
    (one) => secrets.source(channel.channel_id, one) === null,
  );
  if (name === undefined) return null;
  const variable = secretVariable(channel.channel_id, name);
  return `The secret "${name}" is missing. Give it in the channel's form, or as the environment variable ${variable}.`;
}

/** A user name alone opens no mailbox. */
function neededSecrets(channel: Channel): string[] {
  if (channel.kind === 'email') return channel.settings.user === null ? [] : ['password'];
  const kinds = Object.entries(CHANNEL_SECRETS[channel.kind]);
  return kinds.filter(([, need]) => need === 'needed').map(([name]) => name);
}
