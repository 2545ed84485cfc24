import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Secrets } from '../../../../service/alerts/channels/index.ts';
import { useTempDir } from '../../../support/tempDir.ts';

const SECRET = 'https://hooks.example.com/T0/verysecretpart';

describe('secrets of channels', () => {
  const folder = useTempDir('secrets');
  const path = () => join(folder(), 'secrets.json');
  async function open(env: Record<string, string> = {}) {
    const warnings: string[] = [];
    const warn = (sentence: string) => warnings.push(sentence);
    return { secrets: await Secrets.open({ dataDir: folder(), env, warn }), warnings };
  }

  it('are kept in a file for this user only, and are there after a new start', async () => {
    const { secrets } = await open();
    await secrets.set('ops', { url: SECRET }, { keep: 'file' });
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    const again = await open();
    assert.deepEqual(
      [again.secrets.get('ops', 'url'), again.secrets.source('ops', 'url'), again.warnings],
      [SECRET, 'file', []],
    );
    assert.deepEqual(readdirSync(folder()), ['secrets.json']);
  });

  it('that a window gives are in memory only', async () => {
    const { secrets } = await open();
    await secrets.set('ops', { url: SECRET }, { keep: 'memory' });
    assert.deepEqual([secrets.get('ops', 'url'), secrets.source('ops', 'url')], [SECRET, 'window']);
    assert.deepEqual(readdirSync(folder()), []);
    assert.equal((await open()).secrets.source('ops', 'url'), null);
  });

  it('come from the environment first, then from the file, then from a window', async () => {
    const env = { PIPESCOPE_SECRET_OPS_MAIL_PASSWORD: 'from environment' };
    const { secrets } = await open(env);
    await secrets.set('ops-mail', { password: 'from file' }, { keep: 'file' });
    await secrets.set('ops-mail', { password: 'from window' }, { keep: 'memory' });
    assert.equal(secrets.get('ops-mail', 'password'), 'from environment');
    assert.equal(secrets.source('ops-mail', 'password'), 'environment');
    const without = await open();
    assert.equal(without.secrets.get('ops-mail', 'password'), 'from file');
    assert.equal(
      (await open({ PIPESCOPE_SECRET_OPS_MAIL_PASSWORD: '' })).secrets.source(
        'ops-mail',
        'password',
      ),
      'file',
    );
  });

  it('are removed by null and with their channel', async () => {
    const { secrets } = await open();
    await secrets.set('a', { url: SECRET, password: 'x' }, { keep: 'file' });
    await secrets.set('b', { url: SECRET }, { keep: 'memory' });
    await secrets.set('a', { password: null }, { keep: 'memory' });
    assert.equal(secrets.source('a', 'password'), null);
    await Promise.all([secrets.forget('a'), secrets.forget('b')]);
    assert.deepEqual([secrets.source('a', 'url'), secrets.source('b', 'url')], [null, null]);
    assert.ok(!readFileSync(path(), 'utf8').includes('verysecretpart'));
  });

  it('of many changes at once are all there in the end', async () => {
    const { secrets } = await open();
    const ids = Array.from({ length: 30 }, (_, index) => `c${index}`);
    await Promise.all(
      ids.map((id) => secrets.set(id, { url: `${SECRET}/${id}` }, { keep: 'file' })),
    );
    const again = (await open()).secrets;
    assert.deepEqual(
      ids.map((id) => again.get(id, 'url')),
      ids.map((id) => `${SECRET}/${id}`),
    );
  });

  const write = (text: string) => writeFileSync(path(), text, { mode: 0o600 });
  const damaged: [string, () => void][] = [
    ['holds half of what it held', () => write(`{"version":1,"channels":{"a":{"url":"${SECRET}`)],
    ['holds something else', () => write(`["${SECRET}"]`)],
    ['holds no texts', () => write('{"version":1,"channels":{"a":{"url":7}}}')],
    ['is of another version', () => write('{"version":9,"channels":{}}')],
    ['is a folder', () => mkdirSync(path())],
    ['is a link to elsewhere', () => symlinkSync('/etc/hostname', path())],
  ];
  for (const [what, damage] of damaged)
    it(`start empty where the file ${what}, and say so without any of it`, async () => {
      damage();
      const { secrets, warnings } = await open();
      assert.equal(secrets.get('a', 'url'), undefined);
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0] ?? '',
        /moved to .*quarantine.*Give the channels their secrets again/,
      );
      assert.ok(!warnings.join().includes('verysecretpart'));
      assert.ok(
        existsSync(join(folder(), 'quarantine', 'secrets.json')) || what.startsWith('is a link'),
      );
      await secrets.set('a', { url: SECRET }, { keep: 'file' });
      assert.equal((await open()).secrets.get('a', 'url'), SECRET);
    });

  it('that others could read are closed to them, and a sentence says so', async () => {
    const first = await open();
    await first.secrets.set('a', { url: SECRET }, { keep: 'file' });
    chmodSync(path(), 0o644);
    const { secrets, warnings } = await open();
    assert.equal(secrets.get('a', 'url'), SECRET);
    assert.match(warnings[0] ?? '', /could be read by other users.*change the secrets/);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('stay as they were where the file cannot be written', async () => {
    const { secrets } = await open();
    await secrets.set('a', { url: SECRET }, { keep: 'file' });
    const moved = `${folder()}-moved`;
    const { renameSync } = await import('node:fs');
    renameSync(folder(), moved);
    try {
      await assert.rejects(secrets.set('a', { url: 'other' }, { keep: 'file' }), {
        code: 'STORAGE_READ_ONLY',
      });
      await assert.rejects(secrets.forget('a'), { code: 'STORAGE_READ_ONLY' });
    } finally {
      renameSync(moved, folder());
    }
    assert.equal(secrets.get('a', 'url'), SECRET);
    await secrets.set('a', { url: 'other' }, { keep: 'file' });
    assert.equal(secrets.get('a', 'url'), 'other');
  });
});
