import assert from 'node:assert/strict';
import { once } from 'node:events';
import { startProcess, stopLeftovers } from './processes.ts';

const node = (code: string) => startProcess(process.execPath, ['-e', code]);

describe('a tracked process', () => {
  it('resolves with the match of what it prints', async () => {
    const child = node('console.log("port 4780"); setInterval(() => {}, 1000)');
    const [, port] = await child.waitForOutput(/port (\d+)/);
    assert.equal(port, '4780');
    await child.stop();
  });

  it('rejects with its output when it ends without printing that', async () => {
    const child = node('console.error("no such file"); process.exit(3)');
    await assert.rejects(child.waitForOutput(/ready/), /ended[^]*no such file/);
    assert.deepEqual(await child.exited, { code: 3, signal: null });
  });

  it('rejects when it does not print that in time', async () => {
    const child = node('setInterval(() => {}, 1000)');
    await assert.rejects(child.waitForOutput(/ready/, 50), /in 50 ms/);
    await child.stop();
  });

  it('is killed when it does not heed a request to end', async () => {
    const child = node(
      'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)',
    );
    await child.waitForOutput(/up/);
    assert.deepEqual(await child.stop(100), { code: null, signal: 'SIGKILL' });
  });

  it('takes its group with it', async () => {
    // The grandchild holds the pipe: it closes when both are gone.
    const code = `require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); console.log('up')`;
    const parent = startProcess(process.execPath, ['-e', code], { group: true });
    await parent.waitForOutput(/up/);
    const closed = once(parent.child, 'close');
    await parent.stop();
    await closed;
  });

  it('is found and stopped when a suite has left it behind', async () => {
    const child = node('setInterval(() => {}, 1000)');
    assert.deepEqual(await stopLeftovers(), [child.name]);
    assert.equal(child.isRunning, false);
    assert.deepEqual(await stopLeftovers(), []);
  });

  it('reports a program that is not there', async () => {
    const child = startProcess('/no/such/program', []);
    await assert.rejects(child.waitForOutput(/x/), /ENOENT/);
  });
});
