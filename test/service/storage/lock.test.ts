import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { acquireLock } from '../../../service/storage/lock.ts';
import { temporaryFolders } from './support.ts';

describe('lock of a data directory', () => {
  const folder = temporaryFolders();
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** Bundled, because twenty TypeScript loaders at once would only measure themselves. */
  async function holderScript(): Promise<string> {
    const outfile = join(folder(), 'holder.mjs');
    const entry = join(import.meta.dirname, 'lockHolder.ts');
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' });
    return outfile;
  }

  async function start(script: string, dir: string) {
    const child = spawn(process.execPath, [script, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    assert.equal((await lines.next()).value, 'ready');
    const take = async (): Promise<string> => {
      child.stdin.write('go\n');
      return String((await lines.next()).value);
    };
    return { child, take };
  }

  it('is won by exactly one of 20 processes, and free at once when that one is killed', async () => {
    const script = await holderScript();
    const dir = folder();
    for (let round = 0; round < 3; round++) {
      const processes = await Promise.all(Array.from({ length: 20 }, () => start(script, dir)));
      const outcomes = await Promise.all(processes.map(({ take }) => take()));
      assert.equal(outcomes.filter((outcome) => outcome === 'held').length, 1);
      assert.equal(outcomes.filter((outcome) => outcome === 'DATA_DIR_LOCKED').length, 19);
      const holder = processes[outcomes.indexOf('held')];
      assert.ok(holder);
      await assert.rejects(acquireLock(dir), { code: 'DATA_DIR_LOCKED' });
      holder.child.kill('SIGKILL');
      await once(holder.child, 'exit');
      const next = await acquireLock(dir);
      await next.release();
    }
  }).timeout(60_000);

  it('is refused with a sentence that names the directory, and can be taken after release', async () => {
    const dir = folder();
    const lock = await acquireLock(dir);
    await assert.rejects(acquireLock(dir), (error: Error) => error.message.includes(dir));
    await lock.release();
    await (await acquireLock(dir)).release();
  });

  it('does not concern a copy of the directory', async () => {
    const dir = folder();
    const copy = folder();
    const lock = await acquireLock(dir);
    cpSync(dir, copy, { recursive: true });
    await (await acquireLock(copy)).release();
    await lock.release();
  });

  if (process.platform === 'linux') {
    it('has a private id that is renewed after each holder, because bound names are public', async () => {
      const dir = folder();
      const lock = await acquireLock(dir);
      const id = readFileSync(join(dir, 'lock'), 'utf8');
      assert.match(id, /^[0-9a-f]{32}$/);
      assert.equal(statSync(join(dir, 'lock')).mode & 0o777, 0o600);
      assert.ok(!readFileSync('/proc/net/unix', 'utf8').includes(id));
      await lock.release();
      assert.notEqual(readFileSync(join(dir, 'lock'), 'utf8'), id);
    });

    it('can be taken whatever stands in place of its id', async () => {
      for (const damage of [
        (path: string) => writeFileSync(path, ''),
        (path: string) => writeFileSync(path, 'garbage'),
        (path: string) => mkdirSync(path),
      ]) {
        const dir = folder();
        damage(join(dir, 'lock'));
        const lock = await acquireLock(dir);
        await assert.rejects(acquireLock(dir), { code: 'DATA_DIR_LOCKED' });
        await lock.release();
      }
    });
  }

  it('says that a directory cannot be used when it is not there', async () => {
    const dir = join(folder(), 'missing');
    await assert.rejects(acquireLock(dir), { code: 'DATA_DIR_UNUSABLE' });
  });
});
