import assert from 'node:assert/strict';
import { Emitter } from '../../src/emitter.ts';
import { Lifetime } from '../../src/lifetime.ts';
import { Throttle } from '../../src/throttle.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('collecting changes', () => {
  it('hands over the first at once and the rest together, at most once per interval, losing none', async () => {
    const flushes: [number, string[]][] = [];
    const began = performance.now();
    const throttle = new Throttle<string>(100, (items) =>
      flushes.push([performance.now() - began, [...items]]),
    );
    throttle.add('a');
    await pause(20);
    for (const item of ['b', 'c', 'b']) throttle.add(item);
    await pause(150);
    throttle.dispose();
    assert.deepEqual(
      flushes.map(([, items]) => items),
      [['a'], ['b', 'c']],
    );
    assert.ok((flushes[1]?.[0] ?? 0) - (flushes[0]?.[0] ?? 0) >= 95);
  });

  it('ends without a last word', async () => {
    let calls = 0;
    const throttle = new Throttle<string>(10, () => (calls += 1));
    throttle.add('a');
    throttle.dispose();
    await pause(30);
    assert.equal(calls, 0);
  });
});

describe('a lifetime', () => {
  it('ends what it owns, newest first, and at once what comes too late', () => {
    const ended: string[] = [];
    const lifetime = new Lifetime();
    for (const name of ['first', 'second']) lifetime.track({ dispose: () => ended.push(name) });
    lifetime.dispose();
    lifetime.dispose();
    lifetime.track({ dispose: () => ended.push('late') });
    assert.deepEqual(ended, ['second', 'first', 'late']);
  });
});

describe('an emitter', () => {
  it('tells every listener until it is taken back', () => {
    const heard: number[] = [];
    const emitter = new Emitter<number>();
    const listen = (value: number): unknown => heard.push(value);
    const one = emitter.event(listen);
    emitter.event(listen);
    emitter.fire(1);
    one.dispose();
    emitter.fire(2);
    assert.deepEqual([heard, emitter.size], [[1, 1, 2], 1]);
  });
});
