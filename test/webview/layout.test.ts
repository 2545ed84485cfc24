import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CustomWidget,
  formOf,
  isWidget,
  questionOf,
  WIDGET_CHARTS,
  widgetOf,
} from '../../webview/customWidget.ts';
import {
  changeItem,
  defaultLayout,
  freeWidgetId,
  HEIGHTS,
  keyOf,
  type KnownRegion,
  type Layout,
  layoutJson,
  moveItem,
  parseLayout,
  putWidget,
  readLayout,
  removeWidget,
  widgetsOf,
  WIDTHS,
} from '../../webview/layout.ts';
import { EVERY_RUN } from '../../webview/historyView.ts';
import { LayoutError } from '../../webview/layoutFields.ts';
import { parseSeriesText } from '../../service/series/query.ts';
import { AGGREGATIONS } from '../../service/protocol/aggregation.ts';

const KNOWN: readonly KnownRegion[] = [
  { name: 'Overview', width: 'full' },
  { name: 'Timeline', width: 'full' },
  { name: 'Resources', width: 'half' },
  { name: 'Alerts', width: 'half' },
];
const WIDGET: CustomWidget = {
  ...{ id: 'widget-1', title: 'Rows', metric: 'rows_total', labels: { source: 'host' } },
  ...{ aggregation: 'rate', group_by: ['worker_id'], chart: 'line' },
};
const keys = ({ items }: Layout): string[] => items.map(keyOf);
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const file = (...items: object[]): object => ({ pipescope_layout: 1, items });
const pathOf = (value: unknown): string => {
  try {
    readLayout(value, KNOWN);
  } catch (error) {
    assert.ok(error instanceof LayoutError, String(error));
    assert.ok(error.message.startsWith(error.path) && /[.!]$/.test(error.message), error.message);
    return error.path;
  }
  return 'nothing is wrong';
};

const text = fc.string({ minLength: 1, maxLength: 40 }).filter((one) => one.trim() !== '');
const name = text.filter((one) => !one.includes(','));
const widget = (id: string): fc.Arbitrary<CustomWidget> =>
  fc.record({
    id: fc.constant(id),
    title: text,
    metric: text,
    labels: fc.dictionary(text, fc.string({ maxLength: 40 }), { maxKeys: 5 }),
    aggregation: fc.constantFrom(...AGGREGATIONS, null),
    group_by: fc.uniqueArray(name, { maxLength: 4 }),
    chart: fc.constantFrom(...WIDGET_CHARTS),
  });
const layouts: fc.Arbitrary<Layout> = fc
  .tuple(widget('a'), widget('b'), fc.boolean(), fc.infiniteStream(fc.nat(8)))
  .map(([a, b, emptyRegions, numbers]) => {
    const filters = emptyRegions ? [{ name: 'mine', filter: { ...EVERY_RUN, text: 'x' } }] : [];
    let layout: Layout = { ...defaultLayout(KNOWN), emptyRegions, filters };
    layout = putWidget(putWidget(layout, a), b);
    for (const key of keys(layout)) {
      const n = (): number => numbers.next().value as number;
      layout = moveItem(layout, key, n());
      layout = changeItem(layout, key, {
        width: WIDTHS[n() % 2] ?? 'full',
        height: HEIGHTS[n() % 3] ?? 'tall',
        shown: n() % 2 === 0,
      });
    }
    return layout;
  });

