import assert from 'node:assert/strict';
import { ProductError } from '../../../service/protocol/errors.ts';
import { parseSeriesQuery, parseSeriesText } from '../../../service/series/query.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND } from './support.ts';

const parse = (text: string) => parseSeriesText(text, NOW);

/** The fields that the error names, and its sentence. */
function refusal(text: string): { fields: string[]; message: string } {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof ProductError && error.code === 'QUERY_INVALID', String(error));
    return { fields: error.errors.map(({ path }) => path), message: error.message };
  }
  assert.fail(`"${text}" was taken.`);
}

describe('a query of the series', () => {
  it('is read whole', () => {
    const text =
      'metric=cpu_percent&label.source=worker&labels=worker_id=w/ü,zone=a&range=4h&step=1m&aggregation=p95&group_by=zone,source';
    assert.deepEqual(parse(text), {
      metric: 'cpu_percent',
      labels: { source: 'worker', worker_id: 'w/ü', zone: 'a' },
      from: NOW - 4 * HOUR,
      to: NOW,
      step_ms: MINUTE,
      aggregation: 'p95',
      group_by: ['zone', 'source'],
    });
  });

  it('may leave out all but the metric', () => {
    assert.deepEqual(parse('metric=m'), {
      metric: 'm',
      labels: {},
      from: NOW - HOUR,
      to: NOW,
      step_ms: 10 * SECOND,
      aggregation: null,
      group_by: [],
    });
  });

  it('takes times as RFC 3339, with any offset, and as milliseconds', () => {
    const span = { from: NOW - DAY, to: NOW - DAY + HOUR };
    const cases = [
      'from=2026-06-14T00:00:00Z&to=2026-06-14T01:00:00.000Z',
      'from=2026-06-14T02:00:00%2B02:00&to=2026-06-13T20:00-05:00',
      'from=2026-06-14T02:00:00+02:00&range=1h',
      `from=${NOW - DAY}&to=${NOW - DAY + HOUR}`,
      `to=${NOW - DAY + HOUR}&range=1h`,
    ];
    for (const text of cases) {
      const { from, to } = parse(`metric=m&${text}`);
      assert.deepEqual({ from, to }, span, text);
    }
    assert.deepEqual(parse(`metric=m&from=${NOW - HOUR}`).to, NOW);
  });

  it('chooses a step of at most 500 points for any range', () => {
    for (const range of ['5m', '15m', '1h', '36h', '7d', '30d']) {
      const { from, to, step_ms } = parse(`metric=m&range=${range}`);
      assert.ok((to - from) / step_ms <= 500 && (to - from) / step_ms >= 100, range);
    }
  });

  const wrong: [text: string, field: string, says: RegExp][] = [
    ['range=1h', '/metric', /Name a "metric"/],
    ['metric=m&range=4m', '/range', /5m to 30d/],
    ['metric=m&range=31d', '/range', /5m to 30d/],
    ['metric=m&range=soon', '/range', /such as 10s/],
    ['metric=m&range=-1h', '/range', /such as 10s/],
    [`metric=m&from=${NOW}&to=${NOW - HOUR}`, '/from', /after "to"/],
    [`metric=m&from=${NOW + HOUR}`, '/from', /after "to"/],
    [`metric=m&from=${NOW - HOUR}&to=${NOW - HOUR}`, '/from', /empty/],
    [`metric=m&from=${NOW - HOUR}&to=${NOW}&range=1h`, '/range', /not all three/],
    ['metric=m&from=yesterday', '/from', /2026-01-31T12:00:00Z/],
    ['metric=m&to=2026-02-31T12:00:00', '/to', /epoch milliseconds/],
    ['metric=m&from=0', '/from', /last 731 days/],
    ['metric=m&range=30d&step=10s', '/step', /at least 1296000 ms/],
    ['metric=m&step=0', '/step', /such as 10s/],
    ['metric=m&step=10x', '/step', /such as 10s/],
    ['metric=m&aggregation=median', '/aggregation', /p50/],
    ['metric=m&labels=worker', '/labels', /name=value/],
    ['metric=m&labels==w', '/labels', /name=value/],
    ['metric=m&label.=w', '/label.', /Name the label/],
    ['metric=m&label.a=1&labels=a=2', '/labels', /given twice/],
    ['metric=m&group_by=a,,b', '/group_by', /commas/],
    ['metric=m&metric=n', '/metric', /more than once/],
    ['metric=m&agregation=avg', '/agregation', /There is no "agregation"/],
  ];
  for (const [text, field, says] of wrong) {
    it(`refuses ${text.replace(/\d{13}/g, '<time>')} and names ${field}`, () => {
      const { fields, message } = refusal(text);
      assert.deepEqual(fields, [field]);
      assert.match(message, says);
    });
  }

  it('of a parsed query string is checked the same', () => {
    assert.deepEqual(
      parseSeriesQuery({ metric: 'm', step: 60_000, to: undefined }, NOW),
      parse('metric=m&step=1m'),
    );
    assert.throws(() => parseSeriesQuery({ metric: ['a', 'b'] }, NOW), /more than once/);
    assert.throws(() => parseSeriesQuery({ metric: {} }, NOW), /as text/);
  });
});
