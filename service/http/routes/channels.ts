import { Type } from '@sinclair/typebox';
import { channelRecords } from '../../alerts/channels/index.ts';
import { channelChanges, channelOf, channelParts, removeChannel } from '../../commands/channels.ts';
import { setChannel, setSecrets, testChannel } from '../../commands/channels.ts';
import { fieldsOf } from '../../commands/names.ts';
import type { Monitor } from '../../monitor.ts';
import {
  CHANNEL_COMMON,
  CHANNEL_KINDS,
  CHANNEL_STATES,
  ChannelRecord,
  ChannelTest,
  SECRET_SOURCES,
} from '../../protocol/channel.ts';
import { OneOf, OrNull } from '../../protocol/schema.ts';
import {
  ByQuery,
  CHANGED,
  MayMatch,
  definitionRoutes,
  jsonOf,
  perhapsRevision,
  tagged,
} from '../definitions.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const Secret = OrNull(
  Type.String({ minLength: 1, maxLength: 4096, description: 'a text, at most 4096 letters' }),
);
/** Any part of a channel, with secrets of it. Its fields are checked by their kind. */
const ChannelInput = Type.Object(
  {
    ...Type.Partial(Type.Object(CHANNEL_COMMON)).properties,
    kind: Type.Optional(OneOf(CHANNEL_KINDS)),
    settings: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'as docs/alerts.md says' }),
    ),
    secrets: Type.Optional(
      Type.Record(Type.String(), Secret, {
        description: 'those to set, as text; what a ChannelRecord says of them changes nothing',
      }),
    ),
  },
  {
    additionalProperties: true,
    description: 'a channel; the fields of a ChannelRecord are ignored',
  },
);
const JSON_CHANNEL = { 'application/json': ChannelInput };
export function channelRoutes(monitor: Monitor): Route[] {
  return [...listRoutes(monitor), ...changingRoutes(monitor), ...secretRoutes(monitor)];
}

function listRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/channels',
      summary: 'The channels that are told of alerts, with how they do. Secrets are never shown.',
      query: Type.Object({
        ...PageQuery,
        kind: ChoicesOf(CHANNEL_KINDS),
        state: ChoicesOf(CHANNEL_STATES),
      }),
      response: PageOf('channels', ChannelRecord),
      handle: ({ query }) => {
        const kinds: readonly string[] | undefined = choicesOf(query.kind, 'kind', CHANNEL_KINDS);
        const states = choicesOf(query.state, 'state', CHANNEL_STATES);
        const channels = channelRecords(channelParts(monitor)).filter(
          ({ kind, state }) => (kinds?.includes(kind) ?? true) && (states?.includes(state) ?? true),
        );
        const { items, ...page } = pageOf(channels, query);
        return { channels: items, ...page };
      },
    }),
    route({
      path: '/api/v1/channels/:channel_id',
      summary: 'One channel, with its revision as ETag.',
      response: ChannelRecord,
      fails: ['CHANNEL_UNKNOWN'],
      handle: (request) => tagged(channelOf(monitor, param(request, 'channel_id'))),
    }),
  ];
}

function changingRoutes(monitor: Monitor): Route[] {
  return [
    ...definitionRoutes({
      ...{ of: 'channel', invalid: 'CHANNEL_INVALID', unknown: 'CHANNEL_UNKNOWN' },
      making: 'Makes a channel, with its secrets. Without an id it gets one.',
      makingFails: ['CHANNEL_EXISTS'],
      changing: 'Changes a channel, and secrets of it. What the body leaves out stays.',
      changingFails: ['DEFINITIONS_FULL'],
      ...{ accepts: JSON_CHANNEL, record: ChannelRecord },
      set: (value, edit) => setChannel(monitor, partsOf(value), edit),
      changes: (channel_id) => channelChanges(monitor, channel_id),
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/channels/:channel_id',
      summary: 'Removes a channel that somebody made, with its secrets.',
      query: ByQuery,
      headers: MayMatch,
      response: Type.Object({ channel_id: Type.String(), removed: Type.Literal(true) }),
      fails: ['CHANNEL_UNKNOWN', 'CHANNEL_BUILTIN', 'CHANNEL_USED', ...CHANGED],
      handle: async (request) => {
        const channel_id = param(request, 'channel_id');
        const revision = perhapsRevision(request.headers);
        await removeChannel(monitor, channel_id, { revision, by: request.query.by });
        return { channel_id, removed: true };
      },
    }),
  ];
}

function secretRoutes(monitor: Monitor): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/api/v1/channels/:channel_id/secrets',
      summary: 'Sets secrets of a channel by their text, and removes those that are null.',
      query: Type.Object({
        keep: Type.Optional(
          Type.Union([Type.Literal('file'), Type.Literal('memory')], {
            description:
              'file (for this user only; the default) or memory (until the service ends)',
          }),
        ),
      }),
      accepts: {
        'application/json': Type.Record(Type.String(), Secret, {
          description: 'by name; docs/alerts.md says which each kind has',
        }),
      },
      response: ChannelRecord,
      fails: ['CHANNEL_INVALID', 'CHANNEL_UNKNOWN'],
      handle: async (request) => {
        const { keep = 'file' } = request.query;
        const channel_id = param(request, 'channel_id');
        const secrets = jsonOf(request.body);
        return tagged(await setSecrets(monitor, channel_id, { secrets, keep }));
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/channels/:channel_id/test',
      summary: 'Sends a test alert at once, and says what came of it.',
      response: ChannelTest,
      fails: ['CHANNEL_UNKNOWN'],
      handle: (request) => testChannel(monitor, param(request, 'channel_id')),
    }),
  ];
}

const SOURCES: ReadonlySet<unknown> = new Set([...SECRET_SOURCES, null]);

/** Whoever sends a record back, changed, says of each secret where it comes from: that sets none. */
function partsOf(value: unknown): { channel: unknown; secrets?: unknown } {
  const fields = fieldsOf(value);
  if (!fields || !('secrets' in fields)) return { channel: value };
  const given = fieldsOf(fields['secrets']);
  if (!given) return { channel: value, secrets: fields['secrets'] };
  const set = Object.entries(given).filter(([, secret]) => !SOURCES.has(secret));
  return { channel: value, secrets: Object.fromEntries(set) };
}
