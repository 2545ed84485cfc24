/** Channels as people write them: `unknown -> Channel | errors at the fields`. Nothing is half-taken. */
import { CHANNEL_KINDS, type Channel, type ChannelKind } from '../../protocol/channel.ts';
import { type FieldError, ProductError } from '../../protocol/errors.ts';
import { fieldFault } from '../fieldFault.ts';
import { SETTING_DEFAULTS, isChannelKind } from './builtin.ts';
import { checkOf } from './book.ts';
import { settingFaults } from './settingRules.ts';

type Fields = Record<string, unknown>;

/**
 * A whole channel. `value` is one with at least `channel_id`, `kind` and the settings that have no default; with a `base`,
 * the parts of it that are to change, settings one by one. Throws CHANNEL_INVALID with all field errors; paths are JSON
 * pointers into the channel.
 */
export function parseChannel(value: unknown, base?: Channel): Channel {
  const given = asFields(value);
  if (given === null) throw invalid([{ path: '', message: 'Give the channel as a JSON object.' }]);
  const kind = given['kind'] ?? base?.kind;
  if (!isChannelKind(kind)) throw invalid([kindError(kind)]);
  const channel = whole(given, kind, base);
  const errors = [...fixedErrors(channel, base), ...schemaErrors(channel, kind)];
  const settings = asFields(channel['settings']);
  if (settings) {
    const broken = new Set(errors.map(({ path }) => path));
    errors.push(...settingFaults(kind, settings).filter(({ path }) => !broken.has(path)));
  }
  if (errors.length > 0) throw invalid(errors);
  return channel as unknown as Channel;
}

function whole(given: Fields, kind: ChannelKind, base: Channel | undefined): Fields {
  const fallback = base ?? {
    ...{ name: given['channel_id'], enabled: true, min_severity: 'WARNING' },
    ...{ rules: null, send_resolved: true, settings: SETTING_DEFAULTS[kind] },
  };
  const settings = given['settings'] === undefined ? {} : asFields(given['settings']);
  return {
    ...fallback,
    ...given,
    kind,
    settings: settings === null ? given['settings'] : { ...fallback.settings, ...settings },
  };
}

function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

/** What names a channel stays: outbox, secrets and rules hang on it. */
function fixedErrors(channel: Fields, base: Channel | undefined): FieldError[] {
  if (!base) return [];
  const changed = (['channel_id', 'kind'] as const).filter(
    (field) => channel[field] !== base[field],
  );
  return changed.map((field) => ({
    path: `/${field}`,
    message: `"${field}" of a channel stays ${base[field]}. Make another channel instead.`,
  }));
}

function schemaErrors(channel: Fields, kind: ChannelKind): FieldError[] {
  const first = new Map<string, FieldError>();
  for (const error of checkOf(kind).Errors(channel)) {
    const described = fieldFault(error);
    if (!first.has(described.path)) first.set(described.path, described);
  }
  return [...first.values()];
}

function kindError(kind: unknown): FieldError {
  const message =
    kind === undefined
      ? '"kind" is missing.'
      : `"kind" is not valid. Choose from ${CHANNEL_KINDS.join(', ')}.`;
  return { path: '/kind', message };
}

function invalid(errors: FieldError[]): ProductError {
  const [first, ...others] = errors;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new ProductError('CHANNEL_INVALID', { detail: `${first?.message ?? ''}${more}`, errors });
}
