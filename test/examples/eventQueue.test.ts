import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { EXAMPLE } from './pipeline.ts';

interface Queued {
  text: string;
  droppable: boolean;
}
interface Limits {
  maxEvents: number;
  maxBytes: number;
}
interface Queue {
  readonly size: number;
  readonly dropped: number;
  push: (event: Queued) => void;
  take: (limits: Limits) => Queued[];
  putBack: (events: Queued[]) => void;
}

describe('the event queue of the document pipeline', () => {
  let make: (limits: Limits) => Queue;

  before(async () => {
    const url = pathToFileURL(path.join(EXAMPLE, 'lib', 'eventQueue.mjs')).href;
    const { EventQueue } = (await import(url)) as { EventQueue: new (limits: Limits) => Queue };
    make = (limits) => new EventQueue(limits);
  });

  const texts = (queue: Queue) =>
    queue.take({ maxEvents: 1_000, maxBytes: 1e6 }).map(({ text }) => text);

  it('drops progress first, then the oldest, and counts what it dropped', () => {
    const queue = make({ maxEvents: 2, maxBytes: 1_000 });
    queue.push({ text: 'started', droppable: false });
    queue.push({ text: '10 %', droppable: true });
    queue.push({ text: 'failed', droppable: false });
    assert.equal(queue.dropped, 1);
    queue.push({ text: 'ended', droppable: false });
    assert.equal(queue.dropped, 2);
    assert.deepEqual(texts(queue), ['failed', 'ended']);
  });

  it('takes one event that is larger than a batch by itself', () => {
    const queue = make({ maxEvents: 9, maxBytes: 1_000 });
    queue.push({ text: 'x'.repeat(50), droppable: false });
    queue.push({ text: 'y', droppable: false });
    assert.equal(queue.take({ maxEvents: 9, maxBytes: 10 }).length, 1);
  });

  it('never holds more than its limits, and loses nothing uncounted', () => {
    const event = fc.record({ text: fc.string({ maxLength: 40 }), droppable: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), fc.nat(9), (events, taken) => {
        const queue = make({ maxEvents: 10, maxBytes: 120 });
        for (const each of events) queue.push(each);
        const batch = queue.take({ maxEvents: Math.max(1, taken), maxBytes: 60 });
        queue.putBack(batch);
        const { size, dropped } = queue;
        const left = queue.take({ maxEvents: 1_000, maxBytes: 1e6 });
        const bytes = left.reduce((sum, { text }) => sum + text.length, 0);
        return (
          size <= 10 && bytes <= 120 && size === left.length && size + dropped === events.length
        );
      }),
    );
  });
});
