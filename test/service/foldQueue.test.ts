import assert from 'node:assert/strict';
import { FoldQueue } from '../../service/foldQueue.ts';
import type { Entry } from '../../service/protocol/event.ts';

const entry = (seq: number): Entry => ({
  seq,
  received_at: 1,
  event: { type: 'job.progress', id: `e${seq}`, time: 1, job_id: 'j' },
});
const entries = (...seqs: number[]) => seqs.map(entry);

describe('the queue in front of the fold', () => {
  it('folds in the order of the numbers, whatever the order in which one commit tells its calls', async () => {
    const folded: number[] = [];
    const queue = new FoldQueue(({ seq }) => void folded.push(seq), assert.fail);
    await Promise.all([
      queue.push(entries(4, 5)),
      queue.push(entries(1, 2)),
      queue.push(entries(3)),
    ]);
    assert.deepStrictEqual(folded, [1, 2, 3, 4, 5]);
    assert.equal(queue.lastSeq, 5);
    assert.equal(queue.length, 0);
  });

  it('waits for what has to be fetched before it goes on', async () => {
    const folded: number[] = [];
    const queue = new FoldQueue(({ seq }) => {
      const fold = () => void folded.push(seq);
      return seq === 1 ? new Promise((done) => setTimeout(done, 20)).then(fold) : fold();
    }, assert.fail);
    await queue.push(entries(1, 2));
    assert.deepStrictEqual(folded, [1, 2]);
  });

  it('tells a call of its end before the calls behind it are folded', async () => {
    const told: string[] = [];
    const queue = new FoldQueue(({ seq }) => {
      const begin = performance.now();
      while (performance.now() - begin < 1);
      told.push(`folded ${seq}`);
      return undefined;
    }, assert.fail);
    const call = (...seqs: number[]) =>
      queue.push(entries(...seqs)).then(() => told.push(`told ${seqs.join()}`));
    await Promise.all([call(3), call(1, 2), call(4)]);
    assert.deepStrictEqual(told, [
      ...['folded 1', 'folded 2', 'told 1,2', 'folded 3', 'told 3', 'folded 4', 'told 4'],
    ]);
  });

  it('reports an entry that cannot be folded and goes on with the next', async () => {
    const failures: string[] = [];
    const folded: number[] = [];
    const queue = new FoldQueue(
      ({ seq }) => {
        if (seq === 1) throw new Error('at once');
        if (seq === 2) return Promise.reject(new Error('later'));
        folded.push(seq);
        return undefined;
      },
      ({ seq }, error) => failures.push(`${seq} ${(error as Error).message}`),
    );
    await queue.push(entries(1, 2, 3));
    await queue.replay(entry(4));
    assert.deepStrictEqual(failures, ['1 at once', '2 later']);
    assert.deepStrictEqual(folded, [3, 4]);
    await queue.idle();
  });
});
