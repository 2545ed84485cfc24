import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from './processes.ts';
import { runPart, type PartResult } from './runPart.ts';
import { eventually } from './service.ts';
import { useTempDir } from './tempDir.ts';

const here = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** A test that never ends, with a server in a group of its own and a child in that of the part; it writes their ids. */
function endless(pids: string): string {
  return `const { startProcess } = await import(${here('processes.ts')});
    const { spawn } = await import('node:child_process');
    const { renameSync, writeFileSync } = await import('node:fs');
    it('a', () => {
      const server = startProcess('sleep', ['60'], { group: true });
      const child = spawn('sleep', ['60']);
      const part = ${JSON.stringify(`${pids}.part`)};
      writeFileSync(part, [process.pid, server.pid, child.pid].join(' '));
      renameSync(part, ${JSON.stringify(pids)});
      return new Promise(() => setInterval(() => {}, 1000));
    })`;
}

function readPids(file: string): number[] | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a part of the test run', function () {
  this.timeout(20_000);
  const folder = useTempDir();

  async function run(
    code: string,
    limitMs = 15_000,
    graceMs?: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Omit<PartResult, 'durationMs'>> {
    const file = join(folder(), 'sample.test.mjs');
    writeFileSync(file, code);
    const args = ['test/support/runFiles.ts', file];
    const part = { title: 'sample', args, env, quiet: true };
    const { durationMs, ...result } = await runPart(part, {
      limitMs,
      ...(graceMs === undefined ? {} : { graceMs }),
    });
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
    const result = await run(`it('a', () => {}); it('b', () => { for (;;); })`, 6_000, 500);
    assert.match(result.problem ?? '', /did not end in time/);
    assert.deepEqual(countsOf(result), [1, 1, 0]);
  });

  it('says what took longest, the hooks of one place together', async () => {
    const wait = (ms: number) => `() => new Promise((r) => setTimeout(r, ${ms}))`;
    const code = `describe('x', () => { beforeEach(${wait(200)}); it('a', ${wait(300)}); it('b', ${wait(1)}) })`;
    const { slowest } = await run(code);
    assert.deepEqual(
      slowest.slice(0, 2).map(({ title }) => title),
      ['x "before each" hook', 'x a'],
    );
    assert.ok((slowest[0]?.ms ?? 0) > 390, JSON.stringify(slowest));
  });

  it('ends with all that it has started when the test run is killed', async function () {
    if (process.platform === 'win32') this.skip();
    const pids = join(folder(), 'pids');
    const file = join(folder(), 'endless.test.mjs');
    writeFileSync(file, endless(pids));
    const part = { title: 'sample', args: ['test/support/runFiles.ts', file], env: {} };
    const code = `import { runPart } from ${here('runPart.ts')}; await runPart(${JSON.stringify(part)}, { limitMs: 60_000 });`;
    const parent = startProcess(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '-e', code],
    ]);
    const running = await eventually(() => readPids(pids), 'The part', 15_000);
    assert.deepEqual(running.filter(isAlive), running);
    parent.kill('SIGKILL');
    await parent.exited;
    await eventually(() => !running.some(isAlive), 'The end of all of them', 10_000);
  });

  it('is asked for the tests that are run alone, or for the others', async () => {
    const code = `it('a', () => {}); describe('b @alone', () => { it('c', () => {}); it('d', () => {}) })`;
    const counts = async (alone?: string) =>
      countsOf(await run(code, 15_000, 500, { PIPESCOPE_TEST_ALONE: alone }));
    assert.deepEqual(await counts('without'), [1, 0, 0]);
    assert.deepEqual(await counts('only'), [2, 0, 0]);
    assert.deepEqual(await counts(undefined), [3, 0, 0]);
  });

  it('gives what it prints to who asks for it, to the last word', async () => {
    const file = join(folder(), 'sample.test.mjs');
    writeFileSync(file, `it('a', () => process.stdout.write('x'.repeat(300_000) + 'the end'))`);
    const part = { title: 'sample', args: ['test/support/runFiles.ts', file], env: {} };
    let printed = '';
    await runPart(part, { limitMs: 15_000, print: (text) => (printed += String(text)) });
    assert.match(printed, /x{300000}the end[^]*1 passing/);
  });

  it('fails when it leaves a process running', async () => {
    const code = `const { startProcess } = await import(${here('processes.ts')});
      it('a', () => { startProcess('sleep', ['60']) })`;
    assert.deepEqual(countsOf(await run(code)), [1, 1, 0]);
  });
});
