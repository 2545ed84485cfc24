import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvOf } from '../../webview/charts/csv.ts';
import { queuesSheet, workersSheet } from '../../webview/elements/workers/files.ts';
import { amount, moment, type Sheet, sheetOf, words } from '../../webview/sheet.ts';
import { queue, worker } from '../fixtures/work.ts';

const linesOf = (sheet: Sheet): string[] =>
  csvOf({ ...sheet, say: String })
    .trimEnd()
    .split('\r\n');

describe('a table of a region as a file', () => {
  it('has a column for each field, with its unit, and a line for each row in its order', () => {
    const rows = [
      { id: 'b', ms: 1_234.5, at: '2026-11-22T10:00:00.000Z' },
      { id: 'a', ms: null, at: null },
    ];
    const sheet = sheetOf(rows, [
      words('Id', ({ id }) => id),
      amount('Took', 'ms', ({ ms }) => ms),
      moment('At', ({ at }) => at),
    ]);
    assert.deepEqual(linesOf(sheet), [
      'Id,Took (ms),At (UTC)',
      'b,1234.5,2026-11-22T10:00:00.000Z',
      'a,,',
    ]);
    assert.deepEqual(sheet.row(2), []);
  });

  it('runs nothing in a spreadsheet, whatever others called their workers and queues', () => {
    const cells = linesOf(queuesSheet([queue('=HYPERLINK("x")', { pending: 3 })], 0))[1] ?? '';
    assert.match(cells, /^"'=HYPERLINK\(""x""\)",,3,0,,$/);
    const formula = fc.constantFrom('=', '+', '-', '@', '\t', '\r');
    fc.assert(
      fc.property(formula, fc.string(), (sign, rest) => {
        const csv = csvOf({ ...workersSheet([worker(sign + rest)]), say: String });
        const [, row = ''] = csv.split(/\r\n([^]*)/);
        assert.ok(row.startsWith("'") || row.startsWith('"\''), row);
      }),
    );
  });

  it('says of a worker what is known, as bare numbers, and nothing where nothing is', () => {
    const known = worker('w', { cpu_percent: 62.5, memory_mb: 512, labels: { zone: 'west' } });
    const [heads = '', row = ''] = linesOf(workersSheet([known]));
    const values = new Map(heads.split(',').map((head, i) => [head, row.split(',')[i]]));
    assert.equal(values.get('CPU (%)'), '62.5');
    assert.equal(values.get('Memory (MB)'), '512');
    assert.equal(values.get('GPU (%)'), '');
    assert.equal(values.get('State'), 'idle');
    assert.equal(values.get('Labels'), 'zone=west');
  });
});
