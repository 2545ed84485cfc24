import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changeItem,
  defaultLayout,
  keyOf,
  type KnownRegion,
  type Layout,
  moveItem,
  putWidget,
} from '../../../../webview/layout.ts';
import type { RegionName } from '../../../../webview/regionNames.ts';
import { arrange, type Facts, widened } from '../../../../webview/elements/dashboard/arrange.ts';
import { REGIONS } from '../../../../webview/elements/dashboard/regions.ts';

/** The names of the contract, in the order of the default layout. */
const NAMES: readonly RegionName[] = [
  ...(['Overview', 'Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance'] as const),
  ...(['Workers', 'API', 'Models', 'Cache', 'Bottlenecks', 'Alerts', 'History'] as const),
  'Compare',
];
const KNOWN: readonly KnownRegion[] = NAMES.map((name) => ({ name, width: 'full' }));
const USUAL = defaultLayout(KNOWN);
const FULL: Facts = {
  ...{ job: true, jobs: 5, alerts: 1 },
  present: new Set(['Workers', 'API', 'Models', 'Cache']),
};
const NOBODY: ReadonlySet<string> = new Set();
const shown = (facts: Partial<Facts>, layout: Layout = USUAL): string[] =>
  arrange(layout, { ...FULL, ...facts }, NOBODY).shown.map(keyOf);

describe('the regions that the page shows', () => {
  it('are there once each, in the order of the contract', () => {
    const there = REGIONS.map(({ name }) => name);
    assert.deepEqual(
      there,
      NAMES.filter((name) => there.includes(name)),
    );
  });

  it('are all of them where all have something to show', () => {
    assert.deepEqual(shown({}), NAMES);
  });

  it('leave out, and name, those that this pipeline has nothing for', () => {
    const facts = { ...FULL, jobs: 1, present: new Set(['Models']) };
    const { shown: there, empty } = arrange(USUAL, facts, NOBODY);
    assert.deepEqual(empty.map(keyOf), ['Workers', 'API', 'Cache', 'Compare']);
    assert.equal(there.length, 10);
    const all = { ...USUAL, emptyRegions: true };
    assert.deepEqual(shown(facts, all), NAMES, 'unless the person wants to see them');
  });

  it('need no job where they are not about one', () => {
    assert.deepEqual(shown({ job: false }), [
      ...['Overview', 'Workers', 'API', 'Models', 'Cache', 'Alerts', 'History', 'Compare'],
    ]);
    assert.deepEqual(shown({ job: false, jobs: 0, alerts: 0, present: new Set(['Workers']) }), [
      'Workers',
    ]);
    assert.deepEqual(shown({ job: false, jobs: 0, alerts: 1, present: NOBODY }), ['Alerts']);
  });

  it('are those that a person chose, and what the page led to', () => {
    const hidden = changeItem(USUAL, 'Timeline', { shown: false });
    assert.equal(shown({}, hidden).includes('Timeline'), false);
    const led = arrange(hidden, { ...FULL, jobs: 1 }, new Set(['Timeline', 'Compare']));
    assert.deepEqual(led.shown.map(keyOf), NAMES);
    assert.deepEqual(led.empty, []);
  });

  it('are never both shown and left out, whatever is known', () => {
    const facts = fc.record({
      ...{ job: fc.boolean(), jobs: fc.nat(3), alerts: fc.nat(2) },
      present: fc.subarray(['Workers', 'API', 'Models', 'Cache']).map((names) => new Set(names)),
    });
    fc.assert(
      fc.property(facts, fc.nat(13), fc.nat(13), (known, index, to) => {
        const layout = moveItem(USUAL, NAMES[index] ?? '', to);
        const { shown: there, empty } = arrange(layout, known, NOBODY);
        const keys = [...there, ...empty].map(keyOf);
        assert.equal(new Set(keys).size, keys.length);
        const order = layout.items.map(keyOf).filter((key) => there.map(keyOf).includes(key));
        assert.deepEqual(there.map(keyOf), order);
      }),
    );
  });

  it('fill their rows: a half that stands alone takes the whole width', () => {
    const widths = (text: string): string => {
      let layout: Layout = { items: [], emptyRegions: false, filters: [] };
      for (const [index, letter] of [...text].entries()) {
        const widget = { id: `${index}`, title: letter, metric: 'm', labels: {}, group_by: [] };
        layout = putWidget(layout, { ...widget, aggregation: null, chart: 'line' });
        const width = letter === 'h' ? 'half' : 'full';
        layout = changeItem(layout, `widget:${index}`, { width });
      }
      const alone = widened(layout.items);
      return layout.items.map((item) => (alone.has(item) ? 'H' : item.width.charAt(0))).join('');
    };
    assert.equal(widths('hh'), 'hh');
    assert.equal(widths('h'), 'H');
    assert.equal(widths('hfh'), 'HfH');
    assert.equal(widths('hhh'), 'hhH');
    assert.equal(widths('fhhfhf'), 'fhhfHf');
    assert.equal(widths(''), '');
  });
});