describe('the layout of the page', () => {
  it('is the order of the product at first', () => {
    assert.deepEqual(keys(defaultLayout(KNOWN)), ['Overview', 'Timeline', 'Resources', 'Alerts']);
    assert.ok(defaultLayout(KNOWN).items.every(({ shown }) => shown));
  });

  it('comes back from its file as it was', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        assert.deepEqual(readLayout(json(layoutJson(layout)), KNOWN), json(layout));
        assert.deepEqual(parseLayout(JSON.stringify(layoutJson(layout)), KNOWN), json(layout));
      }),
    );
  });

  it('keeps every item once, however it is moved', () => {
    fc.assert(
      fc.property(layouts, fc.nat(5), fc.integer(), (layout, index, to) => {
        const key = keys(layout)[index] ?? '';
        const moved = moveItem(layout, key, to);
        assert.deepEqual(keys(moved).sort(), keys(layout).sort());
        const others = (one: Layout): string[] => keys(one).filter((other) => other !== key);
        assert.deepEqual(others(moved), others(layout), 'the others keep their order');
        assert.equal(keys(moved).indexOf(key), Math.max(0, Math.min(5, to)));
      }),
    );
    assert.deepEqual(moveItem(defaultLayout(KNOWN), 'nobody', 0), defaultLayout(KNOWN));
  });

  it('gives regions that are newer than it the place that the default has for them', () => {
    const old = file({ region: 'Alerts', width: 'full' }, { region: 'Overview' });
    const { items } = readLayout(old, KNOWN);
    assert.deepEqual(items.map(keyOf), ['Alerts', 'Overview', 'Timeline', 'Resources']);
    assert.equal(items[0]?.width, 'full');
    assert.deepEqual(readLayout(file(), KNOWN), defaultLayout(KNOWN));
  });

  it('takes widgets in, changes them in their place, and lets them go', () => {
    const one = putWidget(defaultLayout(KNOWN), WIDGET);
    assert.equal(freeWidgetId(one), 'widget-2');
    const moved = moveItem(one, 'widget:widget-1', 1);
    const changed = putWidget(moved, { ...WIDGET, title: 'Lines' });
    assert.deepEqual(keys(changed), keys(moved));
    assert.equal(widgetsOf(changed)[0]?.title, 'Lines');
    assert.deepEqual(removeWidget(changed, 'widget-1'), defaultLayout(KNOWN));
  });

  it('of a bad file is refused, with the field that is wrong', () => {
    const bad: [string, unknown][] = [
      ['', null],
      ['', []],
      ['', 'text'],
      ['pipescope_layout', {}],
      ['pipescope_layout', { pipescope_layout: 2, items: [] }],
      ['pipescope_layout', { pipescope_layout: '1' }],
      ['colour', { ...file(), colour: 'red' }],
      ['empty_regions', { ...file(), empty_regions: 'yes' }],
      ['history_filters[0].name', { ...file(), history_filters: [{ filter: {} }] }],
      ['items', { pipescope_layout: 1, items: {} }],
      ['items', file(...Array.from({ length: 101 }, () => ({})))],
      ['items[0]', file({})],
      ['items[0]', file({ region: 'Alerts', widget: WIDGET })],
      ['items[1]', { pipescope_layout: 1, items: [{ region: 'Alerts' }, null] }],
      ['items[0].region', file({ region: 'Nowhere' })],
      ['items[0].region', file({ region: 7 })],
      ['items[1].region', file({ region: 'Alerts' }, { region: 'Alerts' })],
      ['items[0].widht', file({ region: 'Alerts', widht: 'half' })],
      ['items[0].width', file({ region: 'Alerts', width: 'third' })],
      ['items[0].height', file({ region: 'Alerts', height: null })],
      ['items[0].shown', file({ region: 'Alerts', shown: 1 })],
      ['items[0].widget', file({ widget: 'Rows' })],
      ['items[0].widget.title', file({ widget: { ...WIDGET, title: ' ' } })],
      ['items[0].widget.title', file({ widget: { ...WIDGET, title: 'x'.repeat(81) } })],
      ['items[0].widget.metric', file({ widget: { ...WIDGET, metric: 4 } })],
      ['items[0].widget.aggregation', file({ widget: { ...WIDGET, aggregation: 'mode' } })],
      ['items[0].widget.chart', file({ widget: { ...WIDGET, chart: 'pie' } })],
      ['items[0].widget.labels', file({ widget: { ...WIDGET, labels: [] } })],
      ['items[0].widget.labels.a', file({ widget: { ...WIDGET, labels: { a: 1 } } })],
      ['items[0].widget.group_by[0]', file({ widget: { ...WIDGET, group_by: [''] } })],
      ['items[0].widget.group_by[1]', file({ widget: { ...WIDGET, group_by: ['a', 'b,c'] } })],
      ['items[0].widget.colour', file({ widget: { ...WIDGET, colour: 'red' } })],
      ['items[1].widget.id', file({ widget: WIDGET }, { widget: WIDGET })],
      [
        'items',
        file(...Array.from({ length: 25 }, (_, n) => ({ widget: { ...WIDGET, id: `${n}` } }))),
      ],
    ];
    for (const [path, value] of bad) assert.equal(pathOf(value), path, JSON.stringify(value));
    assert.throws(() => parseLayout('{"pipescope_layout":', KNOWN), /^LayoutError: The file is no/);
  });

  it('is read or refused, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (value, items) => {
        for (const one of [value, { pipescope_layout: 1, items }])
          try {
            readLayout(one, KNOWN);
          } catch (error) {
            assert.ok(error instanceof LayoutError, String(error));
          }
      }),
    );
    const evil: unknown = JSON.parse(
      '{"pipescope_layout":1,"items":[{"__proto__":{"region":"Alerts"}}]}',
    );
    assert.throws(() => readLayout(evil, KNOWN), LayoutError);
  });
});

describe('a widget of one’s own', () => {
  it('asks what the service takes, whatever its labels are', () => {
    fc.assert(
      fc.property(widget('a'), (one) => {
        const { metric, labels, aggregation } = parseSeriesText(questionOf(one), Date.now());
        assert.deepEqual([metric, aggregation], [one.metric.trim(), one.aggregation]);
        assert.deepEqual({ ...labels }, { ...one.labels });
      }),
    );
  });

  it('is made in a form, and comes back into it', () => {
    const form = formOf(WIDGET);
    assert.equal(form.labels, 'source=host');
    assert.deepEqual(widgetOf(form, 'widget-1'), WIDGET);
    const more = { ...form, labels: ' a = b=c \n\n x= ', group_by: ' p, q,,p ', aggregation: '' };
    const made = widgetOf(more, 'w');
    assert.ok(isWidget(made));
    assert.deepEqual(made.labels, { a: 'b=c', x: '' });
    assert.deepEqual([made.group_by, made.aggregation], [['p', 'q'], null]);
  });

  it('is told field by field what is wrong', () => {
    const problems = (change: object): string[] =>
      Object.entries(widgetOf({ ...formOf(WIDGET), ...change }, 'w')).map(
        ([field, what]) => `${field}: ${String(what)}`,
      );
    assert.deepEqual(problems({ title: ' ', metric: '' }), [
      'title: Give it a title.',
      'metric: Name a metric.',
    ]);
    assert.deepEqual(problems({ title: 'x'.repeat(81) }), ['title: Use at most 80 characters.']);
    assert.deepEqual(problems({ labels: 'source=a\nhost' }), [
      'labels: "host" is no label: write name=value.',
    ]);
    assert.deepEqual(problems({ labels: '=x' }), ['labels: "=x" is no label: write name=value.']);
    assert.deepEqual(problems({ labels: 'a=1\na=2' }), ['labels: The label "a" is there twice.']);
    const names = Array.from({ length: 9 }, (_, n) => `n${n}`).join();
    assert.deepEqual(problems({ group_by: names }), ['group_by: Use at most 8 labels.']);
  });
});
