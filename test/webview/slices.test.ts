import assert from 'node:assert/strict';
import { inSlices, type Turns } from '../../webview/slices.ts';

/** Every piece takes 12 ms of this clock; turns are counted. */
class Work implements Turns {
  turns = 0;
  done: string[] = [];
  #now = 0;
  now(): number {
    return this.#now;
  }
  turn(): Promise<void> {
    this.turns++;
    this.done.push('turn');
    return Promise.resolve();
  }
  drawn(): Promise<void> {
    throw new Error('Nobody waits for it here.');
  }
  piece(name: string): () => Promise<void> {
    return async () => {
      await Promise.resolve();
      this.#now += 12;
      this.done.push(name);
    };
  }
}

describe('work in slices', () => {
  it('is done in its order, with a turn of the page after every few milliseconds', async () => {
    const work = new Work();
    await inSlices(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => work.piece(name)),
      work,
    );
    assert.deepEqual(work.done, ['a', 'b', 'c', 'turn', 'd', 'e', 'f', 'turn', 'g']);
  });

  it('goes on after a piece that fails, and says so at the end', async () => {
    const work = new Work();
    const fail = (message: string) => () => Promise.reject(new Error(message));
    const one = inSlices([work.piece('a'), fail('no'), work.piece('b')], work);
    await assert.rejects(one, /^Error: no$/);
    assert.deepEqual(work.done, ['a', 'b']);
    const two = inSlices([fail('no'), fail('never')], work);
    await assert.rejects(two, AggregateError);
  });
});
