/** The fields of a channel's form, by its kind. Pure. */
import { t } from '@vscode/l10n';
import { severityWord } from '../../../../service/protocol/describe.ts';
import type { ChannelKind } from '../../../../service/protocol/channel.ts';
import { SEVERITIES } from '../../../../service/protocol/states.ts';
import type { Field, Options } from '../form/field.ts';
import type { Section } from '../form/form.ts';

export const CHANNEL_WORDS: Readonly<Record<ChannelKind, () => string>> = {
  log: () => t('Log of the service'),
  console: () => t('Standard error of the service'),
  file: () => t('File'),
  webhook: () => t('Webhook'),
  slack: () => t('Slack'),
  teams: () => t('Microsoft Teams'),
  discord: () => t('Discord'),
  template: () => t('Request of your own'),
  email: () => t('E-mail'),
  vscode: () => t('VS Code notifications'),
};
/** Those that one can have more of. */
export const NEW_KINDS: readonly ChannelKind[] = [
  ...(['email', 'slack', 'teams', 'discord'] as const),
  ...(['webhook', 'template', 'file', 'log', 'console'] as const),
];

interface SecretWord {
  label: () => string;
  needed: boolean;
  help?: () => string;
}

const HOOK: SecretWord = { label: () => t('Webhook address'), needed: true };
const AUTHORIZATION: SecretWord = { label: () => t('Authorization header'), needed: false };
const signing = (label: () => string): SecretWord => ({
  ...{ label, needed: false },
  help: () =>
    t('As in Standard Webhooks: whsec_ and base64. Both keys sign while they are changed.'),
});

/** What is secret of each kind: as CHANNEL_SECRETS of the protocol, which a test holds this to. */
export const SECRET_WORDS: Readonly<Record<ChannelKind, Readonly<Record<string, SecretWord>>>> = {
  ...{ log: {}, console: {}, file: {}, vscode: {} },
  webhook: {
    signing_key: signing(() => t('Signing key')),
    previous_signing_key: signing(() => t('Previous signing key')),
    authorization: AUTHORIZATION,
  },
  ...{ slack: { url: HOOK }, teams: { url: HOOK }, discord: { url: HOOK } },
  template: { authorization: AUTHORIZATION },
  email: { password: { label: () => t('Password'), needed: false } },
};

const DEFAULTS: Readonly<Record<ChannelKind, Record<string, unknown>>> = {
  ...{ log: {}, console: {}, vscode: {} },
  file: { file: 'alerts.jsonl', max_mb: 10, keep: 5 },
  webhook: { url: '', headers: {}, allow_private: false },
  slack: { allow_private: false },
  teams: { allow_private: false },
  discord: { allow_private: false },
  template: {
    ...{ url: '', method: 'POST', content_type: 'application/json', headers: {} },
    ...{ body: '{"text": "{{summary}}"}', allow_private: false },
  },
  email: {
    ...{ host: '', port: 587, security: 'starttls', user: null, from: '', to: [] },
    ...{ digest_minutes: 0, allow_private: false },
  },
};

/** A channel of this kind to begin with. */
export function newChannel(kind: ChannelKind): Record<string, unknown> {
  return {
    ...{ channel_id: '', name: CHANNEL_WORDS[kind](), kind, enabled: true },
    ...{ min_severity: 'WARNING', rules: null, send_resolved: true },
    settings: DEFAULTS[kind],
  };
}

export interface ChannelWorld {
  kind: ChannelKind;
  isNew: boolean;
  rules: Options;
}

export function channelSections({ kind, isNew, rules }: ChannelWorld): Section[] {
  const kinds = isNew ? NEW_KINDS : [kind];
  const id: Field = {
    ...{ as: 'text', path: '/channel_id', label: t('Id') },
    help: t(
      'Lower-case letters, digits, "_" and "-". It stays as it is once the channel is saved.',
    ),
  };
  const head: Field[] = [
    { as: 'text', path: '/name', label: t('Name') },
    ...(isNew ? [id] : []),
    {
      ...{ as: 'choice', path: '/kind', label: t('Kind'), fixed: !isNew },
      options: kinds.map((one) => [one, CHANNEL_WORDS[one]()]),
    },
    { as: 'check', path: '/enabled', label: t('Switched on') },
  ];
  const settings = SETTINGS[kind]().map((field): Field => ({
    ...field,
    path: `/settings${field.path}`,
  }));
  return [
    { title: '', fields: head },
    { title: t('Where to'), fields: settings },
    { title: t('What it takes'), fields: takeFields(rules) },
  ];
}

function takeFields(rules: Options): Field[] {
  return [
    {
      ...{ as: 'choice', path: '/min_severity', label: t('From severity') },
      options: SEVERITIES.map((one) => [one, severityWord(one)]),
    },
    {
      ...{ as: 'checks', path: '/rules', label: t('Rules') },
      options: [...rules, ['external', t('Alerts that pipelines raise themselves')]],
      all: t('All rules'),
    },
    { as: 'check', path: '/send_resolved', label: t('Tells as well when an alert has ended') },
  ];
}

const text = (name: string, label: string, help?: string): Field => ({
  ...{ as: 'text', path: `/${name}`, label, help },
});
const numeral = (name: string, label: string, unit = '', help?: string): Field => ({
  ...{ as: 'number', path: `/${name}`, label, unit, help },
});
const privately = (): Field => ({
  ...{ as: 'check', path: '/allow_private' },
  label: t('May be an address of this machine or of a private network'),
});
const headers = (): Field => ({
  ...{ as: 'labels', path: '/headers', label: t('Headers') },
  help: t(
    'name=value, one on each line. Nothing secret: they can be read by all who see this page.',
  ),
});

/** As CHANNEL_SETTINGS of the protocol, which a test holds this to. */
const SETTINGS: Readonly<Record<ChannelKind, () => Field[]>> = {
  log: () => [],
  console: () => [],
  vscode: () => [],
  file: () => [
    text(
      'file',
      t('File name'),
      t('In the folder "alerts" of the data directory; a line of JSON for each.'),
    ),
    numeral('max_mb', t('Largest file'), 'MB'),
    numeral('keep', t('Files kept'), t('files')),
  ],
  webhook: () => [text('url', t('Address')), headers(), privately()],
  slack: () => [privately()],
  teams: () => [privately()],
  discord: () => [privately()],
  template: () => [
    text('url', t('Address')),
    {
      ...{ as: 'choice', path: '/method', label: t('Method') },
      options: [
        ['POST', 'POST'],
        ['PUT', 'PUT'],
      ],
    },
    text('content_type', t('Media type')),
    headers(),
    {
      ...{ as: 'text', path: '/body', label: t('Body'), rows: 6 },
      help: t('With placeholders like {0}.', '{{summary}} {{severity}} {{count}}'),
    },
    privately(),
  ],
  email: () => [
    text('host', t('Mail server')),
    numeral('port', t('Port')),
    {
      ...{ as: 'choice', path: '/security', label: t('Encryption') },
      options: [
        ['starttls', t('STARTTLS')],
        ['tls', t('TLS from the first byte')],
        ['none', t('none')],
      ],
    },
    { as: 'text', path: '/user', label: t('User name'), empty: 'null' },
    text('from', t('From')),
    { as: 'lines', path: '/to', label: t('To'), help: t('One address on each line.') },
    numeral(
      'digest_minutes',
      t('Gathers for'),
      t('minutes'),
      t('All of that time in one mail; 0 for each at once.'),
    ),
    privately(),
  ],
};
