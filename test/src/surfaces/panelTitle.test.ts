import assert from 'node:assert/strict';
import { PanelTitle } from '../../../src/surfaces/panelTitle.ts';

function setUp() {
  const titles: string[] = [];
  return { titles, title: new PanelTitle((text) => titles.push(text)) };
}
const job = (job_id: string, name: string) => ({ job_id, name });

describe('the title of a dashboard’s tab', () => {
  it('is the job that its page shows, whichever comes first: the topic or the name', () => {
    const { title, titles } = setUp();
    title.follow(['jobs', 'job:a']);
    assert.deepEqual(titles, []);
    title.learn([job('a', 'nightly'), job('b', 'import')]);
    title.follow(['jobs', 'job:b']);
    assert.deepEqual(titles, ['nightly - Pipescope', 'import - Pipescope']);
  });

  it('is set when it changes, not with every frame', () => {
    const { title, titles } = setUp();
    title.follow(['job:a']);
    for (let n = 0; n < 5; n++) title.learn([job('a', 'nightly')]);
    title.learn([job('a', 'nightly 2')]);
    assert.deepEqual(titles, ['nightly - Pipescope', 'nightly 2 - Pipescope']);
  });

  it('stays while no job is shown, and is short', () => {
    const { title, titles } = setUp();
    title.learn([job('a', 'x'.repeat(10_000))]);
    title.follow(['job:a']);
    title.follow(['jobs']);
    assert.equal(titles.length, 1);
    assert.ok((titles[0] ?? '').length < 60);
  });

  it('keeps no more names than a page keeps jobs, and never loses the shown one', () => {
    const { title, titles } = setUp();
    title.learn([job('shown', 'mine')]);
    title.follow(['job:shown']);
    title.learn(Array.from({ length: 20_000 }, (_, n) => job(`j${n}`, `n${n}`)));
    title.follow(['job:j0']);
    title.follow(['job:j19999']);
    assert.deepEqual(titles, ['mine - Pipescope', 'n19999 - Pipescope']);
  });
});
