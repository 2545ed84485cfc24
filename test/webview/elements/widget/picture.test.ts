import assert from 'node:assert/strict';
import type { SeriesAnswer } from '../../../../service/protocol/series.ts';
import type { BarChart, GaugeChart, TimeChart } from '../../../../webview/charts/spec.ts';
import type { CustomWidget, WidgetChart } from '../../../../webview/customWidget.ts';
import { picture } from '../../../../webview/elements/widget/picture.ts';
import { sayIn } from '../../../../webview/elements/widget/words.ts';

const widget = (chart: WidgetChart): CustomWidget => ({
  ...{ id: 'w', title: 'Rows', metric: 'rows', labels: {}, aggregation: null, group_by: [], chart },
});
const answer = (count: number, more: Partial<SeriesAnswer> = {}): SeriesAnswer => ({
  ...{ metric: 'rows', unit: null, kind: 'gauge', aggregation: 'avg', step_ms: 1_000 },
  ...{ from: '', to: '', total: count, truncated: false },
  series: Array.from({ length: count }, (_, n) => ({
    labels: { worker_id: `w${n}` },
    points: [
      [1_000, n + 1],
      [2_000, 10 * (n + 1)],
    ] as [number, number][],
  })),
  ...more,
});
const SPAN = { from: 0, to: 10_000 };

describe('what a widget draws', () => {
  it('is a line for each series, as many as can be told apart, and says how many there are', () => {
    const { chart, note } = picture(widget('line'), answer(9), SPAN);
    const { kind, lines, span, stacked } = chart as TimeChart;
    assert.deepEqual([kind, lines.length, span, stacked], ['time', 6, SPAN, false]);
    assert.equal(lines[1]?.name, 'w1');
    assert.deepEqual(lines[1]?.points, [
      { x: 1_000, y: 2 },
      { x: 2_000, y: 20 },
    ]);
    assert.match(note, /^The first 6 of 9 series\./);
    assert.equal(picture(widget('line'), answer(2), SPAN).note, '');
    assert.equal((picture(widget('stacked'), answer(2), SPAN).chart as TimeChart).stacked, true);
  });

  it('is the newest value of each as a bar', () => {
    const { chart } = picture(widget('bars'), answer(3), SPAN);
    const { categories, bars } = chart as BarChart;
    assert.deepEqual(categories, ['w0', 'w1', 'w2']);
    assert.deepEqual(bars[0]?.values, [10, 20, 30]);
  });

  it('is the newest value of the first as a gauge: of 100 % for a share, else of the highest', () => {
    const gauge = (more: Partial<SeriesAnswer>): GaugeChart =>
      picture(widget('gauge'), answer(2, more), SPAN).chart as GaugeChart;
    assert.deepEqual([gauge({ unit: 'percent' }).value, gauge({ unit: 'percent' }).max], [10, 100]);
    assert.equal(gauge({}).max, 10);
    assert.match(picture(widget('gauge'), answer(2), SPAN).note, /first of 2 series: w0/);
  });

  it('is empty where nothing was measured', () => {
    for (const chart of ['line', 'stacked', 'bars', 'gauge'] as const) {
      const { note } = picture(widget(chart), answer(0), SPAN);
      assert.equal(note, '');
    }
    assert.equal((picture(widget('gauge'), answer(0), SPAN).chart as GaugeChart).value, null);
  });

  it('says its numbers with their unit', () => {
    assert.equal(sayIn('percent', false)(41), '41 %');
    assert.equal(sayIn('bytes', false)(2048), '2.0 KB');
    assert.equal(sayIn('ms', false)(1_500), '1.5 s');
    assert.equal(sayIn('s', false)(90), '1m 30s');
    assert.equal(sayIn('rows', true)(5), '5 rows a second');
    assert.equal(sayIn(null, false)(5), '5');
    assert.equal(sayIn('rows', true)(null), '-');
  });
});
