import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelSecrets, type SecretStore } from '../../../src/service/channelSecrets.ts';
import { Connection } from '../../../src/service/connection.ts';
import { findService } from '../../../src/service/endpoint.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { RecordServer } from '../wire/recordServer.ts';
import { until } from '../wire/until.ts';

describe('the secrets of channels', () => {
  const dataDir = useTempDir('secrets');
  let server: RecordServer;
  let connection: Connection;
  let entries: Map<string, string>;
  let secrets: ChannelSecrets;
  let place: string;

  beforeEach(async () => {
    server = new RecordServer(dataDir());
    await server.start();
    connection = new Connection({
      locate: () => findService(dataDir()),
      topics: [],
      client: 'window',
      backoff: { first: 20, most: 100 },
    });
    entries = new Map();
    place = dataDir();
    secrets = make();
    connection.connect();
    await until('a connection', () => connection.state.kind === 'connected');
  });
  afterEach(async () => {
    secrets.dispose();
    connection.dispose();
    await server.stop();
  });

  function make(): ChannelSecrets {
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    return new ChannelSecrets(storeOf(entries), { connection, dataDir: () => place, log });
  }
  const told = (): unknown[] =>
    server.commands
      .filter((frame) => frame.command === 'channel.secrets')
      .map(({ channel_id, secrets: given }) => [channel_id, given]);

  it('are kept by VS Code and handed to the service, and stand in no file', async () => {
    await secrets.save('on-call', { url: 'https://hooks.test/T0P' });
    assert.deepEqual(told(), [['on-call', { url: 'https://hooks.test/T0P' }]]);
    assert.ok([...entries.values()].some((text) => text.includes('T0P')));
    for (const key of entries.keys()) assert.ok(!key.includes(place), key);
    assert.deepEqual(
      filesOf(place).filter((file) => readFileSync(file, 'utf8').includes('T0P')),
      [],
    );
  });

  it('are handed over again after every connect', async () => {
    await secrets.save('on-call', { url: 'one' });
    await secrets.save('mail', { password: 'two' });
    server.commands.length = 0;
    server.dropClients();
    await until('both again', () => told().length === 2);
    assert.deepEqual(told(), [
      ['on-call', { url: 'one' }],
      ['mail', { password: 'two' }],
    ]);
  });

  it('belong to one data directory', async () => {
    await secrets.save('on-call', { url: 'one' });
    place = join(dataDir(), 'other');
    server.commands.length = 0;
    await secrets.save('mail', { password: 'two' });
    server.dropClients();
    await until('that of this directory', () => told().length === 2);
    assert.deepEqual(told()[1], ['mail', { password: 'two' }]);
  });

  it('keep those that are not named, and forget those that are null', async () => {
    await secrets.save('hook', { signing_key: 'new', previous_signing_key: 'old' });
    await secrets.save('hook', { previous_signing_key: null });
    assert.deepEqual(told()[1], ['hook', { previous_signing_key: null }]);
    server.commands.length = 0;
    server.dropClients();
    await until('the one that is left', () => told().length === 1);
    assert.deepEqual(told(), [['hook', { signing_key: 'new' }]]);
    await secrets.save('hook', { signing_key: null });
    assert.ok(![...entries.values()].some((text) => /new|old|hook/.test(text)));
  });

  it('are forgotten with a channel that is gone', async () => {
    await secrets.save('hook', { signing_key: 'k1' });
    server.refusals.set('channel.secrets', 'JOB_UNKNOWN');
    server.dropClients();
    await until('they are gone', () => ![...entries.values()].join().includes('k1'));
  });

  it('stay where the service takes none, and the page is told why', async () => {
    server.refusals.set('channel.secrets', 'COMMAND_UNKNOWN');
    await assert.rejects(secrets.save('hook', { signing_key: 'k1' }), {
      code: 'COMMAND_UNKNOWN',
    });
    assert.ok([...entries.values()].join().includes('k1'));
  });

  it('do not lose one of two that are saved at once', async () => {
    await Promise.all([secrets.save('a', { url: '1' }), secrets.save('b', { url: '2' })]);
    server.commands.length = 0;
    server.dropClients();
    await until('both', () => told().length === 2);
  });
});

function storeOf(entries: Map<string, string>): SecretStore {
  const later = async <T>(work: () => T): Promise<T> => {
    await new Promise(setImmediate);
    return work();
  };
  return {
    get: (key) => later(() => entries.get(key)),
    store: (key, value) => later(() => void entries.set(key, value)),
    delete: (key) => later(() => void entries.delete(key)),
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function ignore(): void {
  // Nobody reads it here.
}
