import assert from 'node:assert/strict';
import type { HostRequest } from '../../service/protocol/frame.ts';
import { EVERY_RUN } from '../../webview/historyView.ts';
import { changeItem, type KnownRegion, moveItem } from '../../webview/layout.ts';
import { LayoutKeeper } from '../../webview/layoutKeeper.ts';
import { Session } from '../../webview/session.ts';
import { Store } from '../../webview/store.ts';

const KNOWN: readonly KnownRegion[] = [
  { name: 'Overview', width: 'full' },
  { name: 'Timeline', width: 'full' },
];
const filters = [{ name: 'failed', filter: { ...EVERY_RUN, statuses: ['FAILED'] as const } }];

/** A page whose home keeps nothing but the last layout. */
function page(saved: unknown = null): { keeper: LayoutKeeper; store: Store; kept: () => unknown } {
  let kept = saved;
  const store = new Store();
  const session = new Session(store, {
    ...{ home: 'browser', start: () => undefined, send: () => true, get: () => undefined },
    ...{ setToken: () => undefined, loadState: () => undefined, saveState: () => undefined },
    stop: () => undefined,
    request: (request: HostRequest) => {
      if (request.action === 'save_layout') kept = JSON.parse(JSON.stringify(request.layout));
    },
  });
  store.setLayout(saved);
  return { keeper: new LayoutKeeper(session, KNOWN), store, kept: () => kept };
}

describe('the layout that is kept', () => {
  it('is there in another page, with the saved filters', () => {
    const { keeper, kept } = page();
    const moved = { ...moveItem(keeper.current, 'Timeline', 0), filters };
    keeper.save(moved);
    assert.deepEqual(keeper.current, moved);
    assert.deepEqual(page(kept()).keeper.current, moved);
  });

  it('has no order of its own where only filters are saved, and is none where nothing is', () => {
    const { keeper, kept } = page();
    keeper.save({ ...keeper.current, filters });
    assert.deepEqual(kept(), {
      pipescope_layout: 1,
      empty_regions: false,
      history_filters: filters,
    });
    const again = page(kept()).keeper;
    assert.deepEqual(again.current, { ...again.usual, filters });
    keeper.save({ ...keeper.current, filters: [] });
    assert.equal(kept(), null);
    keeper.save(changeItem(keeper.current, 'Overview', { shown: false }));
    assert.notEqual(kept(), null);
    keeper.save(changeItem(keeper.current, 'Overview', { shown: true }));
    assert.equal(kept(), null);
  });

  it('is the default, and says why, where it cannot be read', async () => {
    const { keeper, store } = page({ pipescope_layout: 1, history_filters: [{ name: '' }] });
    assert.equal(keeper.current, keeper.usual);
    await Promise.resolve();
    assert.match(
      store.notice?.message ?? '',
      /could not be read.* history_filters\[0\]\.name: Give/,
    );
  });
});
