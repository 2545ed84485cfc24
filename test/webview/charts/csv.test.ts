import assert from 'node:assert/strict';
import fc from 'fast-check';
import { percent } from '../../../service/protocol/describe.ts';
import { csvOf } from '../../../webview/charts/csv.ts';
import { METRIC_COLORS, type TimeChart } from '../../../webview/charts/spec.ts';
import { type Table, tableOf } from '../../../webview/charts/table.ts';

const table = (rows: (string | number | null)[][]): Table => ({
  columns: [
    { label: 'Name', unit: '', kind: 'text' },
    { label: 'Time', unit: 'ms', kind: 'number' },
  ],
  count: rows.length,
  row: (index) => rows[index] ?? [],
  say: String,
});

/** Reads CSV back as RFC 4180 has it. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(fields)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') row = (rows.push(row), []);
  }
  return rows;
}

describe('a table as CSV', () => {
  it('has units in its header, bare numbers, and nothing where nothing is known', () => {
    assert.equal(
      csvOf(
        table([
          ['a', 1.5],
          ['b, c', null],
        ]),
      ),
      'Name,Time (ms)\r\na,1.5\r\n"b, c",\r\n',
    );
  });

  it('runs nothing in a spreadsheet', () => {
    const bad = ['=1+1', '+1', '-1', '@a', '\tb', '\rc'];
    for (const [name] of read(csvOf(table(bad.map((one) => [one, 1])))).slice(1))
      assert.match(name ?? '', /^'/);
    // A number is no text: it may be below zero.
    assert.match(csvOf(table([['a', -1]])), /^a,-1\r$/m);
  });

  it('gives back any text as it was, but for the quote', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        (names) => {
          const rows = read(csvOf(table(names.map((name) => [name, 1])))).slice(1);
          assert.deepEqual(
            rows.map(([name]) => (name ?? '').replace(/^'(?=[=+\-@\t\r])/, '')),
            names,
          );
        },
      ),
    );
  });

  it('says times in UTC, the newest first, with the phase, and leaves gaps out', () => {
    const from = Date.UTC(2026, 0, 1);
    const chart: TimeChart = {
      ...{ kind: 'time', say: percent, span: { from, to: from + 3_000 } },
      bands: [{ label: 'P0', from, to: from + 1_500 }],
      lines: [
        {
          ...{ name: 'CPU', color: METRIC_COLORS.cpu },
          points: [0, 1, NaN, 3, 9].map((y, index) => ({ x: from + index * 1_000, y })),
        },
      ],
    };
    assert.equal(
      csvOf(tableOf(chart)),
      [
        'Time (UTC),Phase,CPU (%)',
        '2026-01-01T00:00:03.000Z,,3',
        '2026-01-01T00:00:01.000Z,P0,1',
        '2026-01-01T00:00:00.000Z,P0,0',
        '',
      ].join('\r\n'),
    );
  });
});
