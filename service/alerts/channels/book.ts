/** The channels in effect: those that come with Pipescope, overlaid by what people defined. */
import { type TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import type { Table } from '../../core/domain/table.ts';
import { type DefinitionState, definitionsOf } from '../../core/domain/definitions.ts';
import type { Channel, ChannelKind } from '../../protocol/channel.ts';
import { builtinChannels, isChannelKind } from './builtin.ts';
import { schemaOf } from './schema.ts';

export class ChannelBook {
  readonly #definitions: Table<DefinitionState>;
  readonly #builtin = new Map(builtinChannels().map((one) => [one.channel_id, one]));
  /** What a definition says never changes: another revision is another value. */
  readonly #read = new WeakMap<object, Channel | null>();

  constructor(parts: { definitions: Table<DefinitionState> }) {
    this.#definitions = parts.definitions;
  }

  /** Those that come with Pipescope first, then the others in the order in which they were made. */
  get channels(): readonly Channel[] {
    const defined = [...definitionsOf(this.#definitions, 'channel').keys()];
    const ids = new Set([...this.#builtin.keys(), ...defined]);
    return [...ids].flatMap((id) => this.channel(id) ?? []);
  }

  channel(channel_id: string): Channel | undefined {
    const value = this.#definitions.get(`channel/${channel_id}`)?.value;
    const defined = value ? this.#channelOf(value) : null;
    return defined ?? this.#builtin.get(channel_id);
  }

  isBuiltin(channel_id: string): boolean {
    return this.#builtin.has(channel_id);
  }

  /** Null for what another version of Pipescope wrote and this one does not understand. */
  #channelOf(value: Record<string, unknown>): Channel | null {
    const known = this.#read.get(value);
    if (known !== undefined) return known;
    const channel = isChannel(value) ? value : null;
    this.#read.set(value, channel);
    return channel;
  }
}

const checks = new Map<ChannelKind, TypeCheck<TSchema>>();

function isChannel(value: unknown): value is Channel {
  const kind = (value as { kind?: unknown }).kind;
  return isChannelKind(kind) && checkOf(kind).Check(value);
}

/** The check of a kind, made when it is needed first. */
export function checkOf(kind: ChannelKind): TypeCheck<TSchema> {
  const known = checks.get(kind);
  if (known) return known;
  const made = TypeCompiler.Compile(schemaOf(kind));
  checks.set(kind, made);
  return made;
}
