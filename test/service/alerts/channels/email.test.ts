import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { ChannelError } from '../../../../service/alerts/channels/index.ts';
import { channelOf, contentOf, alertOf, never, useChannels } from '../../../support/channels.ts';
import { MAIL_USER, useMailServers } from '../../../support/mailServer.ts';
import { tlsFixture } from '../../../support/receiver.ts';

describe('a mail', () => {
  const start = useMailServers();
  const open = useChannels();
  const mail = (port: number, settings: object = {}) =>
    channelOf({
      kind: 'email',
      settings: {
        ...{ host: 'mail.example.org', port, user: MAIL_USER.user, allow_private: true },
        ...{ from: 'pipescope@example.org', to: ['ops@example.org', 'lead@example.org'] },
        ...settings,
      },
    });
  const password = { password: MAIL_USER.pass };

  it('arrives over STARTTLS with the password, as text and as HTML', async () => {
    const server = await start();
    const { channels, secrets } = await open({
      dashboardUrl: 'http://127.0.0.1:4780/enhanced-monitor',
    });
    await secrets.set('ops', password, { keep: 'memory' });
    await channels.send(mail(server.port), 'n-1', contentOf(), never());
    const [got] = server.mails;
    assert.ok(got);
    assert.deepEqual(
      [got.secure, got.user, got.from, got.to],
      [true, 'ops', 'pipescope@example.org', ['ops@example.org', 'lead@example.org']],
    );
    assert.equal(got.parsed.subject, '[ERROR] P06 Clustering uses much memory');
    assert.equal(
      got.parsed.text?.trim(),
      [
        'P06 Clustering uses much memory',
        '',
        'Error: P06 Clustering uses much memory',
        'P06 Clustering of nightly uses 3.2 GB; the threshold is 2.0 GB.',
        'Phase: P06',
        'Job: nightly-7',
        'Pipeline: nightly',
        'Measured: 3.2 GB, threshold 2.0 GB',
        'Since: 2026-11-22 14:05:09 UTC',
        'Rule: High memory',
        '',
        'Next: Read the errors of the phase, and acknowledge the alert, in the dashboard: http://127.0.0.1:4780/enhanced-monitor',
        '',
        '-- ',
        'Sent by Pipescope. Change it under Alerts, Channels in the dashboard.',
      ].join('\n'),
    );
    assert.match(
      String(got.parsed.html),
      /<a href="http:\/\/127\.0\.0\.1:4780\/enhanced-monitor">/,
    );
    assert.equal(got.parsed.headers.get('auto-submitted'), 'auto-generated');
  });

  it('has the same message id on every try, and stands with others of its alert', async () => {
    const server = await start();
    const { channels, secrets } = await open();
    await secrets.set('ops', password, { keep: 'memory' });
    for (const id of ['n-1', 'n-1', 'n-2'])
      await channels.send(mail(server.port), id, contentOf(), never());
    const ids = server.mails.map(({ parsed }) => parsed.messageId);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
    assert.match(ids[0] ?? '', /^<[0-9a-f]{32}@example\.org>$/);
    assert.equal(new Set(server.mails.map(({ parsed }) => String(parsed.references))).size, 1);
  });

  it('tells a digest by rules and counts', async () => {
    const server = await start();
    const { channels, secrets } = await open();
    await secrets.set('ops', password, { keep: 'memory' });
    const content = contentOf({
      ...{ kind: 'digest', summary: '39 alerts in 10 minutes', more_count: 37 },
      alerts: [alertOf(), alertOf({ alert_id: 'b', title: 'P07 failed', severity: 'CRITICAL' })],
      more: [
        { rule: 'slow_phase', rule_name: 'Slow phase', count: 30 },
        { rule: null, rule_name: null, count: 7 },
      ],
    });
    await channels.send(mail(server.port), 'n-1', content, never());
    const { subject, text = '' } = server.mails[0]?.parsed ?? assert.fail();
    assert.equal(subject, '[ERROR] 39 alerts in 10 minutes');
    assert.match(text, /and 37 more: 30 × Slow phase, 7 × alerts of pipelines/);
    assert.match(text, /Critical: P07 failed/);
  });

  it('arrives over TLS from the first byte', async () => {
    const server = await start({ secure: true });
    const { channels, secrets } = await open();
    await secrets.set('ops', password, { keep: 'memory' });
    const test = await channels.test(mail(server.port, { security: 'tls' }));
    assert.match(
      test.message,
      /^mail\.example\.org took the mail for 2 of 2 addresses: 250 (2\.0\.0 )?Queued as 42\. It took [\d.]+ m?s\.$/,
    );
    assert.deepEqual([test.ok, server.mails[0]?.secure], [true, true]);
    assert.equal(server.mails[0]?.parsed.subject, '[TEST] Test alert for ops');
  });

  it('arrives without TLS and password where both are off', async () => {
    const server = await start({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
    const { channels } = await open();
    const channel = mail(server.port, { security: 'none', user: null, to: ['ops@example.org'] });
    const test = await channels.test(channel);
    assert.match(test.message, /took the mail for 1 address:/);
    assert.deepEqual([server.mails[0]?.secure, server.mails.length], [false, 1]);
  });

  async function fails(
    port: number,
    settings: object = {},
    { secret = MAIL_USER.pass, trusting = true, deadlineMs = 10_000 } = {},
  ): Promise<ChannelError> {
    const { channels, secrets, log } = await open({ deadlineMs, trusting });
    await secrets.set('ops', { password: secret }, { keep: 'memory' });
    try {
      await channels.send(mail(port, settings), 'n-1', contentOf(), never());
    } catch (error) {
      const { message } = error as ChannelError;
      for (const text of [message, ...log]) {
        assert.ok(!text.includes(secret), text);
        assert.ok(!text.includes(Buffer.from(secret).toString('base64')), text);
      }
      return error as ChannelError;
    }
    return assert.fail('It was sent.');
  }

  it('is not sent where STARTTLS is asked for and not offered: the password stays here', async () => {
    let seen = false;
    const server = await start({
      ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
      onAuth: (_auth, _session, done) => {
        seen = true;
        done(null, { user: 'x' });
      },
    });
    const error = await fails(server.port);
    assert.match(error.message, /offers no STARTTLS/);
    assert.deepEqual([error.permanent, seen, server.mails.length], [true, false, 0]);
  });

  it('is not sent to a server that nobody vouches for', async () => {
    for (const options of [{}, { secure: true }]) {
      const server = await start(options);
      const security = 'secure' in options ? 'tls' : 'starttls';
      const error = await fails(server.port, { security }, { trusting: false });
      assert.match(error.message, /signed by nobody that is trusted here/);
      assert.deepEqual([error.permanent, server.mails.length], [false, 0]);
    }
  });

  it('is not sent to a server with the certificate of another, nor with one that is over', async () => {
    const server = await start();
    const other = await fails(server.port, { host: 'other.example.org' });
    assert.match(other.message, /certificate of other\.example\.org is for another name/);
    const expired = await start(tlsFixture('expired'));
    assert.match((await fails(expired.port)).message, /has expired/);
  });

  it('says that user and password were wrong, and is not tried again', async () => {
    const server = await start();
    const error = await fails(server.port, {}, { secret: 'wrong password 123' });
    assert.match(error.message, /did not accept user and password/);
    assert.equal(error.permanent, true);
  });

  it('goes by what the server says of sender, receivers and content', async () => {
    const refusing = (responseCode: number) =>
      Object.assign(new Error('Not here'), { responseCode });
    const later = await start({ onRcptTo: (_address, _session, done) => done(refusing(451)) });
    const never = await start({ onRcptTo: (_address, _session, done) => done(refusing(550)) });
    const full = await start({
      onData: (stream, _session, done) => void stream.resume().on('end', () => done(refusing(452))),
    });
    const all = [await fails(later.port), await fails(never.port), await fails(full.port)];
    assert.deepEqual(
      all.map(({ permanent }) => permanent),
      [false, true, false],
    );
    assert.match(all[1]?.message ?? '', /Check the mail addresses.*550.*Not here/);
  });

  it('that some receivers refused counts as sent, and the log names them', async () => {
    const server = await start({
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith('lead') ? Object.assign(new Error('No'), { responseCode: 550 }) : null,
        ),
    });
    const { channels, secrets, log } = await open();
    await secrets.set('ops', password, { keep: 'memory' });
    const test = await channels.test(mail(server.port));
    assert.match(test.message, /took the mail for 1 address|1 of 2/);
    assert.ok(log.some((line) => line.includes('lead@example.org')));
  });

  const silent: [string, (server: Server) => void, RegExp][] = [
    ['says nothing', () => undefined, /did not answer within 0\.8 s/],
    [
      'drips its greeting',
      (server) =>
        server.on('connection', (socket) => {
          const timer = setInterval(() => socket.write('220-x\r\n'), 20);
          socket.on('error', () => undefined).on('close', () => clearInterval(timer));
        }),
      /did not answer within 0\.8 s/,
    ],
    [
      'closes at once',
      (server) =>
        server.on('connection', (socket) => socket.on('error', () => undefined).destroy()),
      /closed the connection/,
    ],
    [
      'is no mail server',
      (server) =>
        server.on('connection', (socket) =>
          socket.on('error', () => undefined).end('HTTP/1.1 400 Bad\r\n\r\n'),
        ),
      /mail\.example\.org/,
    ],
  ];
  for (const [what, behave, sentence] of silent)
    it(`to a server that ${what} fails in time`, async () => {
      const server = createServer();
      behave(server);
      server.on('connection', (socket) => socket.on('error', () => undefined));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const began = performance.now();
      const error = await fails((server.address() as AddressInfo).port, {}, { deadlineMs: 800 });
      assert.match(error.message, sentence);
      assert.ok(performance.now() - began < 3000);
      await new Promise((resolve) => server.close(resolve));
    });
});
