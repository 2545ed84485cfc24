/** Secrets of channels are in secrets.json and nowhere else, also when those who got them repeat them. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { setChannel, testChannel } from '../../../../service/commands/channels.ts';
import { useReceivers } from '../../../support/receiver.ts';
import { useMailServers } from '../../../support/mailServer.ts';
import { type TestService, eventually, send, useServices } from '../../../support/service.ts';

const SECRETS = {
  path: 'T0HIDDENPATHPART',
  key: 'whsec_SElEREVOIHNpZ25pbmcga2V5ISBISURERU4hIQ==',
  token: 'hidden-bearer-token-4711',
  password: 'hidden mail password',
  environment: 'hidden-from-the-environment',
};

describe('a secret of a channel', () => {
  const startService = useServices();
  const startReceiver = useReceivers();
  const startMail = useMailServers();
  const variable = 'PIPESCOPE_SECRET_CHAT_URL';
  afterEach(() => delete process.env[variable]);

  it('is in secrets.json and in nothing else that the service keeps, logs, answers or exports', async () => {
    const receiver = await startReceiver(
      ({ path, headers, body }, response) =>
        // As pages of errors do it.
        void response
          .writeHead(404)
          .end(`Cannot POST ${path} ${JSON.stringify(headers)} ${body.slice(0, 50)}`),
    );
    const mail = await startMail({
      onAuth: ({ username, password }, _session, done) =>
        done(
          new Error(
            `No ${username} with ${password} (${Buffer.from(password ?? '').toString('base64')})`,
          ),
        ),
    });
    const url = `http://127.0.0.1:${receiver.port}/services/${SECRETS.environment}`;
    process.env[variable] = url;
    const service = await startService();
    await makeChannels(service, receiver.port, mail.port);
    await send(service, [
      { type: 'job.started', job_id: 'j1', name: 'nightly', pipeline: 'nightly' },
      { type: 'phase.started', job_id: 'j1', phase_id: 'P1' },
      { type: 'phase.failed', job_id: 'j1', phase_id: 'P1', error: { message: 'It broke.' } },
    ]);
    const { monitor } = service.service;
    for (const id of ['slack', 'chat', 'hook', 'mail']) {
      const test = await testChannel(monitor, id);
      assert.equal(test.ok, false);
      withoutSecrets(JSON.stringify(test), `the test of ${id}`);
      await eventually(
        () =>
          [...monitor.model.domain.notifications.rows.values()].some(
            (row) => row.channel_id === id && row.attempts > 0,
          ),
        `A try of ${id}`,
        20_000,
      );
    }
    // All of them were used: what is looked for did go out.
    const said = receiver.received
      .map(({ path, headers }) => path + JSON.stringify(headers))
      .join();
    for (const one of [SECRETS.path, SECRETS.token, SECRETS.environment])
      assert.ok(said.includes(one), one);
    await answersWithout(service);
    filesWithout(service.dataDir);
    await service.stop();
    filesWithout(service.dataDir);
    withoutSecrets(service.log.join('\n'), 'the log');
    const kept = readFileSync(join(service.dataDir, 'secrets.json'), 'utf8');
    for (const one of [SECRETS.path, SECRETS.key, SECRETS.token, SECRETS.password])
      assert.ok(kept.includes(one));
    assert.equal(statSync(join(service.dataDir, 'secrets.json')).mode & 0o777, 0o600);
  });
});

async function makeChannels(
  { service }: TestService,
  port: number,
  mailPort: number,
): Promise<void> {
  const make = (channel: object, secrets: object = {}) =>
    setChannel(
      service.monitor,
      { channel: { min_severity: 'INFO', ...channel }, secrets },
      { mode: 'create', by: 'ada' },
    );
  const settings = { allow_private: true };
  const url = `http://127.0.0.1:${port}/services/${SECRETS.path}?token=${SECRETS.path}`;
  await make({ channel_id: 'slack', kind: 'slack', settings }, { url });
  await make({ channel_id: 'chat', kind: 'discord', settings });
  const hook = { ...settings, url: `http://127.0.0.1:${port}/hook` };
  await make(
    { channel_id: 'hook', kind: 'webhook', settings: hook },
    { signing_key: SECRETS.key, authorization: `Bearer ${SECRETS.token}` },
  );
  const from = { from: 'a@example.org', to: ['b@example.org'], user: 'ops', security: 'none' };
  await make(
    {
      channel_id: 'mail',
      kind: 'email',
      settings: { ...settings, ...from, host: '127.0.0.1', port: mailPort },
    },
    { password: SECRETS.password },
  );
  await assert.rejects(
    make({ channel_id: 'bad', kind: 'slack' }, { url: `http://user@10.0.0.1/${SECRETS.path}` }),
    (error: Error) => {
      withoutSecrets(JSON.stringify(error) + error.message, 'a refusal');
      return true;
    },
  );
}

/** Whatever can be asked for. */
async function answersWithout(service: TestService): Promise<void> {
  const ids: Record<string, string> = { job_id: 'j1', channel_id: 'slack', phase_id: 'P1' };
  let asked = 0;
  for (const { method, path } of service.service.routes) {
    const address = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x');
    if (method !== 'GET' || address === '/ws') continue;
    const response = await fetch(`${service.url}${address}`, {
      headers: { authorization: `Bearer ${service.tokens.admin}` },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    withoutSecrets(unpacked(bytes).toString('latin1'), `${path} (${response.status})`);
    asked++;
  }
  assert.ok(asked > 40, `${asked} addresses`);
}

function filesWithout(dataDir: string): void {
  const names = readdirSync(dataDir, { recursive: true }) as string[];
  for (const name of names) {
    const path = join(dataDir, name);
    if (!statSync(path).isFile() || name === 'secrets.json') continue;
    withoutSecrets(unpacked(readFileSync(path)).toString('latin1'), name);
  }
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

function withoutSecrets(text: string, where: string): void {
  for (const [name, secret] of Object.entries(SECRETS))
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      assert.ok(!text.includes(form), `${name} is in ${where}`);
}
