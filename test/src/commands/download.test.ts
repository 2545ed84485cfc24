import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { download } from '../../../src/commands/download.ts';
import { useTempDir } from '../../support/tempDir.ts';

describe('an export into a file', () => {
  const folder = useTempDir('download');
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer admin') response.statusCode = 401;
    if (request.url === '/missing') {
      response.statusCode = 404;
      response.end('{"detail":"There is no job with this id."}');
    } else if (request.url === '/cut') {
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    } else if (request.url === '/slow') response.write('half');
    else response.end('x'.repeat(300_000));
  });
  let url: string;
  before((done) => void server.listen(0, '127.0.0.1', done));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => (url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`));

  const get = (path: string, signal = new AbortController().signal, seen: number[] = []) =>
    download({
      url: url + path,
      token: 'admin',
      path: join(folder(), 'job.json'),
      signal,
      onProgress: (bytes) => seen.push(bytes),
    });

  it('is whole, and says how far it is', async () => {
    const seen: number[] = [];
    assert.equal(await get('/job', undefined, seen), 300_000);
    assert.equal(seen.at(-1), 300_000);
    assert.deepEqual(readdirSync(folder()), ['job.json']);
  });

  it('leaves the file as it was when the answer is cut, refused or no longer wanted', async () => {
    writeFileSync(join(folder(), 'job.json'), 'before');
    await assert.rejects(get('/cut'));
    await assert.rejects(get('/missing'), { message: 'There is no job with this id.' });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(get('/slow', abort.signal), { name: 'AbortError' });
    assert.deepEqual(readdirSync(folder()), ['job.json']);
    assert.equal(readFileSync(join(folder(), 'job.json'), 'utf8'), 'before');
  });
});
