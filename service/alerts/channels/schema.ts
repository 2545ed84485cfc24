import { type TSchema, Type } from '@sinclair/typebox';
import { CHANNEL_COMMON, CHANNEL_SETTINGS, type ChannelKind } from '../../protocol/channel.ts';

/** A whole channel of a kind. */
export function schemaOf(kind: ChannelKind): TSchema {
  return Type.Object(
    { ...CHANNEL_COMMON, kind: Type.Literal(kind), settings: CHANNEL_SETTINGS[kind] },
    { additionalProperties: false },
  );
}
