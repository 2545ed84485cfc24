import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_VIEW, readView } from '../../webview/view.ts';

describe('what a page keeps over a reload', () => {
  it('reads back what was saved', () => {
    const view = {
      ...DEFAULT_VIEW,
      job: 'a',
      sort: { column: 'time', descending: true } as const,
      range: { kind: 'between', from: 5, to: 9 } as const,
      subPhases: { shown: true, except: ['P03'] },
      flowZoom: 0.9,
    };
    assert.deepEqual(readView(JSON.parse(JSON.stringify(view))), view);
  });

  it('makes a whole view of anything', () => {
    fc.assert(
      fc.property(fc.anything(), (saved) => {
        const view = readView(saved);
        assert.deepEqual(Object.keys(view).sort(), Object.keys(DEFAULT_VIEW).sort());
        assert.deepEqual(readView(view), view);
      }),
    );
  });
});
