import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PartResult, runPart } from './runPart.ts';
import { ranOutOfTime, secondTries } from './secondTry.ts';
import { useTempDir } from './tempDir.ts';

describe('a second try', function () {
  this.timeout(30_000);
  const folder = useTempDir();

  /** `first` is thrown by the test `b` while the file `tried` is not there. */
  async function run(first: string, second = ''): Promise<PartResult | undefined> {
    const tried = JSON.stringify(join(folder(), 'tried'));
    const file = join(folder(), 'sample.test.mjs');
    writeFileSync(
      file,
      `import { existsSync, writeFileSync } from 'node:fs';
       describe('x (1)', () => {
         it('a', () => {});
         it('b', async function () {
           const again = existsSync(${tried});
           writeFileSync(${tried}, '');
           if (!again) { ${first} }
           ${second}
         });
       });
       describe('y', () => it('c', () => {}));`,
    );
    const part = {
      ...{ title: 'sample', args: ['test/support/runFiles.ts', file], env: {}, quiet: true },
    };
    const result = await runPart(part, { limitMs: 20_000 });
    const [after] = await secondTries([part], [result], (again) =>
      runPart(again, { limitMs: 20_000 }),
    );
    return after;
  }

  it('is given to a suite in which a test waited in vain, and named', async () => {
    const after = await run('this.timeout(50); return new Promise(() => {})');
    assert.deepEqual([after?.passed, after?.failed], [3, 0]);
    assert.deepEqual(
      after?.secondTry?.map(({ title }) => title),
      ['x (1) b'],
    );
  });

  it('does not help what waits in vain again', async () => {
    const wait = 'this.timeout(50); return new Promise(() => {})';
    const after = await run(wait, wait);
    assert.deepEqual([after?.passed, after?.failed, after?.secondTry], [2, 1, undefined]);
  });

  it('is not given to wrong results', async () => {
    const wrong = await run(`throw new Error('1 is not 2')`);
    assert.deepEqual([wrong?.failed, wrong?.secondTry], [1, undefined]);
  });

  it('is not given to a part that ended early', async () => {
    const ended = await run('process.exit(3)');
    assert.deepEqual([ended?.failed, ended?.secondTry], [1, undefined]);
  });

  it('knows a wait in vain by what mocha, Playwright and our own waits say', () => {
    for (const text of [
      'Error: Timeout of 60000ms exceeded. For async tests and hooks, ensure "done()" is called',
      'locator.waitFor: Timeout 30000ms exceeded.\nCall log:',
      'Error: The tree did not happen within 5000 ms.\n    at x',
    ])
      assert.ok(ranOutOfTime(text), text);
    for (const text of [
      'AssertionError: the timeout is wrong',
      'AssertionError: 5 != 6\n did not happen within 5000 ms',
    ])
      assert.ok(!ranOutOfTime(text), text);
  });
});
