import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ChannelError } from '../../../../service/alerts/channels/index.ts';
import { channelOf, contentOf, never, useChannels } from '../../../support/channels.ts';
import { answers, tlsFixture, useReceivers } from '../../../support/receiver.ts';

const key = (): string => `whsec_${randomBytes(32).toString('base64')}`;

describe('a webhook', () => {
  const start = useReceivers();
  const open = useChannels();
  const webhook = (port: number, settings: object = {}) =>
    channelOf({
      kind: 'webhook',
      settings: { url: `http://hooks.example.org:${port}/in`, allow_private: true, ...settings },
    });

  it('gets what Standard Webhooks verifies, under the same id and with the same bytes on every try', async () => {
    const receiver = await start(answers(200, 'ok'));
    const { channels, secrets } = await open();
    const signing_key = key();
    await secrets.set('ops', { signing_key }, { keep: 'memory' });
    const content = contentOf();
    await channels.send(webhook(receiver.port), 'n-1', content, never());
    await channels.send(webhook(receiver.port), 'n-1', content, never());
    const [first, second] = receiver.received;
    assert.ok(first && second);
    const verified = new Webhook(signing_key).verify(first.body, first.headers);
    assert.deepEqual(verified, {
      type: 'alert.raised',
      timestamp: content.created_at,
      data: {
        ...{ summary: content.summary, severity: 'ERROR', alerts: content.alerts },
        ...{ more: [], more_count: 0 },
      },
    });
    assert.equal(first.headers['webhook-id'], 'n-1');
    assert.equal(second.headers['webhook-id'], 'n-1');
    assert.equal(second.body, first.body);
    assert.throws(() => new Webhook(key()).verify(first.body, first.headers));
  });

  it('is signed with both keys while one is rotated', async () => {
    const receiver = await start(answers(204));
    const { channels, secrets } = await open();
    const [signing_key, previous_signing_key] = [key(), key()];
    await secrets.set('ops', { signing_key, previous_signing_key }, { keep: 'memory' });
    await channels.send(webhook(receiver.port), 'n-2', contentOf({ kind: 'resolved' }), never());
    const [got] = receiver.received;
    assert.ok(got);
    for (const one of [signing_key, previous_signing_key])
      assert.equal(
        (new Webhook(one).verify(got.body, got.headers) as { type: string }).type,
        'alert.resolved',
      );
    assert.equal(got.headers['webhook-signature']?.split(' ').length, 2);
  });

  it('goes unsigned without a key, with the headers and the authorization of the channel', async () => {
    const receiver = await start(answers(200));
    const { channels, secrets } = await open();
    await secrets.set('ops', { authorization: 'Bearer abc.def' }, { keep: 'memory' });
    const channel = webhook(receiver.port, { headers: { 'X-Team': 'data' } });
    await channels.send(channel, 'n-3', contentOf({ kind: 'digest' }), never());
    const { headers, method, path } = receiver.received[0] ?? assert.fail();
    assert.deepEqual(
      [method, path, headers['x-team'], headers['authorization'], headers['content-type']],
      ['POST', '/in', 'data', 'Bearer abc.def', 'application/json'],
    );
    assert.equal(headers['webhook-signature'], undefined);
    assert.match(headers['user-agent'] ?? '', /^Pipescope\//);
  });

  it('is sent over TLS to the name that the certificate is for', async () => {
    const receiver = await start(answers(200, 'fine'), tlsFixture('server'));
    const { channels, asked } = await open();
    const url = `https://hooks.example.org:${receiver.port}/in`;
    const test = await channels.test(webhook(0 + receiver.port, { url }));
    assert.equal(test.ok, true, test.message);
    assert.match(test.message, /^hooks\.example\.org:\d+ answered 200: fine\. It took \d+ ms\.$/);
    assert.deepEqual(asked, ['hooks.example.org']);
    assert.equal(receiver.received[0]?.headers['host'], `hooks.example.org:${receiver.port}`);
  });

  const tlsCases: [string, 'server' | 'expired', string, boolean, RegExp][] = [
    [
      'an authority that nobody trusts',
      'server',
      'hooks.example.org',
      false,
      /signed by nobody that is trusted.*NODE_EXTRA_CA_CERTS/,
    ],
    [
      'another name',
      'server',
      'other.example.org',
      true,
      /certificate of other\.example\.org:\d+ is for another name/,
    ],
    ['a time that is over', 'expired', 'hooks.example.org', true, /has expired/],
  ];
  for (const [what, cert, host, trusting, sentence] of tlsCases)
    it(`is not given to a server with a certificate of ${what}`, async () => {
      const receiver = await start(answers(200), tlsFixture(cert));
      const { channels } = await open({ trusting });
      const channel = webhook(1, { url: `https://${host}:${receiver.port}/in` });
      const error = await failure(channels.send(channel, 'n', contentOf(), never()));
      assert.match(error.message, sentence);
      assert.equal(error.permanent, false);
      assert.equal(receiver.received.length, 0);
    });

  it('says so when TLS meets a server without', async () => {
    const receiver = await start(answers(200));
    const { channels } = await open();
    const channel = webhook(1, { url: `https://hooks.example.org:${receiver.port}/in` });
    const error = await failure(channels.send(channel, 'n', contentOf(), never()));
    assert.match(error.message, /does not speak TLS as expected/);
  });
});

export async function failure(promise: Promise<unknown>): Promise<ChannelError> {
  try {
    await promise;
  } catch (error) {
    return error as ChannelError;
  }
  return assert.fail('It was sent.');
}
