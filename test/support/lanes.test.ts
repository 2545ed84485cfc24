import assert from 'node:assert/strict';
import { runInLanes } from './lanes.ts';
import { OutputInTurn } from './outputInTurn.ts';
import { suites, type Part } from './suites.ts';

const part = (title: string, alone = false): Part => ({ title, args: [], env: {}, alone });

const silent = { write: () => undefined };

describe('the lanes of the test run', () => {
  /** Runs parts that take as long as their titles say, in turns of the event loop; what ran beside what. */
  async function run(parts: Part[], lanes: number) {
    const running = new Set<string>();
    const beside: Record<string, string[]> = {};
    const runOne = async ({ title }: Part): Promise<string> => {
      for (const other of running) beside[other]?.push(title);
      beside[title] = [...running];
      running.add(title);
      for (let turn = 0; turn < Number(title); turn++) await new Promise(setImmediate);
      running.delete(title);
      return title;
    };
    const results = await runInLanes(parts, lanes, runOne, silent);
    return { results, beside };
  }

  it('run at most so many parts side by side, in their order, and all of them', async () => {
    const { results, beside } = await run(
      ['5', '9', '3', '2'].map((one) => part(one)),
      2,
    );
    assert.deepEqual(results, ['5', '9', '3', '2']);
    assert.deepEqual(beside, { 5: ['9'], 9: ['5', '3', '2'], 3: ['9'], 2: ['9'] });
  });

  it('run what must be alone after all others, with nothing beside it', async () => {
    const parts = [part('3', true), part('5'), part('4'), part('2', true)];
    const { results, beside } = await run(parts, 2);
    assert.deepEqual(results, ['3', '5', '4', '2']);
    assert.deepEqual(beside, { 5: ['4'], 4: ['5'], 3: [], 2: [] });
  });

  it('fail when a part cannot be run, after the others have ended', async () => {
    const ended: string[] = [];
    const runOne = async ({ title }: Part): Promise<void> => {
      if (title === '1') throw new Error('no process');
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(title);
    };
    const all = runInLanes([part('1'), part('2')], 2, runOne, silent);
    await assert.rejects(all, /no process/);
    assert.deepEqual(ended, ['2']);
  });
});

describe('the output of parts side by side', () => {
  it('is shown one whole part after the other, the first of them live', () => {
    let shown = '';
    const output = new OutputInTurn({ write: (text) => (shown += String(text)) });
    const first = output.begin('A:');
    const second = output.begin('B:');
    first.print('1');
    second.print('1');
    assert.equal(shown, 'A:1');
    const third = output.begin('C:');
    third.print(Buffer.from('1'));
    third.end();
    first.end();
    second.print('2');
    assert.equal(shown, 'A:1B:12');
    second.end();
    assert.equal(shown, 'A:1B:12C:1');
  });
});

describe('the suites of the test run', () => {
  it('have every test file once, in a part beside others or in two by which its tests are shared out', () => {
    const counts = new Map<string, string[]>();
    for (const one of [...suites.unit!(), ...suites.faults!(), ...suites.browser!()])
      for (const file of one.args.slice(1))
        counts.set(file, [...(counts.get(file) ?? []), one.env.PIPESCOPE_TEST_ALONE ?? 'all']);
    const kinds = [...counts.values()].map((parts) => parts.join());
    assert.deepEqual(new Set(kinds), new Set(['without', 'without,only']));
    const e2e = suites.e2e!().map(({ args }) => args.slice(1));
    assert.equal(new Set(e2e.flat()).size * 2, e2e.flat().length, 'each of them in both hosts');
  });
});
