/** Channels as they are delivered: bundled, in a process of their own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { ChannelTest } from '../../../../service/protocol/channel.ts';
import { MAIL_USER, useMailServers } from '../../../support/mailServer.ts';
import { root } from '../../../support/paths.ts';
import { answers, tlsFixture, useReceivers } from '../../../support/receiver.ts';
import { makeTempDir, removeTempDir } from '../../../support/tempDir.ts';

const run = promisify(execFile);

describe('channels in a bundle', () => {
  const startMail = useMailServers();
  const startReceiver = useReceivers();
  let folder = '';
  before(async () => {
    folder = makeTempDir('bundle');
    // As esbuild.mjs does it.
    const { outputFiles } = await build({
      entryPoints: [join(root, 'test/service/alerts/channels/sendOnce.ts')],
      ...{ bundle: true, write: false, platform: 'node', format: 'cjs', target: 'node20' },
      define: { PIPESCOPE_VERSION: '"0.0.0-test"' },
    });
    writeFileSync(join(folder, 'send.cjs'), outputFiles[0]?.contents ?? '');
  });
  after(() => removeTempDir(folder));

  async function test(channel: object, env: Record<string, string>): Promise<ChannelTest> {
    const { stdout } = await run(process.execPath, [join(folder, 'send.cjs')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        DATA_DIR: folder,
        CHANNEL: JSON.stringify(channel),
        ...env,
      },
    });
    return JSON.parse(stdout) as ChannelTest;
  }
  const trusted = { NODE_EXTRA_CA_CERTS: join(root, 'test/fixtures/tls/ca.pem') };

  it('send a mail with the password of the environment to a server that NODE_EXTRA_CA_CERTS vouches for', async () => {
    const server = await startMail();
    const to = { from: 'a@example.org', to: ['b@example.org'], user: MAIL_USER.user };
    const settings = { ...to, host: 'localhost', port: server.port, allow_private: true };
    const channel = { channel_id: 'ops-mail', kind: 'email', settings };
    const password = { PIPESCOPE_SECRET_OPS_MAIL_PASSWORD: MAIL_USER.pass };
    const sent = await test(channel, { ...trusted, ...password });
    assert.equal(sent.ok, true, sent.message);
    assert.deepEqual([server.mails[0]?.secure, server.mails[0]?.user], [true, 'ops']);
    const untrusted = await test(channel, password);
    assert.match(untrusted.message, /signed by nobody that is trusted here/);
    assert.equal(server.mails.length, 1);
  });

  it('post over TLS, by names as the system resolves them, past proxies of the environment', async () => {
    const receiver = await startReceiver(answers(200, 'ok'), tlsFixture('server'));
    const proxy = await startReceiver(answers(200, 'proxied'));
    const through = `http://127.0.0.1:${proxy.port}`;
    const proxies = {
      HTTPS_PROXY: through,
      https_proxy: through,
      ALL_PROXY: through,
      NODE_USE_ENV_PROXY: '1',
    };
    const url = `https://localhost:${receiver.port}/in`;
    const channel = { channel_id: 'hook', kind: 'webhook', settings: { url, allow_private: true } };
    const sent = await test(channel, { ...trusted, ...proxies });
    assert.match(sent.message, /^localhost:\d+ answered 200: ok\./);
    assert.deepEqual([receiver.received.length, proxy.received.length], [1, 0]);
  });
});
