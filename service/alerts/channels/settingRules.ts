/** What the schemas of settings cannot say. */
import type { ChannelKind } from '../../protocol/channel.ts';
import type { FieldError } from '../../protocol/errors.ts';
import { fileNameFault } from './fileRules.ts';
import { headerFaults } from './headerRules.ts';
import { mailAddressFault, mailHostFault } from './mailRules.ts';
import { bodyFault, formatOf } from './placeholders.ts';
import { pointerPart } from './secretRules.ts';
import { urlFault } from './urlRules.ts';

type Settings = Readonly<Record<string, unknown>>;
type Check = (settings: Settings) => [path: string, fault: string | null][];

const CHECKS: Partial<Record<ChannelKind, readonly Check[]>> = {
  file: [(settings) => [['file', ofText(settings['file'], fileNameFault)]]],
  webhook: [url, headers],
  template: [url, headers, body],
  email: [mailServer, mailAddresses],
};

/** Fields of another type than their schema has are passed over: that was said already. Paths are those of the channel. */
export function settingFaults(kind: ChannelKind, settings: Settings): FieldError[] {
  const found = (CHECKS[kind] ?? []).flatMap((check) => check(settings));
  return found.flatMap(([path, message]) =>
    message === null ? [] : [{ path: `/settings/${path}`, message }],
  );
}

function ofText(value: unknown, fault: (text: string) => string | null): string | null {
  return typeof value === 'string' ? fault(value) : null;
}

function url(settings: Settings): [string, string | null][] {
  const allowPrivate = settings['allow_private'] === true;
  return [['url', ofText(settings['url'], (text) => urlFault(text, { allowPrivate }))]];
}

function headers({ headers: value }: Settings): [string, string | null][] {
  if (typeof value !== 'object' || value === null) return [];
  const texts = Object.entries(value).filter(([, text]) => typeof text === 'string');
  const faults = headerFaults(Object.fromEntries(texts));
  return [...faults].map(([name, fault]) => [
    name === '' ? 'headers' : `headers/${pointerPart(name)}`,
    fault,
  ]);
}

function body(settings: Settings): [string, string | null][] {
  const type = settings['content_type'];
  const format = typeof type === 'string' ? formatOf(type) : null;
  const typeFault =
    format === null
      ? 'Choose from application/json, text/plain, text/html, application/xml and application/x-www-form-urlencoded, in UTF-8.'
      : null;
  return [
    ['content_type', typeof type === 'string' ? typeFault : null],
    ['body', ofText(settings['body'], (text) => bodyFault(text, format))],
  ];
}

function mailServer(settings: Settings): [string, string | null][] {
  const allowPrivate = settings['allow_private'] === true;
  const inClear = settings['security'] === 'none' && typeof settings['user'] === 'string';
  return [
    ['host', ofText(settings['host'], (text) => mailHostFault(text, allowPrivate))],
    [
      'security',
      inClear && !allowPrivate
        ? 'Choose starttls or tls: without, the password would go over the network readable for all.'
        : null,
    ],
    [
      'user',
      ofText(settings['user'], (text) =>
        /[\0-\x1f\x7f]/.test(text) ? 'Leave out line breaks and control characters.' : null,
      ),
    ],
  ];
}

function mailAddresses({ from, to }: Settings): [string, string | null][] {
  const receivers: unknown[] = Array.isArray(to) ? to : [];
  return [
    ['from', ofText(from, mailAddressFault)],
    ...receivers.map((one, index): [string, string | null] => [
      `to/${index}`,
      ofText(one, mailAddressFault),
    ]),
  ];
}
