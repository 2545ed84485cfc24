import assert from 'node:assert/strict';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTokens,
  prepareDataDir,
  readServiceFile,
  readTokens,
  removeServiceFile,
  writeServiceFile,
} from '../../../service/storage/dataDir.ts';
import { temporaryFolders } from './support.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('data directory', () => {
  const folder = temporaryFolders();

  it('is made with its folders, for this user only', async () => {
    const dir = join(folder(), 'deep', 'data');
    assert.deepStrictEqual(await prepareDataDir(dir), []);
    assert.deepStrictEqual(readdirSync(dir).sort(), ['journal', 'quarantine', 'series', 'state']);
    for (const name of ['.', 'journal', 'quarantine', 'series', 'state']) {
      assert.equal(modeOf(join(dir, name)), 0o700, name);
    }
  });

  it('is made private again when it was opened up', async () => {
    const dir = folder();
    await prepareDataDir(dir);
    await createTokens(dir, assert.fail);
    chmodSync(dir, 0o777);
    chmodSync(join(dir, 'state'), 0o755);
    chmodSync(join(dir, 'tokens.json'), 0o644);
    await prepareDataDir(dir);
    assert.deepStrictEqual(
      ['.', 'state', 'tokens.json'].map((name) => modeOf(join(dir, name))),
      [0o700, 0o700, 0o600],
    );
  });

  it('is refused by name when it is a file or below one', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      await assert.rejects(prepareDataDir(path), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'DATA_DIR_UNUSABLE');
        assert.ok(
          error.message.includes(path) && error.message.includes('--data-dir'),
          error.message,
        );
        return true;
      });
    }
  });

  it('moves what stands in the place of its folders to quarantine', async () => {
    const dir = folder();
    for (const name of ['journal', 'state', 'quarantine'])
      writeFileSync(join(dir, name), `was ${name}`);
    const report = await prepareDataDir(dir);
    assert.equal(report.length, 3);
    assert.equal(readFileSync(join(dir, 'quarantine', 'journal'), 'utf8'), 'was journal');
    assert.equal(readFileSync(join(dir, 'quarantine.old', 'quarantine'), 'utf8'), 'was quarantine');
  });

  it('gets two tokens once, and new ones with a report when they are damaged', async () => {
    const dir = folder();
    assert.equal(await readTokens(dir, assert.fail), null);
    const tokens = await createTokens(dir, assert.fail);
    assert.equal(Buffer.from(tokens.ingest, 'base64url').length, 32);
    assert.notEqual(tokens.ingest, tokens.admin);
    assert.equal(modeOf(join(dir, 'tokens.json')), 0o600);
    assert.deepStrictEqual(await createTokens(dir, assert.fail), tokens);
    assert.deepStrictEqual(await readTokens(dir, assert.fail), tokens);
    for (const damage of [
      '',
      '{"ingest":"a","admin":"b"}',
      JSON.stringify({ ...tokens, admin: tokens.ingest }),
    ]) {
      writeFileSync(join(dir, 'tokens.json'), damage);
      const reports: string[] = [];
      const fresh = await createTokens(dir, (sentence) => reports.push(sentence));
      assert.notEqual(fresh.admin, tokens.admin);
      assert.match(reports.join(), /tokens\.json is damaged .+ New access tokens were made/);
    }
  });

  it('tells where the service is, and nothing when the file is missing or senseless', async () => {
    const dir = folder();
    const service = {
      url: 'http://127.0.0.1:4780',
      ws: 'ws://127.0.0.1:4780/ws',
      pid: 1,
      version: '0.1.0',
      protocol: 1,
    };
    assert.equal(await readServiceFile(dir), null);
    await writeServiceFile(dir, service);
    assert.deepStrictEqual(await readServiceFile(dir), service);
    await removeServiceFile(dir);
    await removeServiceFile(dir);
    for (const content of ['', '{', '[]', '{"url":1}']) {
      writeFileSync(join(dir, 'service.json'), content);
      assert.equal(await readServiceFile(dir), null, content);
    }
  });
});
