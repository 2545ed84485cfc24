import assert from 'node:assert/strict';
import { parseChannel, parseSecrets } from '../../../../service/alerts/channels/index.ts';
import { type FieldError, ProductError } from '../../../../service/protocol/errors.ts';
import { channelOf } from '../../../support/channels.ts';

function errorsOf(parse: () => unknown): FieldError[] {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof ProductError);
    assert.equal(error.code, 'CHANNEL_INVALID');
    return error.errors;
  }
  return [];
}

/** The one error of a setting; null where it is taken. */
function fault(kind: string, settings: object, at: string): string | null {
  const errors = errorsOf(() => channelOf({ kind, settings }));
  assert.deepEqual(
    errors.map(({ path }) => path),
    errors.length === 0 ? [] : [at],
  );
  return errors[0]?.message ?? null;
}

const urlFault = (url: string, allow_private = false) =>
  fault('webhook', { url, allow_private }, '/settings/url');

describe('a channel as somebody writes it', () => {
  it('begins with what is usual of its kind', () => {
    assert.deepEqual(parseChannel({ channel_id: 'ops', kind: 'slack' }), {
      ...{ channel_id: 'ops', name: 'ops', kind: 'slack', enabled: true },
      ...{ min_severity: 'WARNING', rules: null, send_resolved: true },
      settings: { allow_private: false },
    });
    const { settings } = channelOf({
      kind: 'email',
      settings: { host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'] },
    });
    assert.deepEqual(settings, {
      ...{ host: 'mail.example.com', port: 587, security: 'starttls', user: null },
      ...{ from: 'a@example.com', to: ['b@example.com'], digest_minutes: 0, allow_private: false },
    });
  });

  it('is changed in parts, settings one by one', () => {
    const base = channelOf({ kind: 'file', settings: { file: 'a.jsonl' } });
    const changed = parseChannel({ enabled: false, settings: { keep: 2 } }, base);
    assert.deepEqual(changed, {
      ...base,
      enabled: false,
      settings: { file: 'a.jsonl', max_mb: 10, keep: 2 },
    });
    assert.equal(base.enabled, true);
  });

  it('keeps its id and its kind', () => {
    const base = channelOf({ kind: 'slack' });
    const errors = errorsOf(() => parseChannel({ channel_id: 'other', kind: 'teams' }, base));
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['/channel_id', '/kind'],
    );
  });

  it('gets all of its errors at once, each at its field', () => {
    const errors = errorsOf(() =>
      parseChannel({
        ...{ channel_id: 'Ops Team', kind: 'webhook', name: '', enabled: 'yes', rules: [1] },
        ...{ min_severity: 'BAD', unknown: 1 },
        settings: { url: 'ftp://example.com/', headers: { Host: 'x' }, more: 1 },
      }),
    );
    assert.deepEqual(errors.map(({ path }) => path).sort(), [
      ...['/channel_id', '/enabled', '/min_severity', '/name', '/rules'],
      ...['/settings/headers/Host', '/settings/more', '/settings/url', '/unknown'],
    ]);
    for (const { message } of errors) assert.match(message, /^["A-Z].*[.)]$/);
  });

  for (const value of [
    null,
    7,
    'x',
    [],
    {},
    { kind: 'fax' },
    { kind: '__proto__' },
    { channel_id: 'a', kind: 'log', settings: [] },
  ])
    it(`is refused where it is ${JSON.stringify(value)}`, () => {
      assert.ok(errorsOf(() => parseChannel(value)).length > 0);
    });

  it('is refused with a key that would change its prototype', () => {
    const value: unknown = JSON.parse('{"channel_id":"a","kind":"log","__proto__":{"x":1}}');
    assert.deepEqual(
      errorsOf(() => parseChannel(value)).map(({ path }) => path),
      ['/__proto__'],
    );
    const headers: unknown = JSON.parse('{"__proto__":"x"}');
    assert.match(
      fault('webhook', { url: 'https://example.com/', headers }, '/settings/headers/__proto__') ??
        '',
      /no name of a header/,
    );
  });
});

describe('the address of a channel', () => {
  for (const url of [
    'https://example.com/hook',
    'http://example.com:8080/a?b=c',
    'HTTPS://EXAMPLE.com/',
    'https://203.0.114.9/x',
    'https://bücher.example/x',
    'https://xn--bcher-kva.example/x',
    'https://[2606:4700::1111]/x',
    'https://a_b.example.com/',
  ])
    it(`may be ${url}`, () => assert.equal(urlFault(url), null));

  const refused: [string, RegExp][] = [
    ['ftp://example.com/', /https:\/\/ or http:\/\//],
    ['javascript:alert(1)', /https:\/\/ or http:\/\//],
    ['file:///etc/passwd', /https:\/\/ or http:\/\//],
    ['example.com/hook', /https:\/\/ or http:\/\//],
    ['https://user:pass@example.com/', /Leave out user and password/],
    ['https://example.com@169.254.169.254/', /Leave out user and password/],
    ['https://example.com:0/', /port from 1 to 65535/],
    ['https://example.com:65536/', /port up to 65535/],
    ['https://example.com/#part', /Leave out "#"/],
    ['https://example.com./', /dot after the host/],
    ['http://127.0.0.1./', /Write the address as 127\.0\.0\.1|dot/],
    ['https://exa mple.com/', /spaces/],
    ['https://example.com/\r\nHost: x', /line breaks/],
    ['https://exam\tple.com/', /control characters/],
    [' https://example.com/', /spaces/],
    ['https://example.com\\@evil.example/', /"\/" instead/],
    ['https:/example.com/', /https:\/\/ or http:\/\//],
    ['https://', /https:\/\/example\.com/],
    ['http://2130706433/', /Write the address as 127\.0\.0\.1/],
    ['http://0177.0.0.1/', /Write the address as 127\.0\.0\.1/],
    ['http://0x7f000001/', /Write the address as 127\.0\.0\.1/],
    ['http://0x7f.1/', /Write the address as 127\.0\.0\.1/],
    ['http://127.1/', /Write the address as 127\.0\.0\.1/],
    ['http://0/', /Write the address as 0\.0\.0\.0/],
    ['http://2852039166/', /Write the address as 169\.254\.169\.254/],
    ['http://%31%32%37.0.0.1/', /Write the/],
    ['http://１２７.0.0.1/', /Write the address as 127\.0\.0\.1/],
    ['http://ｌocalhost/', /Write the host in plain letters/],
    ['http://[fe80::1%25eth0]/', /Give an address like/],
    ['http://999.1.1.1/', /Give an address like/],
    [`https://example.com/${'a'.repeat(2100)}`, /2048/],
  ];
  for (const [url, sentence] of refused)
    it(`is not ${JSON.stringify(url.slice(0, 60))}`, () =>
      assert.match(urlFault(url) ?? 'It was taken.', sentence));

  const guarded: [string, boolean][] = [
    ...['http://127.0.0.1/', 'http://localhost:3000/', 'http://api.localhost/', 'http://[::1]/'],
    ...['http://10.0.0.1/', 'http://172.16.9.1/', 'http://192.168.1.1/', 'http://100.64.0.1/'],
    ...['http://[fd12:3456::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/'],
    ...['http://[::127.0.0.1]/', 'http://[64:ff9b::10.0.0.1]/', 'http://[2002:7f00:1::]/'],
  ].map((url): [string, boolean] => [url, true]);
  const never: [string, boolean][] = [
    ...['http://169.254.169.254/latest', 'http://169.254.1.1/', 'http://metadata.google.internal/'],
    ...['http://metadata/', 'http://instance-data/', 'http://[fd00:ec2::254]/', 'http://0.0.0.0/'],
    ...['http://[::]/', 'http://[fe80::1]/', 'http://224.0.0.1/', 'http://255.255.255.255/'],
    ...['http://[ff02::1]/', 'http://[::ffff:169.254.169.254]/', 'http://[::ffff:a9fe:a9fe]/'],
    ...['http://[64:ff9b::a9fe:a9fe]/', 'http://[2002:a9fe:a9fe::]/', 'http://168.63.129.16/'],
    ...['http://100.100.100.200/', 'http://192.0.2.1/', 'http://198.18.0.1/', 'http://240.0.0.1/'],
    ...['http://[2001:db8::1]/', 'http://[2001:0:1::1]/', 'http://[5f00::1]/', 'http://[100::1]/'],
  ].map((url): [string, boolean] => [url, false]);
  for (const [url, canAllow] of [...guarded, ...never])
    it(`${url} is refused${canAllow ? ' unless private addresses are allowed' : ', allowed or not'}`, () => {
      assert.match(
        urlFault(url) ?? 'It was taken.',
        canAllow ? /Allow private/ : /another machine/,
      );
      assert.equal(urlFault(url, true) === null, canAllow);
    });
});

describe('the settings of a channel', () => {
  const headerFault = (name: string, value: string) =>
    fault(
      'webhook',
      { url: 'https://example.com/', headers: { [name]: value } },
      `/settings/headers/${name.replace('/', '~1')}`,
    );
  const headers: [string, string, RegExp | null][] = [
    ['X-Team', 'data platform', null],
    ['X-Team', 'a\r\nX-Evil: 1', /line breaks/],
    ['X-Team', 'a\nb', /line breaks/],
    ['X-Team', 'grün', /plain ASCII/],
    ['X-Team', 'a\u0000', /plain ASCII/],
    ['X-Team', 'a'.repeat(3000), /at most 2048/],
    ['X Team', 'a', /no name of a header/],
    ['X-Team\r\nX', 'a', /no name of a header/],
    ['', 'a', /./],
    ['Content-Length', '0', /sets the header/],
    ['Transfer-Encoding', 'chunked', /sets the header/],
    ['HOST', 'x', /sets the header/],
    ['Webhook-Id', 'x', /sets the header/],
    ['Proxy-Authorization', 'x', /sets the header/],
    ['Authorization', 'Bearer x', /no place for secrets/],
    ['Cookie', 'a=b', /no place for secrets/],
  ];
  for (const [name, value, sentence] of headers)
    it(`${sentence ? 'refuse' : 'take'} the header ${JSON.stringify(name)}: ${JSON.stringify(value.slice(0, 20))}`, () => {
      if (name === '')
        return assert.ok(
          errorsOf(() =>
            channelOf({
              kind: 'webhook',
              settings: { url: 'https://example.com/', headers: { '': 'a' } },
            }),
          ).length > 0,
        );
      const message = headerFault(name, value);
      if (sentence === null) assert.equal(message, null);
      else assert.match(message ?? 'It was taken.', sentence);
    });

  it('refuse the same header in two spellings', () => {
    const settings = { url: 'https://example.com/', headers: { 'X-A': '1', 'x-a': '2' } };
    assert.match(fault('webhook', settings, '/settings/headers/x-a') ?? '', /twice/);
  });

  const mail = { host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'] };
  const addresses: [string, boolean][] = [
    ...['a@example.com', "o'hara+x@sub.example.co", 'a@bücher.example', 'root@localhost'].map(
      (one): [string, boolean] => [one, true],
    ),
    ...[
      'a@example.com\r\nBcc: x@example.com',
      'a@example.com, b@example.com',
      'a@example.com;b@example.com',
      'A <a@example.com>',
      '"a b"@example.com',
      'a b@example.com',
      '@example.com',
      'a@',
      'a',
      'a@b@c.d e',
      'a..b@example.com',
      '.a@example.com',
      'a@-example.com',
      'a@example..com',
      'a@[127.0.0.1]',
      'a@example.com\u0000',
      'group:a@example.com;',
      `${'a'.repeat(65)}@example.com`,
      'a@ｅxample.com',
    ].map((one): [string, boolean] => [one, false]),
  ];
  for (const [address, isGood] of addresses)
    it(`${isGood ? 'take' : 'refuse'} the mail address ${JSON.stringify(address.slice(0, 40))}`, () => {
      for (const [settings, path] of [
        [{ ...mail, from: address }, '/settings/from'],
        [{ ...mail, to: ['x@example.com', address] }, '/settings/to/1'],
      ] as const)
        assert.equal(fault('email', settings, path) === null, isGood);
    });

  const hosts: [string, RegExp | null][] = [
    ['smtp.example.com', null],
    ['203.0.114.9', null],
    ['2606:4700::1111', null],
    ['http://mail.example.com', /name of the mail server alone/],
    ['mail.example.com:25', /alone/],
    ['a b', /alone/],
    ['mail.example.com\r\nQUIT', /alone/],
    ['mail.example.com.', /alone/],
    ['2130706433', /four numbers/],
    ['0x7f000001', /four numbers/],
    ['127.1', /four numbers/],
    ['localhost', /Allow private/],
    ['10.0.0.1', /Allow private/],
    ['169.254.169.254', /metadata/],
    ['metadata.google.internal', /metadata/],
    ['fe80::1%eth0', /./],
  ];
  for (const [host, sentence] of hosts)
    it(`${sentence ? 'refuse' : 'take'} the mail server ${JSON.stringify(host)}`, () => {
      const message = fault('email', { ...mail, host }, '/settings/host');
      if (sentence === null) assert.equal(message, null);
      else assert.match(message ?? 'It was taken.', sentence);
    });

  it('refuse a password in the clear', () => {
    const settings = { ...mail, user: 'ops', security: 'none' };
    assert.match(fault('email', settings, '/settings/security') ?? '', /readable for all/);
  });

  const files: [string, boolean][] = [
    ...['alerts.jsonl', 'a', 'A-b_c.log'].map((one): [string, boolean] => [one, true]),
    ...[
      '../x',
      'a/b',
      'a\\b',
      '.hidden',
      '',
      'CON',
      'nul.txt',
      'com1',
      'a.',
      'a.1',
      'a\u0000',
      'a b',
      'a'.repeat(65),
    ].map((one): [string, boolean] => [one, false]),
  ];
  for (const [file, isGood] of files)
    it(`${isGood ? 'take' : 'refuse'} the file name ${JSON.stringify(file.slice(0, 20))}`, () =>
      assert.equal(fault('file', { file }, '/settings/file') === null, isGood));

  const template = (body: string, content_type = 'application/json') =>
    errorsOf(() =>
      channelOf({
        kind: 'template',
        settings: { url: 'https://example.com/', body, content_type },
      }),
    )[0] ?? null;
  const bodies: [string, string, RegExp | null][] = [
    ['{"text": "{{summary}}", "n": {{ value }}}', 'application/json', null],
    ['{"all": {{alerts}}, "who": "{{tag.team}}"}', 'application/json; charset=utf-8', null],
    ['{{text}}', 'text/plain', null],
    ['text={{text}}&sev={{severity}}', 'application/x-www-form-urlencoded', null],
    ['<p>{{summary}}</p>', 'text/html', null],
    ['{"text": "{{sumary}}"}', 'application/json', /no placeholder "sumary".*Choose from id,/],
    ['{{constructor}}', 'text/plain', /no placeholder/],
    ['{{}}', 'text/plain', /no placeholder/],
    ['{"text": {{summary}}}', 'application/json', /between quotation marks/],
    ['{"text": "{{alerts}}"}', 'application/json', /between quotation marks/],
    ['{"text": ', 'application/json', /Write JSON/],
    ['{{text', 'text/plain', /two braces/],
    ['{{text}}', 'image/png', /Choose from application\/json/],
    ['{{text}}', 'text/plain; charset=latin1', /UTF-8/],
    ['{{text}}', 'text/plain\r\nX: y', /Choose/],
  ];
  for (const [body, type, sentence] of bodies)
    it(`${sentence ? 'refuse' : 'take'} the body ${body} as ${JSON.stringify(type)}`, () => {
      const error = template(body, type);
      if (sentence === null) assert.equal(error, null);
      else assert.match(error?.message ?? 'It was taken.', sentence);
    });

  it('check a body of many open braces in no time', () => {
    const began = performance.now();
    template('{'.repeat(16_000), 'text/plain');
    template('{{a'.repeat(5000), 'text/plain');
    assert.ok(performance.now() - began < 500);
  });
});

describe('a secret as somebody gives it', () => {
  const faults = (kind: string, secrets: unknown, settings: object = {}) =>
    errorsOf(() => parseSecrets(channelOf({ kind, settings }), secrets));
  const url = 'https://hooks.slack.com/services/T000/B000/verysecretpart';

  it('is taken where it is one, and removed by null', () => {
    assert.deepEqual(faults('slack', { url }), []);
    assert.deepEqual(parseSecrets(channelOf({ kind: 'slack' }), { url: null }), { url: null });
  });

  const bad: [string, unknown, string][] = [
    ['slack', { url: 'http://hooks.slack.com/services/verysecretpart' }, '/url'],
    ['slack', { url: 'https://10.0.0.1/verysecretpart' }, '/url'],
    ['teams', { url: 'https://verysecretpart@x.example/' }, '/url'],
    ['discord', { url: 'verysecretpart' }, '/url'],
    ['slack', { url: 7 }, '/url'],
    ['slack', { url: '' }, '/url'],
    ['slack', { token: 'verysecretpart' }, '/token'],
    ['log', { url }, '/url'],
    ['slack', 'verysecretpart', ''],
    ['slack', JSON.parse('{"__proto__":"verysecretpart"}'), '/__proto__'],
  ];
  for (const [kind, secrets, path] of bad)
    it(`is refused as ${JSON.stringify(secrets)} of ${kind}, without being repeated`, () => {
      const errors = faults(kind, secrets);
      assert.deepEqual(
        errors.map((one) => one.path),
        [path],
      );
      assert.ok(!JSON.stringify(errors).includes('verysecretpart'));
    });

  const keys: [string, boolean][] = [
    [`whsec_${Buffer.alloc(24, 1).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(64, 1).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(23, 1).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(65, 1).toString('base64')}`, false],
    [Buffer.alloc(32, 1).toString('base64'), false],
    ['whsec_not base64 at all, but long enough', false],
  ];
  for (const [signing_key, isGood] of keys)
    it(`${isGood ? 'may' : 'may not'} be a key of ${signing_key.length} letters`, () =>
      assert.equal(
        faults('webhook', { signing_key }, { url: 'https://example.com/' }).length === 0,
        isGood,
      ));

  it('goes into a header and a login only as one line', () => {
    const settings = { host: 'mail.example.com', from: 'a@b.cd', to: ['a@b.cd'] };
    assert.equal(faults('email', { password: 'a\r\nb' }, settings).length, 1);
    assert.equal(
      faults('webhook', { authorization: 'a\r\nb' }, { url: 'https://example.com/' }).length,
      1,
    );
  });
});
