/** What may be given as a channel's secret. The sentences never repeat any of it. */
import { CHANNEL_SECRETS, type Channel, type ChannelKind } from '../../protocol/channel.ts';
import { type FieldError, ProductError } from '../../protocol/errors.ts';
import { printable } from '../../protocol/parse.ts';
import { headerValueFault } from './headerRules.ts';
import { urlFault } from './urlRules.ts';

/** Standard Webhooks asks for 24 to 64 bytes of key. */
const KEY_BYTES = { least: 24, most: 64 };
const MAX_SECRET = 4096;

/** Text sets a secret, null removes it. */
export type SecretValues = Record<string, string | null>;

/**
 * Secrets as somebody gives them for a channel. Throws CHANNEL_INVALID with all field errors; paths are JSON pointers into
 * the object of secrets.
 */
export function parseSecrets(
  channel: Pick<Channel, 'kind' | 'settings'>,
  value: unknown,
): SecretValues {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid([{ path: '', message: 'Give the secrets as a JSON object of texts.' }]);
  const given = Object.entries(value as Record<string, unknown>);
  const errors = given.flatMap(([name, secret]) => {
    const message = secretFault(channel, name, secret);
    return message === null ? [] : [{ path: `/${pointerPart(name)}`, message }];
  });
  if (errors.length > 0) throw invalid(errors);
  return Object.fromEntries(given) as SecretValues;
}

function secretFault(
  { kind, settings }: Pick<Channel, 'kind' | 'settings'>,
  name: string,
  secret: unknown,
): string | null {
  if (!Object.hasOwn(CHANNEL_SECRETS[kind], name)) return unknownSecret(kind, name);
  if (secret === null) return null;
  if (typeof secret !== 'string') return 'Give a text, or null to remove it.';
  if (secret === '') return 'Give the secret, or null to remove it.';
  if (secret.length > MAX_SECRET) return `Give at most ${MAX_SECRET} letters.`;
  switch (name) {
    case 'url':
      return urlFault(secret, {
        allowPrivate: 'allow_private' in settings && settings.allow_private,
        secure: true,
      });
    case 'signing_key':
    case 'previous_signing_key':
      return keyOf(secret) === null
        ? `Give "whsec_" and ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes in Base64, as Standard Webhooks writes keys.`
        : null;
    case 'authorization':
      return headerValueFault(secret);
    default:
      return /[\0\r\n]/.test(secret) ? 'Leave out line breaks and null characters.' : null;
  }
}

/** The bytes of a `whsec_` key; null where it is none. */
export function keyOf(secret: string): Buffer | null {
  const text = secret.replace(/^whsec_/, '');
  if (!secret.startsWith('whsec_') || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return isWhole && bytes.length >= KEY_BYTES.least && bytes.length <= KEY_BYTES.most
    ? bytes
    : null;
}

function unknownSecret(kind: ChannelKind, name: string): string {
  const known = Object.keys(CHANNEL_SECRETS[kind]).join(', ');
  const advice = known === '' ? 'Leave it out.' : `Choose from ${known}.`;
  return `A channel of kind ${kind} has no secret "${printable(name)}". ${advice}`;
}

/** A key as a part of a JSON pointer. */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function invalid(errors: FieldError[]): ProductError {
  const [first] = errors;
  return new ProductError('CHANNEL_INVALID', { detail: first?.message ?? '', errors });
}
