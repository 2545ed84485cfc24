import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bytes,
  count,
  duration,
  exactTime,
  memory,
  percent,
  rate,
} from '../../../service/protocol/describe.ts';
import { transferRate } from '../../../service/protocol/describeWorkers.ts';
import { locale, numeral, tenths, writeAs } from '../../../service/protocol/intl.ts';
import { csvOf } from '../../../webview/charts/csv.ts';
import { timeLabel } from '../../../webview/charts/axis.ts';
import { clockTime, number } from '../../../webview/format.ts';

const NOON = new Date(2026, 2, 4, 12, 30).getTime();

/** The same numbers on every surface. */
const said = (): string[] => [
  ...[duration(12_400), duration(840), memory(3.25), memory(3_300), bytes(3_500)],
  ...[percent(4.2), percent(1_600), rate(1_234.4), rate(2.5), transferRate(0.3)],
  ...[number(1_234.567), count(1_000, '{0} job', '{0} jobs'), numeral(0.0123, { significant: 2 })],
];

describe('numbers and times', () => {
  afterEach(() => writeAs('en'));

  it('are in English until a window or page says another language', () => {
    assert.equal(locale(), 'en');
    assert.deepEqual(said(), [
      ...['12.4 s', '840 ms', '3.3 MB', '3.2 GB', '3.4 KB'],
      ...['4.2 %', '1,600 %', '1,234 items/s', '2.5 items/s', '0.3 MB/s'],
      ...['1,234.57', '1,000 jobs', '0.012'],
    ]);
  });

  it('are in German in a German window: a comma before the decimals, dots between thousands', () => {
    writeAs('de');
    assert.deepEqual(said(), [
      ...['12,4 s', '840 ms', '3,3 MB', '3,2 GB', '3,4 KB'],
      ...['4,2 %', '1.600 %', '1.234 items/s', '2,5 items/s', '0,3 MB/s'],
      ...['1.234,57', '1.000 jobs', '0,012'],
    ]);
    assert.match(exactTime(NOON), /^Mittwoch, 4\. März 2026 um 12:30:00 /);
    assert.equal(clockTime(NOON, NOON + 86_400_000), '4. März, 12:30');
    assert.equal(timeLabel(NOON, { from: NOON, to: NOON + 30 * 60_000 }), '12:30');
  });

  it('are as the person has them, where that is a kind of the language', () => {
    writeAs('de', () => ['fr-CH', 'de-CH', 'de']);
    assert.equal(locale(), 'de-CH');
    assert.match(tenths(1_234.5), /^1[’']234\.5$/);
    writeAs('en', () => ['de-DE', 'en-GB']);
    assert.equal(clockTime(NOON, NOON), '12:30');
    writeAs('de', () => ['en-GB']);
    assert.equal(locale(), 'de');
  });

  it('are in English where the system names its language as nobody else does', () => {
    writeAs('en', () => ['en-US@posix', 'C']);
    assert.equal(locale(), 'en');
    writeAs('C', () => []);
    assert.equal(locale(), 'en');
  });

  it('are rounded to what was asked for, whatever the number', () => {
    const digits = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), digits, (value, most) => {
        const read = Number(numeral(value, { most }).replaceAll(',', ''));
        assert.ok(Math.abs(read - value) <= 0.5 * 10 ** -most + 1e-6);
      }),
    );
  });

  it('are bare in files for machines, whatever the language', () => {
    writeAs('de');
    const columns = [{ label: 'CPU', unit: '%', kind: 'number' as const }];
    const csv = csvOf({ columns, count: 1, row: () => [1_234.5], say: String });
    assert.equal(csv, 'CPU (%)\r\n1234.5\r\n');
  });
});
