/** Channels that lead to no other machine. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { alertOf, channelOf, contentOf, never, useChannels } from '../../../support/channels.ts';

const HOSTILE =
  'a\u001b]0;owned\u0007\u001b[2J\u202egnp.exe\u200b\r\n2026-11-22 fake line\u0085\u2028b';

describe('the file channel', () => {
  const open = useChannels();
  const file = (settings: object = {}) =>
    channelOf({ kind: 'file', settings: { file: 'alerts.jsonl', ...settings } });
  const read = (dataDir: string, name = 'alerts.jsonl') =>
    readFileSync(join(dataDir, 'alerts', name), 'utf8');

  it('has a line of JSON a notification, for this user only', async () => {
    const { channels, dataDir } = await open();
    const content = contentOf({}, { title: HOSTILE });
    await channels.send(file(), 'n-1', content, never());
    await channels.send(file(), 'n-2', contentOf({ kind: 'resolved' }), never());
    const lines = read(dataDir).trimEnd().split('\n');
    assert.deepEqual(JSON.parse(lines[0] ?? ''), { notification_id: 'n-1', ...content });
    assert.equal(lines.length, 2);
    assert.equal(statSync(join(dataDir, 'alerts', 'alerts.jsonl')).mode & 0o777, 0o600);
    assert.equal(statSync(join(dataDir, 'alerts')).mode & 0o777, 0o700);
  });

  it('is put aside when it is full, and as many as wanted are kept', async () => {
    const { channels, dataDir } = await open();
    const long = contentOf({}, { description: 'x'.repeat(40_000) });
    for (let index = 0; index < 11; index++)
      await channels.send(file({ max_mb: 0.1, keep: 3 }), `n-${index}`, long, never());
    assert.deepEqual(readdirSync(join(dataDir, 'alerts')).sort(), [
      'alerts.jsonl',
      'alerts.jsonl.1',
      'alerts.jsonl.2',
    ]);
    const ids = ['alerts.jsonl.2', 'alerts.jsonl.1', 'alerts.jsonl'].flatMap((name) =>
      read(dataDir, name)
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { notification_id: string }).notification_id),
    );
    assert.deepEqual(ids, ['n-6', 'n-7', 'n-8', 'n-9', 'n-10']);
  });

  it('that is the only one kept begins anew', async () => {
    const { channels, dataDir } = await open();
    const long = contentOf({}, { description: 'x'.repeat(60_000) });
    for (const id of ['a', 'b'])
      await channels.send(file({ max_mb: 0.1, keep: 1 }), id, long, never());
    assert.deepEqual(readdirSync(join(dataDir, 'alerts')), ['alerts.jsonl']);
    assert.match(read(dataDir), /^\{"notification_id":"b"/);
  });

  it('takes notifications at once, one line each', async () => {
    const { channels, dataDir } = await open();
    const ids = Array.from({ length: 40 }, (_, index) => `n-${index}`);
    await Promise.all(ids.map((id) => channels.send(file(), id, contentOf(), never())));
    const got = read(dataDir)
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { notification_id: string }).notification_id);
    assert.deepEqual(got, ids);
  });

  it('goes on when somebody removed it, and closes a line that a crash left open', async () => {
    const { channels, dataDir } = await open();
    await channels.send(file(), 'n-1', contentOf(), never());
    rmSync(join(dataDir, 'alerts'), { recursive: true });
    await channels.send(file(), 'n-2', contentOf(), never());
    const path = join(dataDir, 'alerts', 'alerts.jsonl');
    writeFileSync(path, `${read(dataDir)}{"notification_id":"ha`);
    chmodSync(path, 0o644);
    await channels.send(file(), 'n-3', contentOf(), never());
    assert.match(
      read(dataDir),
      /^\{"notification_id":"n-2".*\n\{"notification_id":"ha\n\{"notification_id":"n-3".*\n$/,
    );
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('is not written through a link, and not where a folder stands', async () => {
    const { channels, dataDir } = await open();
    mkdirSync(join(dataDir, 'alerts', 'folder'), { recursive: true });
    const target = join(dataDir, 'precious');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(dataDir, 'alerts', 'link'));
    for (const name of ['folder', 'link'])
      await assert.rejects(channels.send(file({ file: name }), 'n', contentOf(), never()), {
        name: 'ChannelError',
        permanent: false,
        message: `alerts/${name} of the data directory is not a file. Remove what stands there, or choose another name.`,
      });
    assert.equal(readFileSync(target, 'utf8'), 'precious');
  });
});

describe('the log channel', () => {
  const open = useChannels();

  it('has an entry with the severity and the alerts, at the level of a warning at most', async () => {
    const { channels, log } = await open();
    const channel = channelOf({ kind: 'log' });
    await channels.send(
      channel,
      'n-1',
      contentOf({ severity: 'CRITICAL', summary: HOSTILE }),
      never(),
    );
    await channels.send(channel, 'n-2', contentOf({ kind: 'resolved' }), never());
    const [raised, resolved] = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      { ...raised, time: null },
      {
        ...{ level: 40, time: null, notification_id: 'n-1', severity: 'CRITICAL', more_count: 0 },
        alert_ids: ['pipescope:phase_failed:a/P6/1'],
        msg: '[CRITICAL] a ]0;owned [2J gnp.exe 2026-11-22 fake line b',
      },
    );
    assert.equal(resolved?.['level'], 30);
  });
});

describe('the console channel', () => {
  const open = useChannels();

  it('has one readable line a notification, whatever an alert says', async () => {
    const { channels, lines } = await open();
    const channel = channelOf({ kind: 'console' });
    await channels.send(channel, 'n-1', contentOf(), never());
    await channels.send(
      channel,
      'n-2',
      contentOf({ summary: HOSTILE }, { description: HOSTILE }),
      never(),
    );
    const digest = contentOf({
      ...{ kind: 'digest', summary: '38 alerts', more_count: 36, alerts: [alertOf(), alertOf()] },
      more: [{ rule: 'slow_phase', rule_name: 'Slow phase', count: 36 }],
    });
    await channels.send(channel, 'n-3', digest, never());
    assert.deepEqual(lines, [
      '2026-11-22 14:05:10 UTC [ERROR] P06 Clustering uses much memory - P06 Clustering of nightly uses 3.2 GB; the threshold is 2.0 GB. - 3.2 GB, threshold 2.0 GB\n',
      '2026-11-22 14:05:10 UTC [ERROR] a ]0;owned [2J gnp.exe 2026-11-22 fake line b - 3.2 GB, threshold 2.0 GB\n',
      '2026-11-22 14:05:10 UTC [ERROR] 38 alerts - and 36 more: 36 × Slow phase\n',
    ]);
  });
});

describe('the channel of the windows', () => {
  const open = useChannels();

  it('has nothing to send', async () => {
    const { channels } = await open();
    const test = await channels.test(channelOf({ kind: 'vscode' }));
    assert.equal(test.ok, true);
    assert.match(test.message, /every VS Code window shows alerts itself/);
  });
});
