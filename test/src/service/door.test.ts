import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageUrl, writeDoor } from '../../../src/service/door.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

const ENDPOINT = { url: 'http://127.0.0.1:4780', tokens: { ingest: 'i', admin: 'secret"&<' } };

describe('the door from an editor to the page in a browser', () => {
  let folder: string;
  beforeEach(() => (folder = makeTempDir('door')));
  afterEach(() => removeTempDir(folder));

  /** Where the file leads, as a browser reads it. */
  const leadsTo = (file: string): URL => {
    const url = /url=([^"]*)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    return new URL(url.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
  };

  it('leads to the page with the token in the fragment, which goes to no server', async () => {
    const url = leadsTo(await writeDoor(folder, ENDPOINT, 'job "1"&x=<b>'));
    assert.equal(`${url.origin}${url.pathname}`, pageUrl(ENDPOINT));
    assert.equal(url.search, '');
    const fragment = new URLSearchParams(url.hash.slice(1));
    assert.deepEqual(
      [...fragment],
      [
        ['token', ENDPOINT.tokens.admin],
        ['job', 'job "1"&x=<b>'],
      ],
    );
  });

  it('is for this user only, also where an older one was open to all', async () => {
    const old = join(folder, 'open.html');
    writeFileSync(old, 'old');
    chmodSync(old, 0o666);
    const file = await writeDoor(folder, ENDPOINT);
    assert.equal(file, old);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['open.html'], 'nothing half-written is left');
  });

  it('is made in a folder that is not there yet, and fails where none can be', async () => {
    const file = await writeDoor(join(folder, 'a', 'b'), ENDPOINT);
    assert.ok(statSync(file).isFile());
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(writeDoor(join(folder, 'file'), ENDPOINT));
  });
});
