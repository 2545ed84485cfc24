import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { ProductError } from '../../../service/protocol/errors.ts';
import { archivePieces, readArchive } from '../../../service/storage/archive.ts';
import { acquireLock } from '../../../service/storage/lock.ts';
import { restoreArchive } from '../../../service/storage/restore.ts';
import { listFiles, takeSnapshot } from '../../../service/storage/snapshot.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useServices,
} from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

const STAMP = { force: false, stamp: 'now' };

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pieces) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function backupOf(from: TestService): Promise<Buffer> {
  const response = await call(from, '/api/v1/backup');
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

async function entriesOf(archive: Buffer): Promise<Map<string, Buffer>> {
  const tar = extract();
  Readable.from([gunzipSync(archive)]).pipe(tar);
  const entries = new Map<string, Buffer>();
  for await (const entry of tar)
    entries.set(entry.header.name, await bytesOf(entry as AsyncIterable<Buffer>));
  return entries;
}

function sameContent(changed: Buffer, archive: Buffer): boolean {
  try {
    return gunzipSync(changed).equals(gunzipSync(archive));
  } catch {
    return false;
  }
}

interface Entry {
  header: Parameters<ReturnType<typeof pack>['entry']>[0] & { name: string };
  content?: string;
}

/** An archive as somebody else could make it; the list says of each file what is true of it unless one is given. */
function archiveOf(entries: readonly Entry[], manifest?: unknown): Promise<Buffer> {
  const tar = pack();
  const files = entries.map(({ header: { name }, content = '' }) => ({
    name,
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  for (const { header, content = '' } of entries) tar.entry(header, content);
  const list = { pipescope_backup: 1, version: '1', created_at: 'now', files };
  tar.entry({ name: 'manifest.json' }, JSON.stringify(manifest ?? list));
  tar.finalize();
  return bytesOf(tar as AsyncIterable<Buffer>).then((bytes) => gzipSync(bytes));
}

describe('A backup of a running service', () => {
  const start = useServices();

  it('holds everything that was acknowledged before it, while events come and jobs end', async function () {
    this.timeout(60_000);
    const from = await start();
    const done = new Set<string>();
    let loading = true;
    const load = (async () => {
      for (let i = 0; loading; i++) {
        const job_id = `job ${i}`;
        const log = { type: 'log.recorded', job_id, level: 'info', message: 'x'.repeat(500) };
        await send(from, [
          { type: 'job.started', job_id },
          ...Array.from({ length: 50 }, () => log),
          { type: 'job.completed', job_id },
        ]);
        done.add(job_id);
      }
    })();
    try {
      for (let round = 0; round < 3; round++) {
        await eventually(() => done.size > 20 * (round + 1), 'Jobs');
        const before = new Set(done);
        const archive = await backupOf(from);
        await restored(archive, async (to) => {
          const { jobs } = await getJson<{ jobs: { job_id: string; status: string }[] }>(
            to,
            '/api/v1/jobs?limit=1000',
          );
          const ended = new Set(
            jobs.filter((job) => job.status === 'COMPLETED').map((job) => job.job_id),
          );
          for (const id of before) assert.ok(ended.has(id), `${id} is missing`);
          assert.doesNotMatch(to.log.join(''), /missing|damaged/);
        });
      }
    } finally {
      loading = false;
      await load;
    }
    assert.deepEqual(
      readdirSync(from.dataDir).filter((name) => name.startsWith('.backup')),
      [],
    );
  });

  async function restored(archive: Buffer, check: (to: TestService) => Promise<void>) {
    const folder = makeTempDir('restored');
    try {
      const file = join(folder, 'backup.tar.gz');
      writeFileSync(file, archive);
      const dataDir = join(folder, 'deep', 'data');
      const { manifest, movedTo } = await restoreArchive(file, dataDir, STAMP);
      assert.equal(movedTo, null);
      assert.ok(manifest.files.some(({ name }) => name.startsWith('journal/')));
      if (process.platform !== 'win32') assert.equal(statSync(dataDir).mode & 0o777, 0o700);
      const to = await start({ dataDir });
      await check(to);
      await to.stop();
    } finally {
      removeTempDir(folder);
    }
  }

  it('has no secret in it, and nothing of what is damaged', async () => {
    const from = await start();
    await send(from, { type: 'job.started', job_id: 'x' });
    mkdirSync(join(from.dataDir, 'quarantine'), { recursive: true });
    writeFileSync(join(from.dataDir, 'quarantine', 'bytes'), 'bad');
    writeFileSync(join(from.dataDir, 'state', '.half.tmp'), 'half');
    const entries = await entriesOf(await backupOf(from));
    for (const name of entries.keys())
      assert.match(name, /^(journal|state|series)\/\w|^manifest\.json$/);
    const all = Buffer.concat([...entries.values()]).toString('latin1');
    for (const token of Object.values(from.tokens)) assert.ok(!all.includes(token));
  });

  it('is one at a time, and one that is not read to its end leaves nothing', async () => {
    const from = await start();
    await send(from, { type: 'job.started', job_id: 'x', name: 'y'.repeat(60_000) });
    const { monitor } = from.service;
    let release = (): void => undefined;
    const held = monitor.paused(() => new Promise<void>((resolve) => (release = resolve)));
    const first = call(from, '/api/v1/backup');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await call(from, '/api/v1/backup');
    const { code } = (await second.json()) as { code: string };
    assert.deepEqual([second.status, code], [409, 'BACKUP_RUNNING']);
    release();
    await held;
    await (await first).body?.cancel();
    await eventually(
      () => readdirSync(from.dataDir).every((name) => !name.startsWith('.backup')),
      'The snapshot to go',
    );
    await entriesOf(await backupOf(from));
  });

  it('needs the admin token', async () => {
    const from = await start();
    const headers = { authorization: `Bearer ${from.tokens.ingest}` };
    assert.equal((await call(from, '/api/v1/backup', { headers })).status, 403);
  });
});

describe('Files held for a backup', () => {
  it('stay as they were when they are replaced, appended to or removed', async () => {
    const folder = makeTempDir('snapshot');
    try {
      for (const name of ['state', 'series', 'journal']) mkdirSync(join(folder, name));
      const segment = join(folder, 'journal', '000000000001.ndjson');
      writeFileSync(segment, 'one\n');
      writeFileSync(join(folder, 'series', 'a.blk'), 'series');
      const info = { path: segment, firstSeq: 1, lastSeq: 1, bytes: 4 };
      const snapshot = await takeSnapshot(folder, () => [info]);
      writeFileSync(segment, 'two, never acknowledged\n', { flag: 'a' });
      writeFileSync(join(folder, 'series', 'a.blk'), ' and more', { flag: 'a' });
      const archive = await bytesOf(archivePieces(snapshot.files, 'now'));
      await snapshot.remove();
      const entries = await entriesOf(archive);
      assert.equal(entries.get('journal/000000000001.ndjson')?.toString(), 'one\n');
      assert.equal(entries.get('series/a.blk')?.toString(), 'series');
    } finally {
      removeTempDir(folder);
    }
  });
});

describe('A backup that is not right', () => {
  let folder: string;
  beforeEach(() => (folder = makeTempDir('restore')));
  afterEach(() => removeTempDir(folder));

  const good: Entry[] = [
    { header: { name: 'journal/000000000001.ndjson' }, content: '' },
    { header: { name: 'state/checkpoint.json' }, content: '{}' },
  ];

  /** Restoring it is refused, and nothing is there that was not there before. */
  async function refused(archive: Buffer, why: RegExp): Promise<void> {
    const file = join(folder, 'bad.tar.gz');
    writeFileSync(file, archive);
    await assert.rejects(restoreArchive(file, join(folder, 'data'), STAMP), (error) => {
      assert.ok(error instanceof ProductError, String(error));
      assert.equal(error.code, 'ARCHIVE_INVALID', error.message);
      assert.match(error.message, why);
      assert.match(error.message, /Nothing was changed\.$/);
      return true;
    });
    assert.deepEqual(readdirSync(folder), ['bad.tar.gz']);
  }

  it('is refused with any byte cut off or changed', async () => {
    const data = join(folder, 'from');
    mkdirSync(join(data, 'state'), { recursive: true });
    writeFileSync(join(data, 'state', 'a.json'), 'a'.repeat(3000));
    const archive = await bytesOf(archivePieces(await listFiles(data), 'now'));
    removeTempDir(data);
    await readArchive(
      Readable.from([archive]),
      async (_, content) => void (await bytesOf(content)),
    );
    for (const end of [
      0,
      1,
      20,
      Math.floor(archive.length / 2),
      archive.length - 9,
      archive.length - 1,
    ])
      await refused(archive.subarray(0, end), /whole backup/);
    for (let at = 12; at < archive.length; at += Math.ceil(archive.length / 25)) {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      // Some bits of a compressed file say nothing.
      if (!sameContent(changed, archive)) await refused(changed, /whole backup/);
    }
    // The same with a right checksum of gzip: a file was swapped.
    const tar = gunzipSync(archive);
    tar[600] = 0x62;
    await refused(gzipSync(tar), /"state\/a\.json" is not what was backed up/);
  });

  const under = (name: string): Entry => ({ header: { name: `${name}/x` }, content: 'x' });
  const hostile: [string, Entry, RegExp][] = [
    ['a path out of it', { header: { name: '../evil' }, content: 'x' }, /name "\.\.\/evil"/],
    ['a hidden path out', { header: { name: 'state/../../evil' }, content: 'x' }, /The name/],
    ['a path of the machine', { header: { name: '/etc/evil' }, content: 'x' }, /The name/],
    ['a backslash', { header: { name: 'state\\evil' }, content: 'x' }, /The name/],
    ['tokens', { header: { name: 'tokens.json' }, content: '{}' }, /The name/],
    ['a hidden file', { header: { name: 'state/.evil' }, content: 'x' }, /The name/],
    [
      'a link',
      { header: { name: 'state/x', type: 'symlink', linkname: '/etc/passwd' } },
      /is no file/,
    ],
    [
      'a hard link',
      { header: { name: 'state/x', type: 'link', linkname: '/etc/passwd' } },
      /is no file/,
    ],
    ['a device', { header: { name: 'state/x', type: 'character-device' } }, /is no file/],
    ['a folder', { header: { name: 'state/x', type: 'directory' } }, /is no file/],
    ['a file twice', { header: { name: 'state/checkpoint.json' }, content: 'y' }, /twice/],
    ['a folder in the place of a file', under('state/checkpoint.json'), /in the way/],
    ['a name no disk takes', { header: { name: `state/${'a'.repeat(300)}` } }, /The name/],
    ['a name for terminals', { header: { name: 'state/\u001b[31m' } }, /The name "state\/ \[31m"/],
    ['a long name', { header: { name: `state/${'a/'.repeat(40)}x` }, content: 'y' }, /The name/],
  ];
  for (const [what, entry, why] of hostile)
    it(`is refused with ${what}`, async () => refused(await archiveOf([...good, entry]), why));

  it('is refused without its list, with files it does not name, and with files behind it', async () => {
    await refused(gzipSync(''), /cut off|Unexpected/);
    await refused(Buffer.from('no gzip'), /header/);
    const list = { pipescope_backup: 1, version: '1', created_at: 'now', files: [] };
    await refused(await archiveOf(good, list), /not backed up/);
    await refused(await archiveOf(good, { ...list, pipescope_backup: 2 }), /format 2.*Update/);
    const inTheWay = [under('state/jobs'), { header: { name: 'state/jobs' }, content: 'x' }];
    await refused(await archiveOf([...good, ...inTheWay]), /in the way/);
    await refused(await archiveOf(good, []), /list of files/);
    await refused(await archiveOf(good, { ...list, created_at: '\u001b[31m' }), /list of files/);
    await refused(
      await archiveOf([...good, { header: { name: 'manifest.json' }, content: '{}' }]),
      /list of files/,
    );
  });

  it('leaves a directory alone that a service uses, or that holds something', async () => {
    const file = join(folder, 'good.tar.gz');
    writeFileSync(file, await archiveOf(good));
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    const lock = await acquireLock(dataDir);
    await assert.rejects(restoreArchive(file, dataDir, { ...STAMP, force: true }), {
      code: 'DATA_DIR_LOCKED',
    });
    await lock.release();
    writeFileSync(join(dataDir, 'mine'), 'kept');
    writeFileSync(join(dataDir, 'tokens.json'), 'tokens');
    writeFileSync(join(dataDir, 'secrets.json'), 'secrets');
    await assert.rejects(restoreArchive(file, dataDir, STAMP), { code: 'DATA_DIR_UNUSABLE' });
    const { movedTo } = await restoreArchive(file, dataDir, { force: true, stamp: 'T1' });
    assert.equal(movedTo, `${dataDir}.before-restore-T1`);
    assert.equal(readFileSync(join(movedTo, 'mine'), 'utf8'), 'kept');
    assert.equal(readFileSync(join(dataDir, 'tokens.json'), 'utf8'), 'tokens');
    assert.equal(readFileSync(join(dataDir, 'secrets.json'), 'utf8'), 'secrets');
    assert.equal(readFileSync(join(dataDir, 'state', 'checkpoint.json'), 'utf8'), '{}');
    assert.ok(!existsSync(join(dataDir, 'mine')));
    assert.equal(dirname(movedTo), folder);
  });

  it('takes the place of an empty directory', async () => {
    const file = join(folder, 'good.tar.gz');
    writeFileSync(file, await archiveOf(good));
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    await restoreArchive(file, dataDir, STAMP);
    assert.deepEqual(
      readdirSync(dataDir)
        .filter((name) => name !== 'lock')
        .sort(),
      ['journal', 'state'],
    );
  });
});
