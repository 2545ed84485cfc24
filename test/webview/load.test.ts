import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load, type LoadOptions } from '../../webview/load.ts';
import { emptyFrame, job } from '../fixtures/frames.ts';
import { TestElement } from '../support/element.ts';

const EVERY = 60;

function setUp(options: Partial<LoadOptions> = {}) {
  const element = new TestElement();
  const load = new Load<string>(element, { path: () => '/api/a', everyMs: EVERY, ...options });
  const { line } = element;
  const asked = (): string[] => line.gets.map((one) => (one.type === 'get' ? one.path : 'cancel'));
  const change = (): void => line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a' })] }));
  return { element, load, line, asked, change };
}

describe('an answer of REST that an element shows', () => {
  it('is asked for when the element is seen, and is there with the answer', async () => {
    const { element, load, line, asked } = setUp();
    element.seen = false;
    element.connect();
    assert.deepEqual(asked(), []);
    element.look(true);
    assert.deepEqual([asked(), load.state], [['/api/a'], { kind: 'loading' }]);
    line.got(0, 'body');
    await sleep(0);
    assert.deepEqual(load.state, { kind: 'ready', value: 'body', stale: false, message: null });
    assert.equal(load.value, 'body');
  });

  it('is asked for again after changes, no more often than it says', async () => {
    const { element, line, asked, change } = setUp({ parts: ['jobs'] });
    element.connect();
    line.got(0, 'one');
    await sleep(0);
    for (let n = 0; n < 20; n++) change();
    assert.equal(asked().length, 1);
    await sleep(EVERY + 20);
    assert.equal(asked().length, 2);
    line.got(1, 'two');
    await sleep(EVERY + 20);
    assert.equal(asked().length, 2, 'nothing has changed since');
  });

  it('is asked for again when its version is another one, not with every change around it', async () => {
    let ended = 1;
    const { element, line, asked } = setUp({ version: () => ended });
    element.connect();
    line.got(0, 'one');
    await sleep(0);
    element.look(true);
    await sleep(EVERY + 20);
    assert.equal(asked().length, 1);
    for (ended = 2; ended < 20; ended++) element.look(true);
    await sleep(EVERY + 20);
    assert.equal(asked().length, 2, 'once for all of them');
  });

  it('is left alone while nobody sees it, and asked for once when it is seen again', async () => {
    const { element, line, asked, change } = setUp({ parts: ['jobs'] });
    element.connect();
    line.got(0, 'one');
    await sleep(0);
    change();
    element.look(false);
    change();
    await sleep(EVERY + 20);
    assert.equal(asked().length, 1);
    element.look(true);
    await sleep(20);
    assert.equal(asked().length, 2);
  });

  it('of another address is another answer; a late one to the first counts for nothing', async () => {
    let path = '/api/a';
    const { element, load, line, asked } = setUp({ path: () => path });
    element.connect();
    path = '/api/b';
    element.render();
    assert.deepEqual(asked(), ['/api/a', 'cancel', '/api/b']);
    line.got(0, 'late');
    line.got(2, 'right');
    await sleep(0);
    assert.equal(load.value, 'right');
  });

  it('is not asked for where there is nothing to ask', () => {
    const { element, load, asked } = setUp({ path: () => null });
    element.connect();
    assert.deepEqual([asked(), load.state.kind], [[], 'loading']);
  });

  it('that fails says why, can be tried again, and comes by itself with the line', async () => {
    const { element, load, line, asked } = setUp({ everyMs: 60_000 });
    element.connect();
    line.fail(0, 'The service stops.');
    await sleep(0);
    assert.deepEqual(load.state, { kind: 'failed', message: 'The service stops.' });
    load.retry();
    assert.deepEqual(load.state, { kind: 'loading' });
    line.fail(1);
    await sleep(0);
    line.events.host({ type: 'connection', state: 'connected', since: 1 });
    await sleep(20);
    assert.equal(asked().length, 3, 'a minute later is too late');
    line.got(2, 'back');
    await sleep(0);
    assert.equal(load.value, 'back');
  });

  it('that was there stays when asking again fails, with the sentence', async () => {
    const { element, load, line, change } = setUp({ parts: ['jobs'] });
    element.connect();
    line.got(0, 'old');
    await sleep(0);
    change();
    await sleep(EVERY + 20);
    assert.equal(load.state.kind === 'ready' && load.state.stale, true);
    line.fail(1, 'No answer.');
    await sleep(0);
    const message = 'No answer.';
    assert.deepEqual(load.state, { kind: 'ready', value: 'old', stale: false, message });
  });

  it('asks for nothing after its element has gone, and again when it is back', async () => {
    const { element, line, asked, change } = setUp({ parts: ['jobs'] });
    element.connect();
    change();
    element.disconnect();
    change();
    await sleep(EVERY + 20);
    assert.deepEqual(asked(), ['/api/a', 'cancel']);
    line.got(0, 'late');
    element.connect();
    assert.deepEqual(asked(), ['/api/a', 'cancel', '/api/a']);
  });
});
