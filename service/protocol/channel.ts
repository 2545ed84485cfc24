/** Channels: where alerts are told. What is secret of them is never part of these documents. */
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { Labels, OneOf, OrNull, Time } from './schema.ts';
import { SEVERITIES } from './states.ts';

const closed = { additionalProperties: false };
const Url = Type.String({
  minLength: 8,
  maxLength: 2048,
  description: 'an http or https address of at most 2048 letters',
});
const AllowPrivate = Type.Boolean({
  description: 'true to allow addresses of this machine and of private networks',
});

/** The settings of each kind. */
export const CHANNEL_SETTINGS = {
  /** The service's log. */
  log: Type.Object({}, closed),
  /** Readable lines on the service's standard error. */
  console: Type.Object({}, closed),
  /** Lines of JSON in a file of the data directory's `alerts/`, rotated. */
  file: Type.Object(
    {
      file: Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        description: 'a file name of letters, digits, ".", "_" and "-"',
      }),
      max_mb: Type.Number({ minimum: 0.1, maximum: 1000, description: 'MB, 0.1 to 1000' }),
      keep: Type.Integer({ minimum: 1, maximum: 100, description: 'files, 1 to 100' }),
    },
    closed,
  ),
  /** POST of JSON, signed as in Standard Webhooks. */
  webhook: Type.Object({ url: Url, headers: Labels, allow_private: AllowPrivate }, closed),
  slack: Type.Object({ allow_private: AllowPrivate }, closed),
  teams: Type.Object({ allow_private: AllowPrivate }, closed),
  discord: Type.Object({ allow_private: AllowPrivate }, closed),
  /** Any request with a body of one's own. */
  template: Type.Object(
    {
      url: Url,
      method: Type.Union([Type.Literal('POST'), Type.Literal('PUT')], {
        description: 'POST or PUT',
      }),
      content_type: Type.String({ minLength: 3, maxLength: 128, description: 'a media type' }),
      headers: Labels,
      body: Type.String({ minLength: 1, maxLength: 16_384, description: 'with {{placeholders}}' }),
      allow_private: AllowPrivate,
    },
    closed,
  ),
  email: Type.Object(
    {
      host: Type.String({ minLength: 1, maxLength: 253, description: 'the mail server' }),
      port: Type.Integer({ minimum: 1, maximum: 65_535, description: '1 to 65535' }),
      security: Type.Union([Type.Literal('starttls'), Type.Literal('tls'), Type.Literal('none')], {
        description: 'starttls, tls or none',
      }),
      user: OrNull(Type.String({ minLength: 1, maxLength: 256, description: 'the user name' })),
      from: Type.String({ minLength: 3, maxLength: 320, description: 'a mail address' }),
      to: Type.Array(Type.String({ minLength: 3, maxLength: 320 }), {
        minItems: 1,
        maxItems: 50,
        description: '1 to 50 mail addresses',
      }),
      /** All of so many minutes in one mail; 0 for each at once. */
      digest_minutes: Type.Integer({ minimum: 0, maximum: 1440, description: '0 to 1440 minutes' }),
      allow_private: AllowPrivate,
    },
    closed,
  ),
  /** Notifications in every VS Code window. */
  vscode: Type.Object({}, closed),
} satisfies Record<string, TObject>;

export type ChannelKind = keyof typeof CHANNEL_SETTINGS;
export const CHANNEL_KINDS = Object.keys(CHANNEL_SETTINGS) as ChannelKind[];
export type ChannelSettings<K extends ChannelKind> = Static<(typeof CHANNEL_SETTINGS)[K]>;

/** What is secret of each kind, and whether it works without. */
export const CHANNEL_SECRETS: Record<
  ChannelKind,
  Readonly<Record<string, 'needed' | 'optional'>>
> = {
  log: {},
  console: {},
  file: {},
  /** Keys as in Standard Webhooks: `whsec_` and base64. Both sign while a key is rotated. */
  webhook: {
    signing_key: 'optional',
    previous_signing_key: 'optional',
    authorization: 'optional',
  },
  slack: { url: 'needed' },
  teams: { url: 'needed' },
  discord: { url: 'needed' },
  template: { authorization: 'optional' },
  email: { password: 'optional' },
  vscode: {},
};

export const CHANNEL_COMMON = {
  channel_id: Type.String({
    pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
    description: 'lower-case letters, digits, "_" and "-", at most 64',
  }),
  name: Type.String({ minLength: 1, maxLength: 128, description: 'shown; at most 128 letters' }),
  enabled: Type.Boolean({ description: 'true or false' }),
  min_severity: Type.Union(
    SEVERITIES.map((one) => Type.Literal(one)),
    { description: SEVERITIES.join(', ') },
  ),
  /** Only these rules; null for all. Alerts that pipelines raise themselves go by the name `external`. */
  rules: OrNull(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 500 })),
  send_resolved: Type.Boolean({ description: 'true to tell as well when an alert has ended' }),
};
type ChannelCommon = Static<TObject<typeof CHANNEL_COMMON>>;
export type ChannelOf<K extends ChannelKind> = ChannelCommon & {
  kind: K;
  settings: ChannelSettings<K>;
};
/** A whole channel, told apart by `kind`. */
export type Channel = { [K in ChannelKind]: ChannelOf<K> }[ChannelKind];

/** Where a secret came from: an environment variable, the service's 0600 file, a VS Code window (in memory only). */
export const SECRET_SOURCES = ['environment', 'file', 'window'] as const;
export type SecretSource = (typeof SECRET_SOURCES)[number];

export const CHANNEL_STATES = ['OK', 'FAILING', 'UNUSED', 'INCOMPLETE', 'OFF'] as const;

/** A channel with what is known of it. */
export const ChannelRecord = Type.Object({
  ...CHANNEL_COMMON,
  kind: OneOf(CHANNEL_KINDS),
  settings: Type.Record(Type.String(), Type.Unknown()),
  builtin: Type.Boolean({ description: 'comes with Pipescope: can be switched off, not removed' }),
  revision: Type.Integer({ description: '0 until somebody changes it' }),
  changed_at: OrNull(Time),
  changed_by: OrNull(Type.String()),
  secrets: Type.Record(Type.String(), OrNull(OneOf(SECRET_SOURCES)), {
    description: 'where each secret comes from, null where it is missing; never the secret',
  }),
  state: OneOf(CHANNEL_STATES),
  problem: OrNull(Type.String({ description: 'what is wrong and what to do, as a sentence' })),
  waiting: Type.Integer({ description: 'notifications that are not sent yet' }),
  dead: Type.Integer({ description: 'notifications that were given up' }),
  last_sent_at: OrNull(Time),
});
export type ChannelRecord = Static<typeof ChannelRecord>;

/** What came of a test alert. */
export const ChannelTest = Type.Object({
  ok: Type.Boolean(),
  message: Type.String({ description: 'what the other side said, or what went wrong' }),
  duration_ms: Type.Number(),
});
export type ChannelTest = Static<typeof ChannelTest>;
