import assert from 'node:assert/strict';
import {
  ChannelBook,
  type Deliveries,
  Secrets,
  channelRecords,
  parseChannel,
} from '../../../../service/alerts/channels/index.ts';
import { definitionsTable } from '../../../../service/core/domain/definitions.ts';
import type { Channel } from '../../../../service/protocol/channel.ts';
import { useTempDir } from '../../../support/tempDir.ts';

describe('the channels in effect', () => {
  const folder = useTempDir('book');
  const definitions = () => {
    const table = definitionsTable();
    const book = new ChannelBook({ definitions: table });
    const define = (key: string, value: object | null, revision = 1) =>
      Object.assign(table.change(`channel/${key}`) ?? assert.fail(), {
        ...{ value, revision, time: Date.UTC(2026, 10, 22), by: 'ada' },
      });
    return { table, book, define };
  };
  const ids = (book: ChannelBook) => book.channels.map(({ channel_id }) => channel_id);

  it('are those that come with Pipescope: windows from ERROR, the log from WARNING, no others', () => {
    const { book } = definitions();
    const said = book.channels.map(({ channel_id, kind, enabled, min_severity }) => [
      ...[channel_id, kind, enabled, min_severity],
    ]);
    assert.deepEqual(said, [
      ['vscode', 'vscode', true, 'ERROR'],
      ['log', 'log', true, 'WARNING'],
      ['console', 'console', false, 'WARNING'],
      ['file', 'file', false, 'WARNING'],
    ]);
    for (const channel of book.channels)
      assert.deepEqual(parseChannel(JSON.parse(JSON.stringify(channel))), channel);
  });

  it('are overlaid by what people define, and come back when that is taken away', () => {
    const { book, define } = definitions();
    const log = book.channel('log') ?? assert.fail();
    define('log', { ...log, min_severity: 'CRITICAL' });
    define('ops', parseChannel({ channel_id: 'ops', kind: 'slack' }));
    define('gone', null, 2);
    assert.equal(book.channel('log')?.min_severity, 'CRITICAL');
    assert.deepEqual(ids(book), ['vscode', 'log', 'console', 'file', 'ops']);
    define('log', null, 2);
    assert.deepEqual(book.channel('log'), log);
    assert.deepEqual([book.isBuiltin('log'), book.isBuiltin('ops')], [true, false]);
    assert.equal(book.channel('gone'), undefined);
  });

  it('leave out what this version does not understand', () => {
    const { book, define } = definitions();
    define('new', { channel_id: 'new', kind: 'pigeon' });
    define('broken', { channel_id: 'broken', kind: 'webhook' });
    define('log', { kind: 'log' });
    assert.deepEqual(ids(book), ['vscode', 'log', 'console', 'file']);
    assert.equal(book.channel('log')?.name, 'Log of the service');
  });

  it('say how they do, and what they miss', async () => {
    const { book, define, table } = definitions();
    const secrets = await Secrets.open({ dataDir: folder(), env: {}, warn: assert.fail });
    const make = (channel: object): Channel => {
      const made = parseChannel(channel);
      define(made.channel_id, made);
      return made;
    };
    make({ channel_id: 'chat', kind: 'slack' });
    const to = { host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'] };
    make({ channel_id: 'mail', kind: 'email', settings: { ...to, user: 'ops' } });
    make({ channel_id: 'open', kind: 'email', settings: to });
    make({ channel_id: 'dead', kind: 'webhook', settings: { url: 'https://example.com/' } });
    const sent: Record<string, Partial<Deliveries>> = {
      log: { last_sent_at: Date.UTC(2026, 10, 22) },
      dead: { last_error: 'example.com answered 500.', dead: 2, waiting: 1 },
    };
    const none = { waiting: 0, dead: 0, last_sent_at: null, last_error: null };
    const records = () =>
      channelRecords({
        ...{ channels: book, secrets, definitions: table },
        deliveries: (id) => ({ ...none, ...sent[id] }),
      });
    const states = () =>
      Object.fromEntries(records().map(({ channel_id, state }) => [channel_id, state]));
    assert.deepEqual(states(), {
      ...{ vscode: 'UNUSED', log: 'OK', console: 'OFF', file: 'OFF', chat: 'INCOMPLETE' },
      ...{ mail: 'INCOMPLETE', open: 'UNUSED', dead: 'FAILING' },
    });
    const chat = records().find(({ channel_id }) => channel_id === 'chat') ?? assert.fail();
    assert.deepEqual([chat.revision, chat.changed_by, chat.builtin], [1, 'ada', false]);
    assert.match(
      chat.problem ?? '',
      /^The secret "url" is missing\. .*PIPESCOPE_SECRET_CHAT_URL\.$/,
    );
    assert.deepEqual(chat.secrets, { url: null });
    await secrets.set('chat', { url: 'https://hooks.example.com/hidden' }, { keep: 'memory' });
    await secrets.set('mail', { password: 'hidden' }, { keep: 'file' });
    assert.deepEqual([states()['chat'], states()['mail']], ['UNUSED', 'UNUSED']);
    assert.ok(!JSON.stringify(records()).includes('hidden'));
    assert.deepEqual(records().find(({ channel_id }) => channel_id === 'chat')?.secrets, {
      url: 'window',
    });
  });

  it('say where a variable of the environment would give the secret of one to the receiver of another', async () => {
    const { table, book, define } = definitions();
    const env = { PIPESCOPE_SECRET_OPS_MAIL_URL: 'https://hooks.example.com/T0' };
    const secrets = await Secrets.open({ dataDir: folder(), env, warn: assert.fail });
    const deliveries = () => ({ waiting: 0, dead: 0, last_sent_at: null, last_error: null });
    const problems = () =>
      channelRecords({ channels: book, secrets, definitions: table, deliveries }).flatMap(
        ({ problem }) => problem ?? [],
      );
    define('ops-mail', parseChannel({ channel_id: 'ops-mail', kind: 'slack' }));
    assert.deepEqual(problems(), []);
    define('ops_mail', parseChannel({ channel_id: 'ops_mail', kind: 'slack' }));
    assert.equal(problems().length, 2);
    assert.match(problems()[0] ?? '', /PIPESCOPE_SECRET_OPS_MAIL_URL is that of .*"ops_mail"/);
  });
});
