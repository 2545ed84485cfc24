/** Targets that do not do what they should. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ChannelError } from '../../../../service/alerts/channels/index.ts';
import { channelOf, contentOf, never, useChannels } from '../../../support/channels.ts';
import { type Answering, answers, useReceivers } from '../../../support/receiver.ts';

describe('a target of a channel', () => {
  const start = useReceivers();
  const open = useChannels();
  const webhook = (url: string, allow_private = true) =>
    channelOf({ kind: 'webhook', settings: { url, allow_private } });

  async function fails(answering: Answering, deadlineMs = 3000): Promise<ChannelError> {
    const receiver = await start(answering);
    const { channels } = await open({ deadlineMs });
    const channel = webhook(`http://hooks.example.org:${receiver.port}/in`);
    try {
      await channels.send(channel, 'n-1', contentOf(), never());
    } catch (error) {
      return error as ChannelError;
    }
    return assert.fail('It was sent.');
  }

  it('that hangs is left after the deadline', async () => {
    const began = performance.now();
    const error = await fails(() => undefined, 300);
    assert.match(error.message, /^hooks\.example\.org:\d+ did not answer within 0\.3 s\./);
    assert.equal(error.permanent, false);
    assert.ok(performance.now() - began < 2000);
  });

  it('that drips its headers is left after the deadline', async () => {
    const error = await fails((_, __, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X: y\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    }, 400);
    assert.match(error.message, /did not answer within 0\.4 s/);
  });

  it('that drips its body after a 200 has the notification', async () => {
    const receiver = await start((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const { channels } = await open({ deadlineMs: 10_000 });
    await channels.send(
      webhook(`http://hooks.example.org:${receiver.port}/`),
      'n',
      contentOf(),
      never(),
    );
    await until(() => receiver.openSockets === 0);
  });

  it('that answers without end is cut off after 16 KiB', async () => {
    const began = performance.now();
    let written = 0;
    const receiver = await start((_, response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    const { channels } = await open();
    await channels.send(
      webhook(`http://hooks.example.org:${receiver.port}/`),
      'n',
      contentOf(),
      never(),
    );
    await until(() => receiver.openSockets === 0);
    assert.ok(performance.now() - began < 1500, 'It was ended by its time, not by its length.');
    assert.ok(written < 64 * 1024 * 1024, `${written} bytes were written`);
  });

  it('that resets the connection is tried again', async () => {
    const error = await fails((_, __, socket) => socket.resetAndDestroy());
    assert.match(error.message, /closed the connection without an answer/);
    assert.equal(error.permanent, false);
  });

  it('that does not speak HTTP is named', async () => {
    const error = await fails((_, __, socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'));
    assert.match(error.message, /is no HTTP/);
  });

  it('that refuses connections is tried again', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { channels } = await open();
    const sent = channels.send(
      webhook(`http://hooks.example.org:${port}/`),
      'n',
      contentOf(),
      never(),
    );
    await assert.rejects(sent, /refused the connection/);
  });

  const statuses: [number, Record<string, string>, boolean, number | undefined, RegExp][] = [
    [500, {}, false, undefined, /answered 500: broken\. It is tried again/],
    [502, { 'retry-after': '5' }, false, undefined, /502/],
    [503, { 'retry-after': '7' }, false, 7000, /503/],
    [429, { 'retry-after': '120' }, false, 120_000, /429/],
    [429, { 'retry-after': '99999999' }, false, 3_600_000, /429/],
    [429, { 'retry-after': 'soon' }, false, undefined, /429/],
    [429, {}, false, undefined, /429/],
    [408, {}, false, undefined, /408/],
    [400, {}, true, undefined, /does not understand/],
    [401, {}, true, undefined, /Check the secret/],
    [404, {}, true, undefined, /nothing at this address/],
    [410, {}, true, undefined, /wants no more messages/],
    [418, {}, true, undefined, /Check the settings/],
    [
      301,
      { location: 'https://new.example.com/secret-path' },
      true,
      undefined,
      /redirect to new\.example\.com\. Redirects are not followed: give the channel the final address/,
    ],
    [
      302,
      { location: 'http://169.254.169.254/latest/meta-data/' },
      true,
      undefined,
      /redirect to 169\.254\.169\.254/,
    ],
    [307, { location: '/other' }, true, undefined, /redirect to another address/],
    [304, {}, true, undefined, /304/],
  ];
  for (const [status, headers, permanent, retryAfterMs, sentence] of statuses)
    it(`that answers ${status} ${JSON.stringify(headers)} is ${permanent ? 'not ' : ''}tried again`, async () => {
      const error = await fails(answers(status, status === 304 ? '' : 'broken', headers));
      assert.match(error.message, sentence);
      assert.deepEqual([error.permanent, error.retryAfterMs], [permanent, retryAfterMs]);
      assert.doesNotMatch(error.message, /secret-path/);
    });

  it('that names a date to come back at is tried again then', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const error = await fails(answers(503, '', { 'retry-after': date }));
    assert.ok((error.retryAfterMs ?? 0) > 50_000 && (error.retryAfterMs ?? 0) <= 60_000);
  });

  it('is not followed anywhere by a redirect: the other one hears nothing', async () => {
    const other = await start(answers(200));
    await fails(answers(302, '', { location: `http://127.0.0.1:${other.port}/` }));
    assert.equal(other.received.length, 0);
  });

  it('whose answer cannot be shown as it is, is quoted in one harmless line', async () => {
    const error = await fails(answers(400, 'bad\u001b[31m\r\n\u202ething'));
    assert.match(error.message, /answered 400: bad \[31m thing\. /);
  });

  it('is left when the sender ends, and when its service ends', async () => {
    const receiver = await start(() => undefined);
    const { channels } = await open({ deadlineMs: 20_000 });
    const channel = webhook(`http://hooks.example.org:${receiver.port}/`);
    const ends = new AbortController();
    const sent = channels.send(channel, 'n', contentOf(), ends.signal);
    await until(() => receiver.received.length === 1);
    ends.abort();
    await assert.rejects(sent, /was ended/);
    const again = channels.send(channel, 'n', contentOf(), never());
    await until(() => receiver.received.length === 2);
    const [, closed] = await Promise.allSettled([
      assert.rejects(again, /was ended/),
      channels.close(),
    ]);
    assert.equal(closed.status, 'fulfilled');
    await until(() => receiver.openSockets === 0);
    await assert.rejects(channels.send(channel, 'n', contentOf(), never()), /is stopping/);
  });

  it('is asked without a proxy of the environment', async () => {
    const proxy = await start(answers(200));
    const receiver = await start(answers(200));
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    try {
      const { channels } = await open();
      await channels.send(
        webhook(`http://hooks.example.org:${receiver.port}/`),
        'n',
        contentOf(),
        never(),
      );
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
    assert.deepEqual([proxy.received.length, receiver.received.length], [0, 1]);
  });
});

describe('a name of a channel', () => {
  const start = useReceivers();
  const open = useChannels();
  const cases: [string, string[], boolean, RegExp][] = [
    [
      'leads to this machine',
      ['127.0.0.1'],
      false,
      /an address of this machine \(127\.0\.0\.1\)\. Allow private/,
    ],
    ['leads to this machine by IPv6', ['::1'], false, /an address of this machine/],
    ['leads into a private network', ['10.1.2.3'], false, /private network \(10\.1\.2\.3\)/],
    ['leads into a private network of IPv6', ['fd12::1'], false, /private network/],
    ['leads to a provider network', ['100.64.0.1'], false, /provider network/],
    ['leads to the metadata service', ['169.254.169.254'], false, /metadata service/],
    [
      'leads to the metadata service, allowed or not',
      ['169.254.169.254'],
      true,
      /metadata service.*Give the address of another machine/,
    ],
    ['leads to the metadata service by IPv6', ['fd00:ec2::254'], true, /metadata service/],
    ['leads to a link-local address', ['fe80::1'], true, /link-local/],
    [
      'has one forbidden address among good ones',
      ['203.0.114.9', '::ffff:169.254.1.1'],
      true,
      /link-local/,
    ],
    ['leads nowhere', [], true, /has no address/],
  ];
  for (const [what, addresses, allow_private, sentence] of cases)
    it(`that ${what} is refused`, async () => {
      const receiver = await start(answers(200));
      const { channels } = await open({ names: { 'rebind.example.org': addresses } });
      const url = `http://rebind.example.org:${receiver.port}/`;
      const channel = channelOf({ kind: 'webhook', settings: { url, allow_private } });
      await assert.rejects(channels.send(channel, 'n', contentOf(), never()), sentence);
      const mail = {
        host: 'rebind.example.org',
        port: receiver.port,
        from: 'a@b.c',
        to: ['a@b.c'],
      };
      const email = channelOf({ kind: 'email', settings: { ...mail, allow_private } });
      await assert.rejects(channels.send(email, 'n', contentOf(), never()), sentence);
      assert.equal(receiver.openSockets + receiver.received.length, 0);
    });

  it('that is an address is refused as well, however it got into the channel', async () => {
    const { channels, asked } = await open();
    const to = { host: 'mail.example.org', from: 'a@b.cd', to: ['a@b.cd'] };
    const mail = channelOf({ kind: 'email', settings: to });
    const hook = channelOf({ kind: 'webhook', settings: { url: 'https://example.org/' } });
    for (const host of ['169.254.169.254', '127.0.0.1', 'localhost', 'metadata.google.internal']) {
      const settings = { ...mail.settings, host };
      const changed = { ...mail, settings } as typeof mail;
      await assert.rejects(channels.send(changed, 'n', contentOf(), never()), /is refused: it is/);
      const url = `http://${host}/`;
      const other = { ...hook, settings: { ...hook.settings, url } } as typeof hook;
      await assert.rejects(channels.send(other, 'n', contentOf(), never()), /is refused: it is/);
    }
    assert.deepEqual(asked, []);
  });

  it('is asked for once: what it leads to a moment later does not matter', async () => {
    const receiver = await start(answers(200));
    const names = { 'rebind.example.org': ['127.0.0.1'] };
    const { channels, asked } = await open({ names });
    const url = `http://rebind.example.org:${receiver.port}/`;
    const channel = channelOf({ kind: 'webhook', settings: { url, allow_private: true } });
    await channels.send(channel, 'n', contentOf(), never());
    assert.deepEqual(asked, ['rebind.example.org']);
    assert.equal(receiver.received.length, 1);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!isTrue()) {
    if (performance.now() > end) assert.fail(`It did not come true: ${isTrue.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
