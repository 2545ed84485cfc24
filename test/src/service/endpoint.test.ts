import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import type { ServiceFile } from '../../../service/protocol/dataDir.ts';
import { findService, serviceCrashed } from '../../../src/service/endpoint.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { RecordServer } from '../wire/recordServer.ts';

describe('finding the service of a data directory', () => {
  const dataDir = useTempDir('find');
  let server: RecordServer;
  beforeEach(async () => {
    server = new RecordServer(dataDir());
    await server.start();
  });
  afterEach(() => server.stop());

  const rewrite = (change: Partial<ServiceFile>): void => {
    const path = join(dataDir(), 'service.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as ServiceFile;
    writeFileSync(path, JSON.stringify({ ...file, ...change }));
  };

  it('gives address and tokens of the one that answers', async () => {
    const found = await findService(dataDir());
    assert.equal(found?.url, server.url);
    assert.equal(found?.tokens.admin.length, 43);
  });

  it('finds none where the process that answers is another one', async () => {
    rewrite({ pid: process.pid + 1 });
    assert.equal(await findService(dataDir()), undefined);
  });

  it('finds none where service.json is half written or absent', async () => {
    writeFileSync(join(dataDir(), 'service.json'), '{"url":"http');
    assert.equal(await findService(dataDir()), undefined);
    await server.stop();
    assert.equal(await findService(dataDir()), undefined);
  });

  it('gives up on a foreign server that never answers after 2 s', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    rewrite({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` });
    const began = performance.now();
    assert.equal(await findService(dataDir()), undefined);
    const took = performance.now() - began;
    silent.close();
    assert.ok(took > 1900 && took < 3000, `${took} ms`);
  }).timeout(10_000);

  it('tells a crash, which leaves service.json, from an end in order', async () => {
    assert.equal(await serviceCrashed(dataDir()), false);
    rewrite({ pid: spawnSync(process.execPath, ['-e', '']).pid });
    assert.equal(await serviceCrashed(dataDir()), true);
    await server.stop();
    assert.equal(await serviceCrashed(dataDir()), false);
  });
});
