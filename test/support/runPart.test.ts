import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPart, type PartResult } from './runPart.ts';
import { useTempDir } from './tempDir.ts';

describe('a part of the test run', function () {
  this.timeout(20_000);
  const folder = useTempDir();

  async function run(code: string, limitMs = 15_000): Promise<Omit<PartResult, 'durationMs'>> {
    const file = join(folder(), 'sample.test.mjs');
    writeFileSync(file, code);
    const args = ['test/support/runFiles.ts', file];
    const part = { title: 'sample', args, env: {}, quiet: true };
    const { durationMs, ...result } = await runPart(part, limitMs);
    assert.ok(durationMs > 0);
    return result;
  }

  const countsOf = ({ passed, failed, skipped }: Omit<PartResult, 'durationMs'>): number[] => [
    passed,
    failed,
    skipped,
  ];

  it('counts what passed, failed and was skipped', async () => {
    const code = `it('a', () => {}); it('b', () => { throw new Error('no') }); it.skip('c', () => {}); it('d')`;
    assert.deepEqual(countsOf(await run(code)), [1, 1, 2]);
  });

  it('names what failed, with the first lines of its error', async () => {
    const code = `describe('x', () => { it('b', () => { throw new Error('no\\n' + 'more\\n'.repeat(99)) }) })`;
    const { failures } = await run(code);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.title, 'x b');
    assert.match(failures[0].error, /^Error: no\nmore\n/);
    assert.ok(failures[0].error.split('\n').length < 10);
  });

  const broken: [string, string, number, string][] = [
    [
      'ends the process with 0',
      `it('a', () => {}); it('b', () => process.exit(0))`,
      1,
      'ended before',
    ],
    [
      'is killed',
      `it('a', () => {}); it('b', () => process.kill(process.pid, 'SIGKILL'))`,
      1,
      'ended before',
    ],
    ['cannot be loaded', `import './missing.mjs'`, 0, 'ended before'],
    ['has no test', ``, 0, 'ran no test'],
  ];
  for (const [what, code, passed, problem] of broken) {
    it(`fails, with the counts up to then, when a file ${what}`, async () => {
      const result = await run(code);
      assert.match(result.problem ?? '', new RegExp(problem));
      assert.deepEqual(countsOf(result), [passed, 1, 0]);
    });
  }

  it('is stopped and fails when it does not end in time', async () => {
    const result = await run(`it('a', () => {}); it('b', () => { for (;;); })`, 8_000);
    assert.match(result.problem ?? '', /did not end in time/);
    assert.deepEqual(countsOf(result), [1, 1, 0]);
  });

  it('fails when it leaves a process running', async () => {
    const code = `const { startProcess } = await import(${JSON.stringify(new URL('./processes.ts', import.meta.url).href)});
      it('a', () => { startProcess('sleep', ['60']) })`;
    assert.deepEqual(countsOf(await run(code)), [1, 1, 0]);
  });
});
